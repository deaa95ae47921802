import { expandSpf } from './macro.ts'
import { isSpf, LOOKING_UP, MOST_LOOKUPS, MOST_VOIDS, parseSpf, type SpfTerm } from './record.ts'

/** What one question finds: `nothing` where the name or the type is not there, `failed` where no answer came. */
export type SpfFound = { readonly status: 'found' | 'nothing' | 'failed'; readonly data: readonly string[] }
/** How the records behind a record are found; CNAMEs are followed there. `data` as in a `RecordSet`. */
export type SpfLookup = (name: string, type: 'TXT' | 'A' | 'AAAA' | 'MX') => Promise<SpfFound>

export type SpfStep = {
  readonly term: SpfTerm
  /** The name that is looked up; null where none is, or where it depends on who sends. */
  readonly target: string | null
  /** Of the term and of everything below it. */
  readonly lookups: number
  readonly voids: number
  /** Of `a` and `mx`. */
  readonly addresses: readonly string[]
  /** `dead`: there is nothing behind it. */
  readonly state: 'fine' | 'dead' | 'failed'
  readonly child: SpfNode | null
}
export type SpfNode = { readonly domain: string; readonly text: string; readonly steps: readonly SpfStep[] }
export type SpfProblem = {
  readonly code:
    | 'unknown-term'
    | 'loop'
    | 'lookups'
    | 'voids'
    | 'no-record'
    | 'several-records'
    | 'many-mx'
    | 'ptr'
    | 'unanswered'
    | 'pass-all'
  /** Whose record has it. */
  readonly domain: string
  readonly says: string
}
/** Everything that a record leads to. `lookups` and `voids` are those of a sender that nothing matches, which sees all of it. */
export type SpfTree = {
  readonly root: SpfNode
  readonly lookups: number
  readonly voids: number
  readonly problems: readonly SpfProblem[]
}

/** A record that leads to more than this is broken anyway; nobody shall make us ask for ever. */
const MOST_STEPS = 120
/** Hosts of one `mx` (RFC 7208 §4.6.4). */
const MOST_EXCHANGERS = 10

/** Walks everything that the record of a domain leads to, also what lies behind the tenth look-up. Never throws but for `lookup`. */
export async function walkSpf(domain: string, text: string, lookup: SpfLookup): Promise<SpfTree> {
  const problems: SpfProblem[] = []
  const walk = new Walk(domain, lookup, problems)
  const root = await walk.node(domain, text, [])
  const lookups = sum(root.steps, (step) => step.lookups)
  const voids = sum(root.steps, (step) => step.voids)
  if (lookups > MOST_LOOKUPS)
    problems.push({ code: 'lookups', domain, says: `It leads to ${lookups} look-ups, and receivers stop at ${MOST_LOOKUPS}.` })
  if (voids > MOST_VOIDS)
    problems.push({ code: 'voids', domain, says: `${voids} of its look-ups find nothing, and receivers stop at ${MOST_VOIDS}.` })
  return { root, lookups, voids, problems }
}

/** All terms of a tree, the record's own first. */
export function spfSteps(node: SpfNode): readonly SpfStep[] {
  return node.steps.flatMap((step) => [step, ...(step.child === null ? [] : spfSteps(step.child))])
}

class Walk {
  readonly #sender: string
  readonly #lookup: SpfLookup
  readonly #problems: SpfProblem[]
  #left = MOST_STEPS

  constructor(sender: string, lookup: SpfLookup, problems: SpfProblem[]) {
    this.#sender = sender
    this.#lookup = lookup
    this.#problems = problems
  }

