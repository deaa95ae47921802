import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rightsIn } from './acl.ts'
import { quotasOf } from './quota.ts'
import { scriptedServer } from './scripted-server.ts'
import { subscriptions } from './subscriptions.ts'

test('quotas are told root by root, in bytes; Courier sends a root without a list', async () => {
  await using imap = await scriptedServer(async (client) => {
    await client.signIn('QUOTA')
    const told = ['* QUOTAROOT INBOX "User quota" "Domain quota"', '* QUOTA "User quota" (STORAGE 512 204800 MESSAGE 3 1000)']
    assert.equal(await client.answer(...told, '* QUOTA "Domain quota" (STORAGE 4000000000 9000000000)', '% OK'), 'GETQUOTAROOT "INBOX"')
    await client.answer('* QUOTAROOT INBOX "ROOT"', '* QUOTA "ROOT"', '% OK')
    await client.answer('* QUOTAROOT INBOX ""', '* QUOTA "" ()', '% OK')
  })
  const session = await imap.connect()
  assert.deepEqual(await quotasOf(session), [
    {
      root: 'User quota',
      resources: [
        { name: 'STORAGE', used: 524_288, limit: 209_715_200 },
        { name: 'MESSAGE', used: 3, limit: 1000 },
      ],
    },
    { root: 'Domain quota', resources: [{ name: 'STORAGE', used: 4_096_000_000_000, limit: 9_216_000_000_000 }] },
  ])
  assert.deepEqual(await quotasOf(session), [{ root: 'ROOT', resources: [] }])
  assert.deepEqual(await quotasOf(session), [{ root: '', resources: [] }])
  session.destroy()
})

test('rights are those of the login, and everybody else’s where it may see them', async () => {
  await using imap = await scriptedServer(async (client) => {
    await client.signIn('ACL')
    assert.equal(await client.answer('* MYRIGHTS "Team é" lrs', '% OK'), 'MYRIGHTS "Team"')
    assert.equal(await client.answer('* ACL Team alice lrswipkxtea "bob smith" lrs -carol r', '% OK'), 'GETACL "Team"')
    await client.answer('* MYRIGHTS Team lr', '% OK')
    await client.answer('% NO [NOPERM] no')
    await client.answer('% NO no such mailbox')
    await client.answer('% NO no such mailbox')
  })
  const session = await imap.connect()
  assert.deepEqual(await rightsIn(session, 'Team'), {
    mine: 'lrs',
    all: [
      { who: 'alice', rights: 'lrswipkxtea' },
      { who: 'bob smith', rights: 'lrs' },
      { who: '-carol', rights: 'r' },
    ],
  })
  assert.deepEqual(await rightsIn(session, 'Team'), { mine: 'lr', all: null })
  assert.equal(await rightsIn(session, 'Team'), null)
  session.destroy()
})

test('subscriptions come by LIST where it can, else by LSUB, and nothing is known where the server refuses', async () => {
  await using imap = await scriptedServer(async (client) => {
    await client.signIn('LIST-EXTENDED')
    const rows = ['* LIST (\\Subscribed) "/" Sent', '* LIST (\\Subscribed \\NonExistent) "/" "Gone &- away"']
    assert.equal(await client.answer(...rows, '% OK'), 'LIST (SUBSCRIBED) "" "*"')
    await client.answer('% BAD Command Argument Error. 12')
  })
  const session = await imap.connect()
  assert.deepEqual(
    [...((await subscriptions(session)) ?? [])],
    [
      ['Sent', ['Sent']],
      ['Gone &- away', ['Gone & away']],
    ],
  )
  assert.equal(await subscriptions(session), null)
  session.destroy()
  await using old = await scriptedServer(async (client) => {
    await client.signIn()
    assert.equal(await client.answer('* LSUB () "." INBOX.Sent', '* LSUB (\\Noselect) "." INBOX.Work', '% OK'), 'LSUB "" "*"')
  })
  const plain = await old.connect()
  assert.deepEqual([...((await subscriptions(plain)) ?? new Map()).keys()], ['INBOX.Sent'])
  plain.destroy()
})
