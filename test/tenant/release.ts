/** What every release must pass against a simulated tenant, by number; and the tests that hold what is not named in a test. */
export const CASES: Readonly<Record<string, string>> = {
  S1: 'create, license, wait, permit, write 10,000 messages, verify',
  S2: 'a token expires in the middle of an APPEND of 30 MB',
  S3: 'a throttle storm on one mailbox while others go on',
  S4: 'a connection dropped after the literal and before the reply',
  S5: 'a permission granted late, a licence late, a mailbox missing, IMAP off: told apart',
  S6: 'a user signs in during the migration and folders change their language',
  S7: 'messages and folder names that real mail has',
  S8: 'a front end that speaks half of IMAP4rev2',
  S9: 'a full mailbox: told, stopped, and on after its quota was raised',
  S10: 'administration that reports as failed what it did',
  S11: 'an organisation without settings of its own',
  S12: 'a message trace of more than 5,000 rows, windows of ten days, a hundred requests',
  S13: 'two licences with exclusive plans, no seats, no usage location',
  S14: 'DNS that is slow: verification fails twice, then succeeds',
}

type Held = { readonly file: string; readonly test: string }

export const HELD: Readonly<Record<string, readonly Held[]>> = {
  S3: [{ file: 'test/scenario/lanes.test.ts', test: 'a mailbox that is told to wait for minutes does not hold up the others' }],
  S4: [{ file: 'test/scenario/faults.test.ts', test: 'mailboxes whose trouble passes are copied whole, without a double' }],
  S6: [{ file: 'test/scenario/exchange-folders.test.ts', test: 'a first sign-in between two passes, or in the middle of one' }],
  S7: [
    { file: 'test/scenario/nasty-into-exchange.test.ts', test: 'each message arrives once with its content, date and flags' },
    { file: 'test/scenario/folders.test.ts', test: 'every folder name has its place in Exchange' },
  ],
  S8: [
    { file: 'src/imap/connect.test.ts', test: 'IMAP4rev2 is never enabled' },
    { file: 'src/simulator/exchange-folders.test.ts', test: 'the rev2 front end advertises ENABLE IMAP4rev2 and rejects LSUB' },
  ],
  S11: [{ file: 'src/tenant/mail-flow/organisation.test.ts', test: 'an organisation without settings of its own gets them' }],
  S12: [{ file: 'test/tenant/message-trace.test.ts', test: '12,000 rows over 25 days' }],
  S13: [
    { file: 'src/tenant/people/licences.test.ts', test: 'what an Exchange plan of another licence excludes is told' },
    { file: 'src/tenant/people/people-on-tenant.test.ts', test: 'licences that run out half-way stop those who come later' },
  ],
  S14: [{ file: 'src/tenant/mail-flow/mail-flow.test.ts', test: 'waits for DNS' }],
}
