/** How much longer than usual a mailbox takes. Infinity: for ever. */
export type Pace = { readonly provisioning: number; readonly grants: number; readonly plan: number }

type ByLocalPart = { readonly pattern: RegExp; readonly shows: string; readonly pace?: Partial<Pace>; readonly answers?: AddressFault }

/** What every request that names the address gets, so many times. */
export type AddressFault = {
  readonly api: 'graph' | 'admin' | 'any'
  readonly times: number
  readonly status: number
  readonly retryAfterSeconds?: number
  /** Done all the same. */
  readonly afterwards?: boolean
  /** Only what changes something. */
  readonly writesOnly?: boolean
}

/** Addresses that misbehave by their name, so that a rehearsal can show each failure. */
export const FAULTS_BY_ADDRESS: readonly ByLocalPart[] = [
  { pattern: /^never-provisioned$/, shows: 'gets a licence but never a mailbox', pace: { provisioning: Infinity } },
  {
    pattern: /^plan-pending$/,
    shows: 'has a licence whose Exchange plan never becomes enabled',
    pace: { plan: Infinity, provisioning: Infinity },
  },
  { pattern: /^slow-mailbox$/, shows: 'waits ten times as long for its mailbox', pace: { provisioning: 10 } },
  { pattern: /^late-grant$/, shows: 'waits thirty times as long until a grant takes effect', pace: { grants: 30 } },
  { pattern: /^never-granted$/, shows: 'is granted, but the grant never takes effect', pace: { grants: Infinity } },
  { pattern: /^throttled-tenant$/, shows: 'is throttled five times', answers: { api: 'any', times: 5, status: 429, retryAfterSeconds: 2 } },
  { pattern: /^unavailable-tenant$/, shows: 'meets 503 three times', answers: { api: 'any', times: 3, status: 503, retryAfterSeconds: 1 } },
  { pattern: /^server-error$/, shows: 'always meets 500', answers: { api: 'any', times: Infinity, status: 500 } },
  {
    pattern: /^done-but-failed$/,
    shows: 'is changed, and the change is reported as failed',
    answers: { api: 'any', times: 2, status: 503, afterwards: true, writesOnly: true },
  },
]

/** How fast the tenant is about this address. */
export function paceOf(address: string): Pace {
  const local = address.slice(0, Math.max(0, address.lastIndexOf('@'))).toLowerCase()
  const found = FAULTS_BY_ADDRESS.find(({ pattern }) => pattern.test(local))
  return { provisioning: 1, grants: 1, plan: 1, ...found?.pace }
}

/** The fault that an address has by its name; null for none. */
export function answerFaultOf(address: string): AddressFault | null {
  const local = address.slice(0, Math.max(0, address.lastIndexOf('@'))).toLowerCase()
  return FAULTS_BY_ADDRESS.find(({ pattern }) => pattern.test(local))?.answers ?? null
}
