import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Directory } from '../tenant/directory.ts'
import { MAILBOX_PLANS } from '../tenant/people/plans.ts'
import { licenceNeeds, type LicencedMailbox } from './licences.ts'

const GB = 1024 ** 3
const plan = (title: string): { readonly id: string; readonly name: string } => {
  const found = MAILBOX_PLANS.find((one) => one.title === title)
  assert.ok(found !== undefined)
  return found
}
const SKUS: Directory['skus'] = [
  { skuId: 's1', part: 'EXCHANGESTANDARD', free: 1, total: 5, plans: [plan('Exchange Online Plan 1')] },
  { skuId: 's2', part: 'ENTERPRISEPACK', free: 9, total: 9, plans: [plan('Exchange Online Plan 2')] },
]
const one = (name: string, licence: string, bytes: number | null): LicencedMailbox => ({
  name,
  address: `${name}@example.org`,
  kind: 'user',
  licences: [licence],
  bytes,
})

test('seats are counted against those who lack them, and a mailbox that does not fit its licence is named', () => {
  const user = { userPrincipalName: 'anna@example.org', addresses: [], licences: [{ skuId: 's1', disabledPlans: [], byGroup: false }] }
  const directory = { skus: SKUS, users: [user as unknown as Directory['users'][number]] }
  const needs = licenceNeeds(
    [
      one('anna', 'EXCHANGESTANDARD', 51 * GB),
      one('ben', 'exchangestandard', 1),
      one('carl', 'EXCHANGESTANDARD', null),
      one('dora', 'ENTERPRISEPACK', 60 * GB),
    ],
    directory,
  )
  assert.deepEqual(
    needs.map(({ needed, missing, bought, mailboxBytes, tooBig }) => ({ needed, missing, bought, mailboxBytes, tooBig })),
    [
      { needed: 2, missing: 1, bought: 5, mailboxBytes: 50 * GB, tooBig: [{ name: 'anna', bytes: 51 * GB }] },
      { needed: 1, missing: 0, bought: 9, mailboxBytes: 100 * GB, tooBig: [] },
    ],
  )
})

test('a licence that the tenant does not have is short for all who want it', () => {
  const [need] = licenceNeeds([one('anna', 'SPE_E5', 1)], { skus: SKUS, users: [] })
  assert.deepEqual([need?.bought, need?.needed, need?.missing, need?.mailboxBytes], [0, 1, 1, null])
})
