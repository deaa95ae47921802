import type { Clock } from '../../lib/clock.ts'
import { Lanes } from '../../lib/lanes.ts'
import type { Answer, AskOptions, QuestionType } from '../ask.ts'
import type { DnsServer } from '../dns-tcp.ts'
import type { RecordSet } from '../record-set.ts'
import { isName } from './is-name.ts'

/** Everything that an assessment asks of the world. Tests and the simulator put their own in its place, so that nothing leaves the machine. */
export type Outside = {
  ask(server: DnsServer, name: string, type: QuestionType, options: AskOptions): Promise<Answer>
  /** They find out by themselves; asked for names of others, never for one of the domain that may be made later. */
  readonly resolvers: readonly DnsServer[]
  /** The servers of the zone, where they are given instead of found by delegation. */
  readonly given: readonly DnsServer[]
  /** Where a name server listens. */
  at(nameServer: string, address: string): DnsServer
  /** One page over HTTPS from one of these addresses; redirects are not followed. null: not to be asked at all. */
  readonly page: ((url: string, addresses: readonly string[], signal: AbortSignal) => Promise<Page>) | null
  /** Which Microsoft tenant has the domain; null: not to be asked. */
  readonly tenantOf: ((domain: string, signal: AbortSignal) => Promise<TenantSeen>) | null
}

export type Page =
  | { readonly status: number; readonly body: string; readonly location: string | null }
  | { readonly status: null; readonly why: string }
export type TenantSeen = { readonly seen: 'none' | 'unknown' } | { readonly seen: 'tenant'; readonly tenantId: string }

/** One answer as it came, and when: for a rollback and for who is to believe it. */
export type Evidence = {
  readonly server: string
  readonly atMs: number
  readonly name: string
  readonly type: QuestionType
  readonly status: Answer['status']
  readonly authoritative: boolean
  readonly sets: readonly RecordSet[]
  readonly others: Answer['others']
  readonly serial: number | null
}

export type Asking = {
  /** The same question is asked once. */
  ask(server: DnsServer, name: string, type: QuestionType, recursion?: boolean): Promise<Answer>
  /** The first resolver that answers at all. */
  resolve(name: string, type: QuestionType): Promise<Answer>
  readonly evidence: readonly Evidence[]
}

/** Of all servers together, and of one: enough to be quick, and nobody's rate limit. */
const IN_FLIGHT = { total: 48, each: 8 }
const NO_ANSWER: Answer = { status: 'silent', authoritative: false, authenticated: false, sets: [], referral: [], soa: null, others: [] }

/** Asks gently, remembers what it was told, and keeps every answer. */
export function asking(outside: Outside, clock: Clock, signal: AbortSignal): Asking {
  const evidence: Evidence[] = []
  const known = new Map<string, Promise<Answer>>()
  const silent = new Set<string>()
  const lanes = new Lanes(IN_FLIGHT, clock)
  const question = async (server: DnsServer, name: string, type: QuestionType, recursion: boolean): Promise<Answer> => {
    const where = serverText(server)
    const answer = await lanes.run(
      where,
      // Who was silent once is not waited for again and again.
      () => outside.ask(server, name, type, { signal, recursion, ...(silent.has(where) ? { tries: 1, timeoutMs: 1000 } : {}) }),
      signal,
    )
    if (answer.status === 'silent') silent.add(where)
    const { status, authoritative, sets, others, soa } = answer
    evidence.push({ server: where, atMs: clock.now(), name, type, status, authoritative, sets, others, serial: soa?.serial ?? null })
    return answer
  }
  const ask: Asking['ask'] = (server, name, type, recursion = false) => {
    // Records name all kinds of things; nobody can be asked about this one.
    if (!isName(name)) return Promise.resolve({ ...NO_ANSWER, status: 'no-name' })
    const key = `${serverText(server)} ${name} ${type} ${recursion}`
    const before = known.get(key)
    if (before !== undefined) return before
    const answer = question(server, name, type, recursion)
    known.set(key, answer)
    return answer
  }
  return {
    ask,
    evidence,
    async resolve(name, type) {
      let last = NO_ANSWER
      for (const resolver of outside.resolvers) {
        last = await ask(resolver, name, type, true)
        if (last.status !== 'silent' && last.status !== 'refused') return last
      }
      return last
    },
  }
}

/** As people write it; the port only where it is not the usual one. */
export function serverText({ address, port }: DnsServer): string {
  if (port === 53) return address
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}
