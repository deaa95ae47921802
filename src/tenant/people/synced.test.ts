import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TenantUser } from '../directory.ts'
import { actualWith } from '../mail-flow/mail-flow.fixture.ts'
import { userAt } from './people.fixture.ts'
import { type AdMatch, type AdUser, matches } from './synced.ts'

const ANNA = 'anna@example.test'
const ad = (more: Partial<AdUser> = {}): AdUser => ({
  name: 'CN=Anna',
  userPrincipalName: ANNA,
  primaryAddress: ANNA,
  addresses: [],
  immutableId: 'QQ==',
  ...more,
})
const cloud = (more: Partial<TenantUser> = {}, upn = ANNA): TenantUser => userAt(upn, more)
const group = { id: 'g', displayName: 'Staff', addresses: ['staff@example.test'], isUnified: false, isSynced: false }

type Case = readonly [what: string, ad: AdUser, users: readonly TenantUser[], outcome: AdMatch['outcome'], by: AdMatch['by']]
const CASES: readonly Case[] = [
  ['nobody in the cloud is like it', ad(), [], 'new', []],
  ['a synced user with its anchor', ad(), [cloud({ isSynced: true, immutableId: 'QQ==' })], 'hard', ['source anchor']],
  ['a user of the cloud that was given its anchor', ad(), [cloud({ immutableId: 'QQ==' }, 'x@example.test')], 'hard', ['source anchor']],
  ['its sign-in name and address are those of a user of the cloud', ad(), [cloud()], 'soft', ['sign-in name', 'primary address']],
  [
    'its sign-in name alone, in other letters',
    ad({ userPrincipalName: 'ANNA@example.test', primaryAddress: null }),
    [cloud()],
    'soft',
    ['sign-in name'],
  ],
  ['its address alone', ad({ userPrincipalName: 'a@corp.test' }), [cloud({ mail: ANNA }, 'ab@example.test')], 'soft', ['primary address']],
  ['a further address of the cloud user is not enough', ad(), [cloud({ addresses: [ANNA] }, 'ben@example.test')], 'collides', []],
  [
    'a user of another AD object has its name',
    ad(),
    [cloud({ isSynced: true, immutableId: 'Qg==' })],
    'collides',
    ['sign-in name', 'primary address'],
  ],
  [
    'name and address point to two users',
    ad({ primaryAddress: 'ben@example.test' }),
    [cloud(), cloud({}, 'ben@example.test')],
    'collides',
    ['sign-in name'],
  ],
  [
    'a guest has its address',
    ad({ userPrincipalName: 'a@corp.test' }),
    [cloud({ isGuest: true, mail: ANNA }, 'g@x.test')],
    'collides',
    ['primary address'],
  ],
  [
    'one of its further addresses is a group’s',
    ad({ addresses: ['Staff@example.test'] }),
    [cloud()],
    'collides',
    ['sign-in name', 'primary address'],
  ],
  [
    'one of its further addresses is somebody else’s',
    ad({ addresses: ['ben@example.test'] }),
    [cloud({}, 'ben@example.test')],
    'collides',
    [],
  ],
  ['it has no names at all', ad({ userPrincipalName: null, primaryAddress: null, immutableId: null }), [cloud()], 'new', []],
]
for (const [what, one, users, outcome, by] of CASES) {
  test(`a user of Active Directory: ${what}: ${outcome}`, () => {
    const [match] = matches(actualWith({ users, groups: [group] }).directory, [one])
    assert.deepEqual([match?.outcome, match?.by], [outcome, by], match?.says)
  })
}

test('two users of Active Directory do not share one of the cloud', () => {
  const { directory } = actualWith({ users: [cloud()] })
  const found = matches(directory, [ad(), ad({ name: 'CN=Anna 2', userPrincipalName: 'a2@example.test', immutableId: 'Qg==' })])
  assert.deepEqual(
    found.map(({ outcome }) => outcome),
    ['soft', 'collides'],
  )
  assert.match(found[1]?.says ?? '', /joined with CN=Anna already/)
})
