import { Failure } from '../model/failure.ts'
import { readControl, writeControl, type Wish } from './control.ts'
import type { Moving } from './transfer-status.ts'

/** Whom a word is about; neither mailboxes nor batches: everybody. */
export type Whom = { readonly mailboxes: readonly string[]; readonly batches: readonly string[] }

export type HoldInput = {
  readonly stateDir: string
  /** Those that move; null: names are taken as they are given. */
  readonly known: readonly Moving[] | null
  readonly whom: Whom
  readonly by: string
  readonly reason: string
  readonly now: number
}

/** Holds the copying of these back, from this moment: a running pass ends after what is in flight. Returns all wishes that hold now. */
export async function holdTransfer(input: HoldInput, wish: Wish['wish']): Promise<readonly Wish[]> {
  if (input.by.trim() === '') throw new Failure('bad-input', 'Say who wants that with --name: it is kept, so that others know whom to ask.')
  const about = namesOf(input)
  const rest = readControl(input.stateDir).filter((one) => !about.some((each) => isSame(each, one)))
  const { by, reason, now: at } = input
  const wishes = [...rest, ...about.map((each): Wish => ({ ...each, wish, by: by.trim(), reason: reason.trim(), at }))]
  await writeControl(input.stateDir, wishes)
  return wishes
}

/** Lets these go on: what was said of them, and with nobody named what was said of anybody. Returns what still holds. */
export async function releaseTransfer(input: Pick<HoldInput, 'stateDir' | 'known' | 'whom'>): Promise<readonly Wish[]> {
  const about = namesOf(input)
  const isAll = about.some(({ scope }) => scope === 'all')
  const before = readControl(input.stateDir)
  const wishes = isAll ? [] : before.filter((one) => !about.some((each) => isSame(each, one)))
  if (!isAll && wishes.length === before.length && before.length > 0) {
    const others = before.map(({ scope, name }) => (scope === 'all' ? 'everybody' : `${scope} ${name}`)).join(', ')
    throw new Failure('bad-input', `Nothing was said of ${about.map(({ name }) => name).join(', ')} itself. Held back: ${others}.`)
  }
  await writeControl(input.stateDir, wishes)
  return wishes
}

type About = Pick<Wish, 'scope' | 'name'>

function namesOf({ known, whom }: Pick<HoldInput, 'known' | 'whom'>): readonly About[] {
  const { mailboxes, batches } = whom
  if (mailboxes.length + batches.length === 0) return [{ scope: 'all', name: '' }]
  const same = (a: string | null, b: string): boolean => a?.toLowerCase() === b.toLowerCase()
  const strangeBatch = known === null ? undefined : batches.find((name) => !known.some(({ batch }) => same(batch, name)))
  if (strangeBatch !== undefined) {
    const all = [...new Set((known ?? []).flatMap(({ batch }) => (batch === null ? [] : [batch])))].join(', ')
    throw new Failure('bad-input', `There is no batch "${strangeBatch}"${all === '' ? '' : `: there are ${all}`}.`)
  }
  const found = mailboxes.map((word): About => {
    if (known === null) return { scope: 'mailbox', name: word }
    const one = known.find(({ name, target }) => same(name, word) || same(target, word))
    if (one === undefined) throw new Failure('bad-input', `No mailbox that moves is called "${word}".`)
    return { scope: 'mailbox', name: one.target }
  })
  return [...batches.map((name): About => ({ scope: 'batch', name })), ...found]
}

function isSame(a: About, b: About): boolean {
  return a.scope === b.scope && a.name.toLowerCase() === b.name.toLowerCase()
}
