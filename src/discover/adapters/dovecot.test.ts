import assert from 'node:assert/strict'
import { test } from 'node:test'
import { needs } from '../../../test/servers/available.ts'
import { startDovecot } from '../../../test/servers/dovecot.ts'
import { facts, readAs, reading, says } from '../reading.fixture.ts'
import { dovecot } from './dovecot.ts'

const SUMMED = [
  { login: 'alice@example.test', messages: 12, sizeBytes: 3500 },
  { login: 'bob@example.test', messages: 0, sizeBytes: 0 },
]

test('doveadm user gives one user a line', async () => {
  const { found, problems } = await readAs(dovecot, 'alice@example.test\nbob@example.test\n')
  assert.deepEqual([found.map(({ login }) => login), problems], [['alice@example.test', 'bob@example.test'], []])
})

test('doveadm mailbox status adds up the folders of each user, whatever the format of its output', async () => {
  const tab =
    'Username\tmailbox\tmessages\tvsize\nalice@example.test\tINBOX\t10\t3000\nalice@example.test\tSent Items\t2\t500\nbob@example.test\tINBOX\t0\t0\n'
  const flow =
    'alice@example.test INBOX messages=10 vsize=3000\nalice@example.test Sent Items messages=2 vsize=500\nbob@example.test INBOX messages=0 vsize=0\n'
  const table =
    'Username           mailbox    messages vsize\nalice@example.test INBOX      10       3000\nalice@example.test Sent Items 2        500\nbob@example.test   INBOX      0        0\n'
  const json = JSON.stringify([
    { username: 'alice@example.test', mailbox: 'INBOX', messages: '10', vsize: '3000' },
    { username: 'alice@example.test', mailbox: 'Sent Items', messages: '2', vsize: '500' },
    { username: 'bob@example.test', mailbox: 'INBOX', messages: '0', vsize: '0' },
  ])
  for (const text of [tab, flow, table, json]) assert.deepEqual(facts(await reading(dovecot, text)), SUMMED)
})

test('a line that is cut off is told with its number, and the rest is read', async () => {
  const result = await reading(dovecot, 'Username\tmailbox\tmessages\tvsize\nalice@example.test\tINBOX\t1\t2\nbob@exa\n')
  assert.equal(result.found.length, 1)
  assert.deepEqual(says(result), ['3: "bob@exa" is not a row of 4 columns'])
})

test('U01: what a real doveadm prints is read, with and without sizes', { skip: needs('dovecot') }, async () => {
  const users = ['alice', 'bob', 'Zoë.o-x'].map((name) => ({ login: `${name}@example.test`, password: 'x' }))
  await using server = await startDovecot({ users })
  const mail = Buffer.from('Subject: one\r\n\r\nHello\r\n')
  await server.doveadm(['save', '-u', 'alice@example.test', '-m', 'INBOX'], mail)
  const listed = await readAs(dovecot, await server.doveadm(['user', '*']))
  assert.deepEqual(
    listed.found.map(({ login }) => login),
    users.map(({ login }) => login),
  )
  for (const format of ['tab', 'flow', 'table', 'json']) {
    const { found, problems } = await reading(
      dovecot,
      await server.doveadm(['-f', format, 'mailbox', 'status', '-A', 'messages vsize', '*']),
    )
    assert.deepEqual(problems, [], format)
    const alice = found.find(({ login }) => login === 'alice@example.test')
    assert.deepEqual([alice?.messages, (alice?.sizeBytes ?? 0) >= mail.length], [1, true], format)
  }
})
