import { presented, sameSet, txtStrings, zoneLines, type RecordSet, type RecordType } from '../record-set.ts'
import { relativeName } from '../presentation.ts'
import type { Swap } from '../update-message.ts'

/** A field of a form in a panel: what it is called there, and what is typed into it. */
export type Field = { readonly label: string; readonly value: string; readonly was: string | null }
/** One record that a person adds, edits or deletes. */
export type Step = {
  readonly does: 'add' | 'edit' | 'delete'
  readonly type: RecordType
  /** The whole name; the form mostly wants `host` instead, within the zone and `@` for the zone itself. */
  readonly name: string
  readonly host: string
  readonly fields: readonly Field[]
  readonly ttlSeconds: number
}
/** What a person does, and what would take it back. */
export type ManualTask = {
  /** Shown and kept before anything is changed. */
  readonly putBack: readonly Step[]
  readonly forward: readonly Step[]
  /** All sets as they shall be, as a zone file has them; what goes stands in comments. */
  readonly zoneFile: string
}

/** The swaps as work for a person: what stands in the way of a CNAME goes first, MX is changed last. */
export function manualTask(zone: string, swaps: readonly Swap[]): ManualTask {
  const backwards = swaps.map((swap) => ({ ...swap, before: swap.after, after: swap.before }))
  return { putBack: stepsOf(zone, backwards), forward: stepsOf(zone, swaps), zoneFile: snippet(swaps) }
}

function stepsOf(zone: string, swaps: readonly Swap[]): readonly Step[] {
  return swaps.toSorted((a, b) => rank(a) - rank(b)).flatMap((swap) => stepsOfSet(zone, swap))
}

function rank({ type, after }: Swap): number {
  if (type === 'MX') return 4
  if (type === 'TXT') return 3
  return type === 'CNAME' && after !== null ? 1 : after === null ? 0 : 2
}

/** A record that goes is edited into one that comes, so that mail always finds one. */
function stepsOfSet(zone: string, { name, type, before, after }: Swap): readonly Step[] {
  if (sameSet(before, after, 'counts')) return []
  const common = { type, name, host: relativeName(name, zone), ttlSeconds: (after ?? before)?.ttlSeconds ?? 0 }
  const gone = without(before, after)
  const come = without(after, before)
  const pairs = come.map((data, at) => ({ data, was: gone[at] ?? null }))
  const kept = before === null || after === null || before.ttlSeconds === after.ttlSeconds ? [] : without(after, { ...after, data: come })
  return [
    ...pairs.map(({ data, was }): Step => ({ ...common, does: was === null ? 'add' : 'edit', fields: fieldsOf(type, data, was) })),
    ...kept.map((data): Step => ({ ...common, does: 'edit', fields: fieldsOf(type, data, data) })),
    ...gone.slice(come.length).map((data): Step => ({ ...common, does: 'delete', fields: fieldsOf(type, data, null) })),
  ]
}

function without(set: RecordSet | null, other: RecordSet | null): readonly string[] {
  return (set?.data ?? []).filter((one) => other?.data.includes(one) !== true)
}

const LABELS: Readonly<Partial<Record<RecordType, readonly string[]>>> = {
  MX: ['Priority', 'Mail server'],
  SRV: ['Priority', 'Weight', 'Port', 'Target'],
  CNAME: ['Target'],
  NS: ['Name server'],
  A: ['Address'],
  AAAA: ['Address'],
  CAA: ['Flags', 'Tag', 'Value'],
  TLSA: ['Usage', 'Selector', 'Matching type', 'Data'],
}

function fieldsOf(type: RecordType, data: string, was: string | null): readonly Field[] {
  const labels = LABELS[type] ?? ['Value']
  const split = (text: string): readonly string[] => {
    if (labels.length === 1) return [type === 'TXT' ? Buffer.from(text, 'latin1').toString('utf8') : text]
    const words = text.split(' ')
    const last = words.slice(labels.length - 1).join(' ')
    return [...words.slice(0, labels.length - 1), type === 'CAA' ? last.replaceAll('"', '') : last]
  }
  const old = was === null ? [] : split(was)
  return split(data).map((value, at) => ({ label: labels[at] ?? '', value, was: old[at] ?? null }))
}

function snippet(swaps: readonly Swap[]): string {
  const lines = swaps.flatMap(({ before, after }) => [
    ...(before === null ? [] : zoneLines({ ...before, data: without(before, after) }).map((line) => `; delete ${line}`)),
    ...(after === null ? [] : zoneLines(after)),
  ])
  return `${lines.join('\n')}\n`
}

const MOST_PANELS = 'Most panels want the host as it is written here; @ stands for the domain itself, and some want it empty instead.'
const DOTS = 'If the panel adds the domain to what is typed, end names with a dot.'

/** The task as text: how to put it back, then what to do, then the same for panels that read zone files. */
export function taskText(task: ManualTask): string {
  return [
    'Keep this first. To put everything back as it is now:',
    ...task.putBack.flatMap(stepLines),
    '',
    'Now change this:',
    ...task.forward.flatMap(stepLines),
    '',
    MOST_PANELS,
    DOTS,
    '',
    'The same as a zone file:',
    task.zoneFile.trimEnd(),
  ].join('\n')
}

const WORDS = { add: 'Add', edit: 'Edit', delete: 'Delete' } as const

function stepLines({ does, type, name, host, fields, ttlSeconds }: Step, at: number): readonly string[] {
  const rows: (readonly [string, string])[] = [
    ['Type', type],
    ['Host', host === '@' ? `@   (${name} itself)` : `${host}   (${name})`],
  ]
  for (const { label, value, was } of fields) rows.push([label, was === null || was === value ? value : `${value}   (now: ${was})`])
  if (type === 'TXT' && fields.some(({ value }) => Buffer.byteLength(value) > 255))
    rows.push([
      'Strings',
      fields
        .flatMap(({ value }) => txtStrings(value))
        .map((one) => presented('TXT', one))
        .join(' '),
    ])
  if (does !== 'delete') rows.push(['TTL', `${ttlSeconds} seconds (${inWords(ttlSeconds)})`])
  return [`${at + 1}. ${WORDS[does]} this record:`, ...rows.map(([label, value]) => `     ${label.padEnd(14)}${value}`)]
}

function inWords(seconds: number): string {
  const units = [
    [86_400, 'day'],
    [3600, 'hour'],
    [60, 'minute'],
  ] as const
  for (const [length, unit] of units)
    if (seconds >= length && seconds % length === 0) return `${seconds / length} ${unit}${seconds === length ? '' : 's'}`
  return seconds === 1 ? '1 second' : `${seconds} seconds`
}
