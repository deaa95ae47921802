import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FoldersResult } from '../api/results.ts'
import { ADDRESSES, stage, WRONG_PASSWORD } from './cli.fixture.ts'

const who = { name: 'anna', source: 'anna@old.example.org', target: 'anna@new.example.org' }

test('folders prints every mapping with its reasons, never cuts a name, and goes on past a mailbox in trouble', async () => {
  const long = `Projects/${'Very long name '.repeat(8).trim()}`
  const result: FoldersResult = {
    mailboxes: [
      {
        ...who,
        failure: null,
        notes: [],
        folders: [
          { source: 'INBOX', target: 'INBOX', messages: 2411, sizeBytes: 34_200_000, exists: true, reasons: [] },
          {
            source: 'Entwürfe',
            target: 'Drafts',
            messages: 1,
            sizeBytes: null,
            exists: true,
            reasons: ['The server says it holds drafts.'],
          },
          {
            source: 'All Mail',
            target: null,
            messages: null,
            sizeBytes: null,
            exists: false,
            reasons: ['It shows what other folders hold.'],
          },
          { source: long, target: long, messages: 3, sizeBytes: 10, exists: false, reasons: [] },
        ],
      },
      { ...who, name: 'ben', failure: WRONG_PASSWORD, notes: [], folders: [] },
    ],
  }
  const { code, out } = await stage({ folders: async () => result }).run('folders', ...ADDRESSES)
  assert.equal(code, 3)
  assert.match(
    out,
    /^anna \(anna@old\.example\.org -> anna@new\.example\.org\): 4 folders, 1 changed, 1\nleft out\n {2}INBOX -> INBOX {2}\[2,411 messages, 34\.2 MB, exists\]\n {2}Entwürfe -> Drafts {2}\[1 message, exists\]\n {7}The server says it holds drafts\.\n {2}All Mail -> \(not copied\)\n {7}It shows what other folders hold\.\n/,
  )
  assert.equal(out.replaceAll(/\s+/g, ' ').split(long).length - 1, 2)
  assert.match(out, /\nben:\n {2}Source: /)
})

test('folders with details tells quotas, who shares a folder, and what nobody subscribed to', async () => {
  const plain = { messages: 1, sizeBytes: null, exists: true, reasons: [] }
  const rights = [
    { who: 'Anna@old.example.org', rights: 'lrswipkxtea' },
    { who: 'bob', rights: 'lrs' },
  ]
  const result: FoldersResult = {
    mailboxes: [
      {
        ...who,
        failure: null,
        notes: ['Mind the gap.'],
        about: {
          quotas: [
            { root: 'User quota', resources: [{ name: 'STORAGE', used: 5_000_000, limit: 20_000_000 }] },
            { root: 'ROOT', resources: [] },
          ],
          subscribedButGone: ['Old'],
        },
        folders: [
          { ...plain, source: 'Team', target: 'Team', about: { subscribed: false, myRights: 'lrs', rights } },
          { ...plain, source: 'Locked', target: 'Locked', about: { subscribed: true, myRights: 'l', rights: null } },
        ],
      },
    ],
  }
  let asked: boolean | undefined
  const { out } = await stage({
    folders: async (input) => {
      asked = input.details
      return result
    },
  }).run('folders', ...ADDRESSES, '--details')
  assert.equal(asked, true)
  assert.equal(
    out.split('\n').slice(1).join('\n'),
    `  Mind the gap.
  Quota "User quota": 5.0 MB of 20.0 MB used.
  Quota "ROOT": no limit.
  Subscribed, but not there any more: Old.
  Team -> Team  [1 message, exists]
       Not subscribed.
       Shared: bob lrs.
  Locked -> Locked  [1 message, exists]
       The login may not read it (its rights: l).
`,
  )
})
