import type { Outcome, RouteResult } from './route-result.ts'
import { worst } from './route-result.ts'

/** One thing that must hold, with the worst of what its routes came to. */
export type Criterion = {
  readonly id: string
  readonly title: string
  readonly outcome: Outcome
  readonly routes: readonly string[]
  /** Which command proves it, or how else it is proven; null: this test tries it. */
  readonly by: string | null
}

/** What this test tries, by the numbers of the list of acceptance. P: ways that only matter while a domain moves; S: encryption on the way. */
export const CRITERIA: Readonly<Record<string, string>> = {
  A1: 'Programs find the mailbox (autodiscover)',
  A5: 'The records of the domain are as the tenant wants them',
  D1: 'Mail inside the tenant arrives',
  D2: 'Mail to the outside arrives, and SPF, DKIM and DMARC hold',
  D3: 'Mail from outside arrives',
  D4: 'Unknown recipients get one clean refusal',
  D5: 'Aliases and groups receive',
  D6: 'A large message arrives',
  E2: 'Spam is kept out of the inbox',
  E3: 'Malware is kept out',
  E4: 'Dangerous kinds of files are kept out',
  E5: 'Mail from outside goes through protection',
  P3: 'Mail of users of the old host is not lost',
  P6: 'Mail to and from persons who have not moved arrives',
  P7: 'Nothing bounces or runs in a circle between the two sides',
  P8: 'The old host still takes mail',
  S1: 'The policy of encryption is kept (MTA-STS)',
  S2: 'The published certificate is shown (DANE)',
  S3: 'Failures of encryption are reported (TLS-RPT)',
}

/** The rest of the list, and what proves it. */
const ELSEWHERE: Readonly<Record<string, readonly [title: string, by: string]>> = {
  A2: ['Mailboxes are there and can be used', '`cutover tenant connect`'],
  A3: ['The protocols of mailboxes are as wanted', '`cutover tenant plan`'],
  A4: ['Accounts are on and licensed', '`cutover tenant plan`'],
  A6: ['People have signed in', 'the sign-in log of the tenant, hours later'],
  A7: ['Mailboxes are reached by IMAP', '`cutover tenant connect`'],
  B1: ['All folders are there', '`cutover verify`'],
  B2: ['All messages are there, folder by folder', '`cutover verify`'],
  B3: ['They are the same messages', '`cutover verify`'],
  B4: ['They have the same content', '`cutover verify`'],
  B5: ['Read and flagged are as they were', '`cutover verify`'],
  B6: ['Sizes are as expected', '`cutover verify`'],
  B7: ['What was not copied is listed with its reason', '`cutover errors`'],
  B8: ['The figures of the tenant agree after three days', 'the usage report of the tenant'],
  C1: ['Transport rules are there as wanted', '`cutover tenant plan`'],
  C2: ['Transport rules match what they should', 'Test-Message in Exchange'],
  C3: ['Transport rules do what they should', 'a message for each rule, by hand'],
  E1: ['Protection is configured as wanted', '`cutover tenant plan`'],
}

/** Every criterion of the list, in its order: those of this test as they came out, the others with what proves them. */
export function criteriaOf(routes: readonly RouteResult[]): readonly Criterion[] {
  const tried = Object.entries(CRITERIA).flatMap(([id, title]): readonly Criterion[] => {
    const mine = routes.filter(({ criterion }) => criterion === id)
    if (mine.length === 0) return []
    return [{ id, title, outcome: worst(mine.map(({ outcome }) => outcome)), routes: mine.map(({ route }) => route), by: null }]
  })
  const others = Object.entries(ELSEWHERE).map(([id, [title, by]]): Criterion => ({ id, title, outcome: 'not-run', routes: [], by }))
  return [...tried, ...others].toSorted((a, b) => (a.id < b.id ? -1 : 1))
}