  async node(domain: string, text: string, above: readonly string[]): Promise<SpfNode> {
    const { terms, wrong } = parseSpf(text)
    for (const term of wrong) this.#problem('unknown-term', domain, `"${term.text}" is nothing that SPF knows.`)
    const all = terms.findIndex(({ kind }) => kind === 'all')
    // Nothing behind `all` is looked at, and `redirect` not at all where there is one (RFC 7208 §5.1).
    const seen = all === -1 ? terms : terms.slice(0, all + 1).filter(({ kind }) => kind !== 'redirect')
    const everybody = seen.find(({ kind, qualifier }) => kind === 'all' && qualifier === '+')
    if (everybody !== undefined) this.#problem('pass-all', domain, `"${everybody.text}" lets everybody send.`)
    const steps = await Promise.all(seen.map((term) => this.#step(term, domain, [...above, domain])))
    return { domain, text, steps }
  }

  async #step(term: SpfTerm, domain: string, path: readonly string[]): Promise<SpfStep> {
    const lookups = LOOKING_UP.has(term.kind) ? 1 : 0
    const plain: SpfStep = { term, target: null, lookups, voids: 0, addresses: [], state: 'fine', child: null }
    if (lookups === 0) return plain
    if (term.kind === 'ptr') this.#problem('ptr', domain, '"ptr" is slow, and receivers are told not to use it (RFC 7208 §5.5).')
    const target = term.value === '' ? (term.kind === 'include' ? null : domain) : expandSpf(term.value, domain, this.#sender)
    if (target === null || term.kind === 'ptr' || this.#left-- <= 0) return plain
    if (term.kind === 'include' || term.kind === 'redirect') return this.#below({ ...plain, target }, domain, path)
    if (term.kind === 'mx') return this.#exchangers({ ...plain, target }, domain)
    const found = await this.#addresses(target, term.kind === 'exists' ? ['A'] : ['A', 'AAAA'], domain)
    return { ...plain, target, addresses: found.addresses, state: found.state, voids: found.state === 'dead' ? 1 : 0 }
  }

  async #below(step: SpfStep & { readonly target: string }, domain: string, path: readonly string[]): Promise<SpfStep> {
    const { term, target } = step
    if (path.includes(target)) {
      this.#problem('loop', domain, `"${term.text}" leads back to ${target}, which never ends.`)
      return step
    }
    const found = await this.#lookup(target, 'TXT')
    if (found.status === 'failed') {
      this.#problem('unanswered', domain, `Nothing was answered about ${target} ("${term.text}").`)
      return { ...step, state: 'failed' }
    }
    const [text, another] = found.data.filter(isSpf)
    if (text === undefined) {
      this.#problem('no-record', domain, `"${term.text}": ${target} has no SPF record, which makes all of it invalid.`)
      return { ...step, state: 'dead', voids: found.status === 'nothing' ? 1 : 0 }
    }
    if (another !== undefined) this.#problem('several-records', target, `${target} has more than one SPF record.`)
    const child = await this.node(target, text, path)
    return {
      ...step,
      child,
      lookups: 1 + sum(child.steps, (one) => one.lookups),
      voids: sum(child.steps, (one) => one.voids),
    }
  }

  async #exchangers(step: SpfStep & { readonly target: string }, domain: string): Promise<SpfStep> {
    const found = await this.#lookup(step.target, 'MX')
    if (found.status === 'failed') this.#problem('unanswered', domain, `Nothing was answered about the MX of ${step.target}.`)
    const hosts = found.data.map((one) => one.split(' ')[1] ?? '.').filter((host) => host !== '.')
    if (hosts.length > MOST_EXCHANGERS)
      this.#problem('many-mx', domain, `"${step.term.text}" names ${hosts.length} hosts, and receivers stop at ${MOST_EXCHANGERS}.`)
    if (found.status === 'nothing') return { ...step, state: 'dead', voids: 1 }
    const each = await Promise.all(hosts.map((host) => this.#addresses(host, ['A', 'AAAA'], domain)))
    return {
      ...step,
      addresses: [...new Set(each.flatMap((one) => one.addresses))],
      state: found.status === 'failed' ? 'failed' : 'fine',
      voids: each.filter((one) => one.state === 'dead').length,
    }
  }

  async #addresses(
    name: string,
    types: readonly ('A' | 'AAAA')[],
    domain: string,
  ): Promise<{ addresses: readonly string[]; state: SpfStep['state'] }> {
    const each = await Promise.all(types.map((type) => this.#lookup(name, type)))
    const addresses = each.flatMap(({ data }) => data)
    if (addresses.length > 0) return { addresses, state: 'fine' }
    if (each.every(({ status }) => status === 'nothing')) return { addresses, state: 'dead' }
    this.#problem('unanswered', domain, `Nothing was answered about ${name}.`)
    return { addresses, state: 'failed' }
  }

  #problem(code: SpfProblem['code'], domain: string, says: string): void {
    if (!this.#problems.some((one) => one.domain === domain && one.says === says)) this.#problems.push({ code, domain, says })
  }
}

function sum(steps: readonly SpfStep[], of: (step: SpfStep) => number): number {
  return steps.reduce((all, step) => all + of(step), 0)
}
