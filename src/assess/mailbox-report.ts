import type { AssessedFolder, AssessedMailbox, MessageTrouble, OddDates } from './assessment.ts'
import { TROUBLE_OUTCOMES } from './assessment.ts'
import { estimate, exactly, together } from './chance.ts'
import type { FolderLook } from './book.ts'
import type { FolderFigures } from './folder-figures.ts'
import type { MailboxLook } from './read-mailbox.ts'
import { troubleSays } from './trouble-says.ts'

/** Who a mailbox is, as the list says. */
export type MailboxWho = Pick<AssessedMailbox, 'name' | 'source' | 'target' | 'kind' | 'batch' | 'vip'>

export type RiskTerms = { readonly mailboxBytes: number; readonly deletedBytes: number }
export const USUAL_RISKS: RiskTerms = { mailboxBytes: 50e9, deletedBytes: 30e9 }

const BIGGEST_TOLD = 5
const EXAMPLES_TOLD = 5
const GB = 1e9

/** What was seen of a mailbox, as people read it. */
export function mailboxReport(who: MailboxWho, look: MailboxLook, risks: RiskTerms): AssessedMailbox {
  const folders = foldersOf(look)
  const looked = folders.flatMap(({ key, folder }) => {
    const seen = key === null ? undefined : look.folders.get(key)
    return seen === undefined ? [] : [{ folder, look: seen }]
  })
  const sum = (of: (figures: FolderFigures) => number): number => looked.reduce((total, one) => total + of(one.look.figures), 0)
  const deletedBytes = looked.filter(({ folder }) => folder.role === 'trash').reduce((total, one) => total + one.look.figures.bytes, 0)
  const messages = sum(({ messages: one }) => one)
  const bytes = sum(({ bytes: one }) => one)
  const read = { messages: sum(({ readMessages }) => readMessages), bytes: sum(({ readBytes }) => readBytes) }
  const oversize = { messages: sum(({ oversize: one }) => one), bytes: sum(({ oversizeBytes }) => oversizeBytes) }
  const doubles = looked.map(({ look: one }) => one.doubles ?? { messages: 0, bytes: 0 })
  return {
    ...who,
    failure: look.failure === null ? null : { code: look.failure.code, message: look.failure.message, help: look.failure.help },
    messages,
    bytes,
    folders: folders.map(({ folder }) => folder),
    quota: quotaOf(look),
    deletedBytes,
    markedDeleted: sum(({ markedDeleted }) => markedDeleted),
    oldestAt: extreme(looked, ({ oldestAt }) => oldestAt, Math.min),
    newestAt: extreme(looked, ({ newestAt }) => newestAt, Math.max),
    biggest: looked
      .flatMap(({ folder, look: one }) => one.figures.biggest.map((message) => ({ folder: folder.source, ...message })))
      .toSorted((a, b) => b.bytes - a.bytes)
      .slice(0, BIGGEST_TOLD),
    oversize,
    aboveUsual: sum(({ large }) => large),
    doubles: {
      messages: doubles.reduce((total, one) => total + one.messages, 0),
      bytes: doubles.reduce((total, one) => total + one.bytes, 0),
      how: read.messages >= messages - oversize.messages ? 'content' : 'listing',
    },
    dates: datesOf(sum),
    read,
    troubles: troublesOf(who.name, looked, oversize.messages),
    risks: risksOf(who, bytes, deletedBytes, risks),
    notes: look.warnings,
    forecastMs: null,
  }
}

type Told = { readonly key: string | null; readonly folder: AssessedFolder }

function foldersOf({ plan, folders }: MailboxLook): readonly Told[] {
  if (plan === null) return []
  const copied = plan.folders.map((planned) => {
    const { source } = planned
    const figures = folders.get(source.name)?.figures
    return {
      key: source.name,
      folder: {
        source: source.path.join('/'),
        target: planned.path.join('/'),
        role: planned.role,
        reasons: planned.reasons,
        messages: figures?.messages ?? source.status?.messages ?? null,
        bytes: figures?.bytes ?? source.status?.sizeBytes ?? null,
      },
    }
  })
  const left = plan.leftOut.map(({ folder, reason }) => ({
    key: null,
    folder: {
      source: folder.path.join('/'),
      target: null,
      role: null,
      reasons: [reason],
      messages: folder.status?.messages ?? null,
      bytes: folder.status?.sizeBytes ?? null,
    },
  }))
  return [...copied, ...left]
}

