import type { Delivery } from './deliver.ts'
import type { HeaderField } from './headers.ts'
import type { LocalVerdict } from './local-verdict.ts'
import type { Sighting } from './sighting.ts'

/** `not-run`: nothing was learnt, with the reason; it is no failure. */
export type Outcome = 'passed' | 'warning' | 'failed' | 'not-run'

/** One way of the mail, tried. */
export type RouteResult = {
  /** `outside-in`, `out`, `inside`, … */
  readonly route: string
  /** What it proves of the list of acceptance: `D2`, `E3`. */
  readonly criterion: string
  readonly title: string
  readonly outcome: Outcome
  readonly says: readonly string[]
  readonly evidence: Evidence
  readonly began: number
  readonly at: number
}

export type Evidence = {
  readonly probe?: string
  readonly messageId?: string
  readonly deliveries?: readonly Delivery[]
  readonly arrived?: Seen
  readonly local?: LocalVerdict
  readonly trace?: readonly TraceSeen[]
  readonly quarantine?: readonly string[]
}

/** A sighting without the message. */
export type Seen = Omit<Sighting, 'bytes'> & { readonly headers: readonly HeaderField[] }

export type TraceSeen = {
  readonly recipient: string
  readonly status: string
  readonly receivedMs: number
  readonly messageId: string
  readonly fromIp: string
  readonly toIp: string
}

const SHOWN: ReadonlySet<string> = new Set(
  [
    'received authentication-results received-spf return-path x-forefront-antispam-report x-microsoft-antispam message-id subject',
    'x-ms-exchange-organization-authas x-ms-exchange-organization-authsource x-ms-exchange-organization-scl in-reply-to',
    'x-ms-exchange-skiplistedinternetsender x-ms-exchange-externaloriginalinternetsender x-cutover-probe',
  ].flatMap((names) => names.split(' ')),
)

/** Only what proves something: the headers of the way and of the filters. */
export function seenOf(sighting: Sighting): Seen {
  const { where, mailbox, folder, junk, receivedMs, subject, messageId, headers } = sighting
  const seen = { where, mailbox, folder, junk, receivedMs, subject, messageId }
  return { ...seen, headers: headers.filter(({ name }) => SHOWN.has(name.toLowerCase()) || /^x-ms-exchange-crosstenant/i.test(name)) }
}

export function worst(outcomes: readonly Outcome[]): Outcome {
  return (['failed', 'warning', 'passed'] as const).find((one) => outcomes.includes(one)) ?? 'not-run'
}
