/** Mailboxes that misbehave, each in its own way, between well-behaved ones: the others are not stopped, and going on later ends clean. */
import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { CopyResult } from '../../src/api/results.ts'
import { nastyMessage } from '../../src/simulator/nasty-messages.ts'
import type { Simulator } from '../../src/simulator/simulator.ts'
import { copyExitCode } from '../../src/cli/copy.ts'
import { compareMail, mailInStore } from './mail.ts'
import { outcomeOf, simulatedMigration } from './migration.ts'
import { systemFlags } from './nasty.ts'

const MESSAGES = 60
const SMALL = { messages: MESSAGES, medianBytes: 1500, maxBytes: 3000, language: 'en' } as const

/** Troubles that pass by themselves: the copy is complete at the first try. */
const PASSING = [
  'throttled',
  'drops-at-7',
  'drops-after-literal',
  'drops-mid-literal',
  'late-permission',
  'expires',
  'no-appenduid',
  'unavailable',
]

test('mailboxes whose trouble passes are copied whole, without a double', async () => {
  await using world = await simulatedMigration({ ...SMALL, mailboxes: 1, faulty: PASSING })
  const { sim, move } = world
  const result = await move.copy()
  for (const one of result.mailboxes) {
    assert.deepEqual([one.name, one.failure, one.found, one.copied, one.unexplained], [one.name, null, MESSAGES, MESSAGES, 0])
  }
  assert.equal(copyExitCode(result), 0)
  assertWhole(sim)
  const before = sim.appends
  const again = await move.copy()
  assert.deepEqual([again.copied, again.appends, sim.appends], [result.copied, 0, before])
  const { missing, extra, different, unexplained } = await move.verify()
  assert.deepEqual([missing, extra, different, unexplained], [0, 0, 0, 0])
})

/** Troubles that somebody must put right: code and exit code of the mailbox. */
const LASTING: Readonly<Record<string, readonly [string, number]>> = {
  badpassword: ['auth-rejected', 3],
  denied: ['mailbox-not-connected', 1],
  // Exchange's word for a full mailbox says nothing of it (exchange-imap-quirks Q6).
  full: ['server-unavailable', 1],
}

test('mailboxes that need somebody fail alone, by name, and the next run completes them', async () => {
  await using world = await simulatedMigration({ ...SMALL, mailboxes: 2, faulty: Object.keys(LASTING) })
  const { sim, move } = world
  const result = await move.copy()
  for (const { name, target } of sim.accounts) {
    const [code] = LASTING[target.split('@')[0] ?? ''] ?? [null]
    const one = outcomeOf(result, name)
    assert.equal(one.failure?.code ?? null, code, name)
    assert.equal(one.copied, code === null ? MESSAGES : 0, name)
    assert.equal(one.unexplained, one.found - one.copied - one.skipped - one.failed)
    const exitCode = copyExitCode({ ...result, ...one, mailboxes: [one] } satisfies CopyResult)
    assert.equal(exitCode, LASTING[target.split('@')[0] ?? '']?.[1] ?? 0, name)
  }
  for (const { sourceLogin, target } of sim.accounts) {
    sim.faults.clear(sourceLogin)
    sim.faults.clear(target)
  }
  const again = await move.copy()
  assert.deepEqual(
    again.mailboxes.map((one) => [one.name, one.failure, one.copied, one.unexplained]),
    sim.accounts.map(({ name }) => [name, null, MESSAGES, 0]),
  )
  assertWhole(sim)
  assert.equal((await move.copy()).appends, 0)
})

test('a message that the destination refuses is listed with its reason and the others arrive; once the limit is raised it follows', async () => {
  await using world = await simulatedMigration({ ...SMALL, mailboxes: 1, faulty: ['tiny-limit', 'untagged-limit', 'virus'] })
  const { sim, move } = world
  for (const { sourceLogin } of sim.accounts) {
    for (const name of ['size-25-kb', 'virus-marker']) {
      const message = nastyMessage(name)
      sim.sourceStore(sourceLogin).addMessage('INBOX', message.bytes(), { internalDate: message.internalDate })
    }
  }
  const result = await move.copy()
  assert.deepEqual(
    result.mailboxes.map(({ name, failure, found, copied, failed, unexplained }) => [
      name,
      failure,
      found - MESSAGES,
      copied - MESSAGES,
      failed,
      unexplained,
    ]),
    [
      ['Anna', null, 2, 2, 0, 0],
      ['Tiny-limit', null, 2, 1, 1, 0],
      ['Untagged-limit', null, 2, 1, 1, 0],
      ['Virus', null, 2, 1, 1, 0],
    ],
  )
  assert.equal(copyExitCode(result), 3)
  const { errors, failed } = await move.errors()
  assert.equal(failed, 3)
  assert.deepEqual(
    errors.map(({ mailbox, code, subject }) => [mailbox, code, subject]),
    [
      ['Tiny-limit', 'message-too-large', 'size-25-kb'],
      ['Untagged-limit', 'message-refused', 'size-25-kb'],
      ['Virus', 'message-infected', 'virus-marker'],
    ],
  )
  for (const { reason, help } of errors) assert.ok(reason.length > 5 && help.length > 5)

  assert.equal((await move.copy()).appends, 0, 'what was refused is not tried again unasked')
  for (const { target } of sim.accounts) sim.faults.clear(target)
  const raised = await move.copy({ retryFailed: true })
  assert.deepEqual([raised.failed, raised.unexplained, raised.copied], [0, 0, raised.found])
  assertWhole(sim)
})

test('a source whose UIDVALIDITY moves with every connection is copied whole by each pass, and never doubled', async () => {
  await using world = await simulatedMigration({ ...SMALL, mailboxes: 1, faulty: ['uidvalidity-moves'] })
  const { sim, move } = world
  for (const pass of [1, 2, 3]) {
    const { copied, unexplained, mailboxes } = await move.copy()
    assert.deepEqual([pass, copied, unexplained, mailboxes.find((one) => one.failure !== null)], [pass, 2 * MESSAGES, 0, undefined])
  }
  for (const { sourceLogin } of sim.accounts) sim.faults.clear(sourceLogin)
  const result = await move.copy()
  assert.deepEqual(
    result.mailboxes.map((one) => [one.failure, one.found, one.copied, one.unexplained]),
    sim.accounts.map(() => [null, MESSAGES, MESSAGES, 0]),
  )
  assert.equal(sim.appends, 2 * MESSAGES)
  assertWhole(sim)
})

/** Everything is there once, with its flags and date, in the folder of the same use or name. */
function assertWhole(sim: Simulator): void {
  for (const { sourceLogin, target, name } of sim.accounts) {
    const anywhere = (mail: ReturnType<typeof mailInStore>): typeof mail => mail.map((one) => ({ ...one, folder: '' }))
    const found = compareMail(anywhere(mailInStore(sim.sourceStore(sourceLogin))), anywhere(mailInStore(sim.exchangeStore(target))), {
      flags: systemFlags,
    })
    assert.deepEqual(
      { name, lost: found.lost, extra: found.extra, altered: found.altered.size, otherFlags: found.otherFlags, otherDate: found.otherDate },
      { name, lost: [], extra: [], altered: 0, otherFlags: [], otherDate: [] },
    )
  }
}
