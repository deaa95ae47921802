import { isIP } from 'node:net'
import { canonicalName } from '../record-set.ts'
import { isSpf, LOOKING_UP, MOST_LOOKUPS, parseSpf, termOf, type SpfTerm } from './record.ts'
import { spfSteps, type SpfTree } from './tree.ts'

export type SpfPlan = {
  readonly domain: string
  /** The host that the tenant wants included: `spf.protection.outlook.com`. */
  readonly include: string
  /** Look-ups of that include and of all below it; absent: one. */
  readonly includeLookups?: number
  /** Addresses of the hosts that MX names before the switch: what a bare `mx` means until then. */
  readonly oldMx: readonly string[]
  /** One for each current record that was walked; what is in none is counted without what lies below it. */
  readonly trees: readonly SpfTree[]
}

export type SpfNote = {
  readonly code:
    | 'first'
    | 'several'
    | 'dead'
    | 'pinned'
    | 'pinned-nothing'
    | 'redirect'
    | 'no-all'
    | 'two-all'
    | 'too-many'
    | 'propose'
    | 'wrong'
    | 'covered'
    | 'long'
  readonly says: string
}

export type SpfMerge = {
  /** The one record, joined; null where it cannot be made without a person. */
  readonly text: string | null
  /** Of the whole tree behind it. */
  readonly lookups: number
  readonly notes: readonly SpfNote[]
  /** Terms that are there for the time of the move only, to be taken away at its end. */
  readonly ours: readonly string[]
}

/** Longer answers do not fit into UDP together with the other values of most domains. */
const COMFORTABLE_BYTES = 450

/**
 * One record that lets the tenant send beside everybody who may send now. Nothing is dropped that is not understood, and `mx` of the
 * domain itself becomes the addresses that it means today, as after the switch it would mean others (RFC 7208 §5.4).
 */
export function mergeSpf(current: readonly string[], plan: SpfPlan): SpfMerge {
  const records = current.filter(isSpf).map(parseSpf)
  const wrong = records.flatMap((record) => record.wrong)
  if (wrong.length > 0) {
    const says = `The SPF record of ${plan.domain} has "${wrong.map(({ text }) => text).join('", "')}", which is nothing that SPF knows: receivers take the whole record as invalid. Put it right first.`
    return { text: null, lookups: 0, notes: [{ code: 'wrong', says }], ours: [] }
  }
  const notes: SpfNote[] = []
  const note = (code: SpfNote['code'], says: string): void => void notes.push({ code, says })
  if (records.length > 1)
    note('several', `There are ${records.length} SPF records, which makes all of them invalid (RFC 7208 §4.5). They become one.`)

  const { mechanisms, all, modifiers } = union(
    records.map(({ terms }) => terms),
    note,
  )
  const ours: string[] = []
  const pinned = mechanisms.flatMap((term) => pin(term, plan, ours, note))
  const covered = covering(plan)
  if (covered !== null) note('covered', `${plan.include} may send already (${covered}).`)
  const at = pinned.findIndex(({ kind }) => kind === 'include')
  const place = at === -1 ? pinned.length : at
  const merged = covered === null ? pinned.toSpliced(place, 0, termOf(`include:${canonicalName(plan.include)}`)) : pinned
  const redirects = modifiers.some(({ kind }) => kind === 'redirect')
  if (all === null && !redirects) note('no-all', 'The record says nothing about everybody else; "~all" is added until the move is done.')
  const closing = all ?? (redirects ? null : termOf('~all'))
  const terms = unique([...merged, ...(closing === null ? [] : [closing]), ...modifiers])
  const text = ['v=spf1', ...terms.map((term) => term.text)].join(' ')
  const lookups = terms.reduce((sum, term) => sum + costOf(term, plan), 0)
  if (lookups > MOST_LOOKUPS) {
    note('too-many', `SPF of ${plan.domain} would lead to ${lookups} look-ups, and receivers stop at ${MOST_LOOKUPS}: mail would fail it.`)
    for (const says of proposals(terms, plan)) note('propose', says)
  }
  if (text.length > COMFORTABLE_BYTES)
    note('long', `The record has ${text.length} bytes; answers above ${COMFORTABLE_BYTES} often do not fit into UDP.`)
  return { text, lookups, notes, ours }
}

/** All TXT values of a name with the one SPF record in the place of those that were there; every other value as it was. */
export function withSpf(values: readonly string[], text: string): readonly string[] {
  const at = values.findIndex(isSpf)
  const others = values.filter((value) => !isSpf(value))
  const before = at === -1 ? others.length : values.slice(0, at).filter((value) => !isSpf(value)).length
  return others.toSpliced(before, 0, text)
}

type Noting = (code: SpfNote['code'], says: string) => void
type Union = { readonly mechanisms: readonly SpfTerm[]; readonly all: SpfTerm | null; readonly modifiers: readonly SpfTerm[] }