/** Several quotas may count the same mail: the one with the least room left is told. */
function quotaOf({ quotas }: MailboxLook): AssessedMailbox['quota'] {
  const storage = (quotas ?? []).flatMap(({ resources }) =>
    resources.filter(({ name, limit }) => name.toUpperCase() === 'STORAGE' && limit > 0),
  )
  const tightest = storage.toSorted((a, b) => b.used / b.limit - a.used / a.limit)[0]
  return tightest === undefined ? null : { usedBytes: tightest.used, limitBytes: tightest.limit }
}

type Looked = readonly { readonly folder: AssessedFolder; readonly look: FolderLook }[]

function extreme(looked: Looked, of: (figures: FolderFigures) => number | null, pick: (...values: number[]) => number): number | null {
  const values = looked.flatMap(({ look }) => of(look.figures) ?? [])
  return values.length === 0 ? null : pick(...values)
}

function datesOf(sum: (of: (figures: FolderFigures) => number) => number): OddDates {
  return {
    missing: sum(({ missingDates }) => missingDates),
    inFuture: sum(({ future }) => future),
    tooOld: sum(({ tooOld }) => tooOld),
    imported: sum(({ imported }) => imported),
  }
}

/** By what was read, for all; what is too large is known of every message without reading it. */
function troublesOf(mailbox: string, looked: Looked, oversize: number): readonly MessageTrouble[] {
  const total = looked.reduce((sum, { look }) => sum + look.figures.messages - look.figures.oversize, 0)
  const read = looked.reduce((sum, { look }) => sum + look.figures.readMessages, 0)
  const found = looked.flatMap(({ folder, look }) =>
    Object.values(look.figures.troubles).map((trouble) => ({
      ...trouble,
      examples: trouble.examples.map((example) => ({ mailbox, folder: folder.source, ...example })),
    })),
  )
  const troubles: MessageTrouble[] = [...Map.groupBy(found, ({ code, outcome }) => `${outcome} ${code}`).values()].flatMap((group) => {
    const [first] = group
    if (first === undefined) return []
    const seen = group.reduce((sum, one) => sum + one.seen, 0)
    const examples = group.flatMap((one) => one.examples).slice(0, EXAMPLES_TOLD)
    const { code, outcome } = first
    return [{ code, outcome, says: troubleSays(code, outcome), messages: estimate(seen, read, total), examples }]
  })
  if (oversize > 0) troubles.push(tooLarge(mailbox, looked, oversize))
  return worstFirst(troubles)
}

function tooLarge(mailbox: string, looked: Looked, oversize: number): MessageTrouble {
  const examples = looked.flatMap(({ folder, look: { figures } }) =>
    figures.biggest.slice(0, figures.oversize).map(({ uid, bytes }) => ({ mailbox, folder: folder.source, uid, bytes })),
  )
  const [code, outcome] = ['message-too-large', 'refused'] as const
  return { code, outcome, says: troubleSays(code, outcome), messages: exactly(oversize), examples: examples.slice(0, EXAMPLES_TOLD) }
}

/** The same kinds of all mailboxes together. */
export function allTroubles(mailboxes: readonly Pick<AssessedMailbox, 'troubles'>[]): readonly MessageTrouble[] {
  const groups = Map.groupBy(
    mailboxes.flatMap(({ troubles }) => troubles),
    ({ code, outcome }) => `${outcome} ${code}`,
  )
  return worstFirst(
    [...groups.values()].flatMap((group) => {
      const [first] = group
      if (first === undefined) return []
      const examples = group.flatMap((one) => one.examples).slice(0, EXAMPLES_TOLD)
      return [{ ...first, messages: together(group.map(({ messages }) => messages)), examples }]
    }),
  )
}

function worstFirst(troubles: readonly MessageTrouble[]): readonly MessageTrouble[] {
  const rank = ({ outcome }: MessageTrouble): number => TROUBLE_OUTCOMES.indexOf(outcome)
  return troubles.toSorted((a, b) => rank(a) - rank(b) || b.messages.likely - a.messages.likely)
}

function risksOf({ vip }: MailboxWho, bytes: number, deletedBytes: number, risks: RiskTerms): readonly string[] {
  return [
    ...(vip ? ['A person who is looked after first.'] : []),
    ...(bytes >= risks.mailboxBytes ? [`It holds ${shown(bytes)}: it takes longest, and Outlook needs long to show it.`] : []),
    ...(deletedBytes >= risks.deletedBytes ? [`Deleted items hold ${shown(deletedBytes)}: ask whether they are needed.`] : []),
  ]
}

function shown(bytes: number): string {
  const [factor, unit] = bytes >= GB ? [GB, 'GB'] : [1e6, 'MB']
  const value = bytes / factor
  return `${value >= 10 ? Math.round(value) : Math.round(value * 10) / 10} ${unit}`
}
