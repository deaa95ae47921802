import { quote, textOf, textsOf, type Command } from './command.ts'
import { statusLine, wireName } from './commands-folder.ts'
import { decodeName } from './modified-utf7.ts'
import { isExchange } from './personality.ts'
import type { HandlerTable, Session } from './session.ts'

/** LIST with its extensions (RFC 5258, 5819, 6154) where the server has them, and LSUB. */
export const LIST_COMMANDS: HandlerTable = {
  LIST: { needs: 'sign-in', run: list },
  LSUB: {
    needs: 'sign-in',
    run: (session, command) => {
      const pattern = matcher(session, [textOf(command.arguments[1]) ?? '*'], textOf(command.arguments[0]) ?? '')
      for (const folder of session.store.folders())
        if (folder.subscribed && folder.kind !== 'unlisted' && pattern(folder.name))
          session.untagged(`LSUB () ${quote(session.store.separator)} ${wireName(session, folder.name)}`)
      session.ok(command)
    },
  },
}

function list(session: Session, command: Command): void {
  const { personality, store } = session
  const extended = personality.postLogin.includes('LIST-EXTENDED')
  let [first, second, third] = command.arguments
  let selection: readonly string[] = []
  if (first?.kind === 'list') {
    selection = textsOf(first).map((word) => word.toUpperCase())
    ;[, first, second, third] = command.arguments
  }
  const returns = textOf(third)?.toUpperCase() === 'RETURN' ? command.arguments.at(-1) : undefined
  const multiple = second?.kind === 'list'
  if (!extended && (selection.length > 0 || third !== undefined || multiple)) return session.refuse(command, 'not-supported')
  const reference = textOf(first)
  if (reference === null || second === undefined) return session.refuse(command, 'syntax')
  if (!multiple && textOf(second) === '') {
    session.untagged(`LIST (\\Noselect) ${quote(store.separator)} ""`)
    return session.ok(command)
  }
  const wanted = new Set((returns?.kind === 'list' ? textsOf(returns) : []).map((word) => word.toUpperCase()))
  const statusItems = statusReturn(returns)
  const matches = matcher(session, textsOf(second), reference)
  const root = personality.oddities?.refusesRootPattern === true && [reference, ...textsOf(second)].some((text) => text.startsWith('/'))
  const folders = root ? [] : store.folders()
  const parents = new Set(folders.map((folder) => folder.name.slice(0, Math.max(0, folder.name.lastIndexOf(store.separator)))))
  for (const folder of folders) {
    if (folder.kind === 'unlisted' || !matches(folder.name)) continue
    if (selection.includes('SUBSCRIBED') && !folder.subscribed) continue
    if (selection.includes('SPECIAL-USE') && folder.specialUse === '') continue
    const attributes = [parents.has(folder.name) ? '\\HasChildren' : '\\HasNoChildren']
    if (!folder.selectable) attributes.unshift('\\Noselect')
    if (personality.oddities?.childlessInbox === true && /^inbox$/i.test(folder.name)) attributes.push('\\NoInferiors')
    if (folder.specialUse !== '' && showsSpecialUse(session)) attributes.push(folder.specialUse)
    if (folder.subscribed && (wanted.has('SUBSCRIBED') || selection.includes('SUBSCRIBED'))) attributes.push('\\Subscribed')
    session.untagged(`LIST (${attributes.join(' ')}) ${quote(store.separator)} ${wireName(session, folder.name)}`)
    if (statusItems !== null && folder.selectable) {
      const status = statusLine(session, folder, statusItems)
      if (status !== null) session.untagged(status)
    }
  }
  session.ok(command)
}

/** Exchange shows the attributes of some mailboxes only. */
function showsSpecialUse(session: Session): boolean {
  return session.personality.name !== 'courier' && session.personality.oddities?.hidesSpecialUse !== true && !session.store.hidesSpecialUse
}

function statusReturn(returns: Command['arguments'][number] | undefined): readonly string[] | null {
  if (returns?.kind !== 'list') return null
  const at = returns.items.findIndex((item) => textOf(item)?.toUpperCase() === 'STATUS')
  return at < 0 ? null : textsOf(returns.items[at + 1])
}

/** Tells whether a display name matches one of the patterns: `*` any characters, `%` within a level. */
function matcher(session: Session, patterns: readonly string[], reference: string): (name: string) => boolean {
  const { separator } = session.store
  const sources = patterns.map((pattern) =>
    decodeName(reference + pattern).replace(/[.*%+?^${}()|[\]\\]/g, (char) => {
      if (char === '*') return '.*'
      return char === '%' ? `[^\\${separator}]*` : `\\${char}`
    }),
  )
  const insensitive = isExchange(session.personality)
  const expressions = sources.map((source) => new RegExp(`^(?:${source})$`, insensitive ? 'is' : 's'))
  return (name) => expressions.some((expression) => expression.test(name) || (/^inbox$/i.test(name) && expression.test('INBOX')))
}