/** What several records say together, in the order of first appearance; `all` and modifiers by themselves, as they go last. */
function union(records: readonly (readonly SpfTerm[])[], note: Noting): Union {
  const alls = unique(records.flatMap((terms) => terms.filter(({ kind }) => kind === 'all').slice(0, 1)))
  const [all = null] = alls
  if (alls.length > 1) note('two-all', `The records end in ${alls.map(({ text }) => text).join(' and ')}; the first is kept.`)
  const mechanisms: SpfTerm[] = []
  const modifiers: SpfTerm[] = []
  for (const terms of records) {
    const own = terms.findIndex(({ kind }) => kind === 'all')
    for (const [at, term] of terms.entries()) {
      if (at === own) continue
      if (own !== -1 && at > own && !isModifier(term)) {
        note('dead', `"${term.text}" stands behind "all", where nothing is looked at, and is left out.`)
        continue
      }
      if (!isModifier(term)) mechanisms.push(term)
      else if (term.kind !== 'redirect') modifiers.push(term)
      else if (own !== -1) note('redirect', `"${term.text}" does nothing beside "all" and is left out.`)
      else if (all !== null || modifiers.some(({ kind, text }) => kind === 'redirect' && text !== term.text)) {
        mechanisms.push(termOf(`include:${term.value}`))
        note('redirect', `"${term.text}" of one of the records becomes an include, as another one ends otherwise.`)
      } else modifiers.push(term)
    }
  }
  // `redirect` goes last, where people expect it.
  return {
    mechanisms: unique(mechanisms),
    all,
    modifiers: unique(modifiers).toSorted((a, b) => Number(a.kind === 'redirect') - Number(b.kind === 'redirect')),
  }
}

function isModifier({ kind }: SpfTerm): boolean {
  return kind === 'redirect' || kind === 'exp' || kind === 'modifier'
}

function unique(terms: readonly SpfTerm[]): readonly SpfTerm[] {
  const seen = new Set<string>()
  return terms.filter(({ text }) => {
    const same = text.toLowerCase().replace(/^\+/, '')
    return seen.has(same) ? false : seen.add(same).size > 0
  })
}

/** The addresses that `mx` of the domain itself means before the switch; any other term as it is. */
function pin(term: SpfTerm, plan: SpfPlan, ours: string[], note: Noting): readonly SpfTerm[] {
  if (
    term.kind !== 'mx' ||
    (term.value !== '' &&
      term.value
        .replaceAll(/%\{[do]\}/gi, plan.domain)
        .replace(/\.$/, '')
        .toLowerCase() !== canonicalName(plan.domain))
  )
    return [term]
  if (plan.oldMx.length === 0) {
    note('pinned-nothing', `"${term.text}" is kept: the addresses of the present MX hosts are not known. After the switch it means others.`)
    return [term]
  }
  const sign = term.qualifier === '+' ? '' : term.qualifier
  const [, four = '', six = ''] = /^(\/\d+)?(?:\/(\/\d+))?$/.exec(term.prefix) ?? []
  const pinned = plan.oldMx.map((address) => termOf(isIP(address) === 6 ? `${sign}ip6:${address}${six}` : `${sign}ip4:${address}${four}`))
  ours.push(...pinned.map(({ text }) => text))
  note(
    'pinned',
    `"${term.text}" becomes ${pinned.map(({ text }) => text).join(' ')}: after the switch it would mean the new hosts. To be taken away when the old side is quiet.`,
  )
  return pinned
}

/** By what the tenant may send already. */
function covering({ include, trees }: SpfPlan): string | null {
  const wanted = canonicalName(include)
  for (const { root } of trees)
    for (const step of root.steps) {
      if (step.term.qualifier !== '+') continue
      if (step.term.kind === 'include' && step.target === wanted) return `"${step.term.text}"`
      const below = step.child === null ? [] : spfSteps(step.child)
      if (below.some(({ term, target }) => term.kind === 'include' && term.qualifier === '+' && target === wanted))
        return `below "${step.term.text}"`
    }
  return null
}

function costOf(term: SpfTerm, { trees, include, includeLookups = 1 }: SpfPlan): number {
  if (!LOOKING_UP.has(term.kind)) return 0
  const known = stepsOf(trees).find((step) => same(step.term.text, term.text))
  if (known !== undefined) return known.lookups
  return term.kind === 'include' && term.value.toLowerCase() === canonicalName(include) ? includeLookups : 1
}

/** What would save look-ups, in the order in which it is safe. */
function proposals(terms: readonly SpfTerm[], plan: SpfPlan): readonly string[] {
  const steps = stepsOf(plan.trees).filter((step) => terms.some(({ text }) => same(text, step.term.text)))
  const nested = steps.filter(
    ({ term, target }) =>
      term.kind === 'include' &&
      steps.some(({ child }) => child !== null && spfSteps(child).some((one) => one.target === target && one.term.kind === 'include')),
  )
  const plain = steps.filter(({ term, addresses }) => (term.kind === 'mx' || term.kind === 'a') && addresses.length > 0)
  const dead = steps.filter(({ state, term }) => state === 'dead' && term.kind === 'include')
  return [
    ...nested.map(({ term, lookups }) => `Leave out "${term.text}", as another include has it already: saves ${lookups}.`),
    ...plain.map(
      ({ term, addresses }) =>
        `Write ${addresses.map((one) => `${isIP(one) === 6 ? 'ip6' : 'ip4'}:${one}`).join(' ')} in the place of "${term.text}": saves 1.`,
    ),
    ...steps
      .filter(({ term }) => term.kind === 'ptr')
      .map(({ term }) => `Leave out "${term.text}", which most receivers do not look at: saves 1.`),
    ...dead.map(({ term, lookups }) => `Leave out "${term.text}", behind which there is nothing: saves ${lookups}.`),
    'Ask who of these senders is still used, and move rarely used ones to a subdomain of their own.',
    'As the last resort write the addresses of an include in its place: that will rot, as its owner changes them without telling.',
  ]
}

function stepsOf(trees: readonly SpfTree[]): readonly SpfTree['root']['steps'][number][] {
  return trees.flatMap(({ root }) => root.steps)
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}
