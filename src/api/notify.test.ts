import assert from 'node:assert/strict'
import { test } from 'node:test'
import { events } from '../project/store-records.ts'
import { openStore } from '../project/store.ts'
import { CUTOVER, DAY, definitionOf, messagesOf, messagesRig, type MessagesRig } from './notify.fixture.ts'
import { messagesDue, messagesPlan, messagesStatus } from './notify.ts'
import { controlOperations } from './project-control.ts'
import { messagesSend, sendDue } from './notify-send.ts'
import type { MessagesSendResult } from './notify-results.ts'

const HOUR = 3_600_000
const LIST = 'name,source_login,source_password,target,aliases\n'

function outcomes({ sent }: MessagesSendResult): readonly (readonly [string, string])[] {
  return sent.map(({ address, outcome }) => [address, outcome.kind])
}

function recipients({ taken }: MessagesRig): readonly string[] {
  return taken.map(({ to }) => to)
}

test('what is due is sent once to every user in their language, and to no shared mailbox and no room', async () => {
  await using rig = await messagesRig()
  const plan = await messagesPlan(rig.world, rig.address)
  assert.deepEqual([plan.users, plan.contacts, plan.without], [2, 1, 2])
  assert.equal(plan.moments.find(({ moment }) => moment === 'announcement')?.counts.due, 2)
  assert.deepEqual((await messagesDue(rig.world, rig.address)).due, [{ moment: 'announcement', says: 'announcement to users', people: 2 }])
  const first = await sendDue(rig.world, rig.sendInput())
  assert.deepEqual(outcomes(first), [
    ['anna@example.org', 'sent'],
    ['ben@example.org', 'sent'],
  ])
  assert.match(rig.taken[0]?.bytes ?? '', /^Content-Language: de/m)
  assert.match(rig.taken[1]?.bytes ?? '', /Friday, December 4, 2026 at 6:00/)
  assert.equal((await sendDue(rig.world, rig.sendInput())).name, null)
  assert.equal(rig.taken.length, 2)
  using store = openStore(rig.address.store, { readOnly: true, now: () => 0 })
  assert.deepEqual(
    events(store.project('acme'), 'message-sent').map(({ says, who }) => [says, who]),
    [['Message "announcement to users" sent to 2 people', 'Olga']],
  )
})

test('somebody with two rows gets one message, also after another of their addresses has come first in the list', async () => {
  await using rig = await messagesRig()
  rig.write(definitionOf(rig.smtpUrl), `${LIST}Anna,anna,x,anna@example.org,a.berg@example.org\nAnna too,a2,x,a.berg@example.org,\n`)
  await sendDue(rig.world, rig.sendInput())
  assert.deepEqual(recipients(rig), ['anna@example.org'])
  rig.write(definitionOf(rig.smtpUrl), `${LIST}Anna too,a2,x,a.berg@example.org,\nAnna,anna,x,anna@example.org,a.berg@example.org\n`)
  await sendDue(rig.world, rig.sendInput())
  assert.deepEqual(recipients(rig), ['anna@example.org'])
})

test('a refusal for now is tried again, longer and longer apart; one for good is listed and left to a person', async () => {
  await using rig = await messagesRig()
  let tries = 0
  rig.answer = (to) => (to.startsWith('anna') ? 550 : (tries += 1) < 3 ? 451 : null)
  const waits: number[] = []
  const result = await messagesSend(rig.world, rig.sendInput({ retries: 2, onWait: (ms) => waits.push(ms) }))
  assert.deepEqual(
    outcomes(result).toSorted(([a], [b]) => (a < b ? -1 : 1)),
    [
      ['anna@example.org', 'refused'],
      ['ben@example.org', 'sent'],
    ],
  )
  assert.deepEqual(waits, [60_000, 300_000])
  assert.equal(result.left, 0)
  assert.match(result.asks.find(({ state }) => state === 'refused')?.says ?? '', /no such user here/)
  rig.answer = () => null
  await sendDue(rig.world, rig.sendInput())
  assert.deepEqual(recipients(rig), ['ben@example.org'])
  const again = await messagesSend(rig.world, rig.sendInput({ moment: 'announcement', due: false, only: 'anna@example.org', again: true }))
  assert.deepEqual(outcomes(again), [['anna@example.org', 'sent']])
  assert.deepEqual(
    (await messagesPlan(rig.world, rig.address)).asks.filter(({ state }) => state === 'refused'),
    [],
  )
})

test('what is still put off at the end is left for the next run, which sends it under the same Message-ID', async () => {
  await using rig = await messagesRig()
  rig.answer = () => 451
  const first = await sendDue(rig.world, rig.sendInput())
  assert.equal(first.left, 2)
  rig.answer = () => null
  assert.equal((await sendDue(rig.world, rig.sendInput())).left, 0)
  const { rows } = await messagesStatus(rig.world, rig.address)
  assert.deepEqual(
    rows.map(({ state, tries }) => [state, tries]),
    [
      ['sent', 2],
      ['sent', 2],
    ],
  )
  for (const { messageId } of rows) assert.ok(rig.taken.some(({ bytes }) => bytes.includes(`Message-ID: <${messageId}>`)))
})

test('a message whose host hung up once it had it is not sent again: a person says what became of it', async () => {
  await using rig = await messagesRig()
  rig.onMessage = (to) => (to.startsWith('anna') ? 'hang-up' : 'take')
  const first = await sendDue(rig.world, rig.sendInput())
  assert.deepEqual(outcomes(first), [
    ['anna@example.org', 'doubt'],
    ['ben@example.org', 'sent'],
  ])
  rig.onMessage = () => 'take'
  await sendDue(rig.world, rig.sendInput())
  await messagesSend(rig.world, rig.sendInput({ moment: 'announcement', due: false }))
  assert.deepEqual(recipients(rig), ['anna@example.org', 'ben@example.org'])
  await messagesSend(rig.world, rig.sendInput({ moment: 'announcement', only: 'anna@example.org', arrived: true }))
  const plan = await messagesPlan(rig.world, rig.address)
  assert.equal(plan.moments.find(({ moment }) => moment === 'announcement')?.counts.sent, 2)
})

test('what was being sent when the program was killed is in doubt, and is not sent again', async () => {
  await using rig = await messagesRig()
  {
    using store = openStore(rig.address.store, { now: () => rig.clock.now() })
    const told = CUTOVER
    const row = { moment: 'announcement', person: 'anna@example.org', version: 1, address: 'anna@example.org', way: 'usual', told } as const
    const { Journal } = await import('../notify/journal.ts')
    const journal = new Journal(store.db, store.project('acme').id, () => rig.clock.now())
    assert.equal(journal.begin({ ...row, messageId: 'x@example.org' }), true)
    assert.equal(journal.begin({ ...row, messageId: 'x@example.org' }), false)
  }
  const result = await sendDue(rig.world, rig.sendInput())
  assert.deepEqual(recipients(rig), ['ben@example.org'])
  assert.deepEqual(
    result.asks.filter(({ state }) => state === 'doubt').map(({ address }) => address),
    ['anna@example.org'],
  )
})

test('two programs do not send at the same time', async () => {
  await using rig = await messagesRig()
  let second: Promise<unknown> = Promise.resolve()
  const agreed = async (): Promise<string> => {
    second = sendDue(rig.world, rig.sendInput()).catch((error: unknown) => error)
    await second
    return 'Olga'
  }
  await sendDue(rig.world, rig.sendInput({ agreed }))
  assert.match(String(await second), /is in use by process/)
  assert.equal(rig.taken.length, 2)
})

test('what is more than a day late is left to a person; what is of no use any more is not asked about', async () => {
  await using rig = await messagesRig()
  await rig.until(CUTOVER - 12 * DAY)
  const due = await messagesDue(rig.world, rig.address)
  assert.deepEqual(due.due, [])
  assert.deepEqual(
    due.asks.map(({ moment, state }) => [moment, state]),
    [
      ['kickoff', 'overdue'],
      ['announcement', 'overdue'],
      ['announcement', 'overdue'],
    ],
  )
  await messagesSend(rig.world, rig.sendInput({ moment: 'announcement', due: false }))
  assert.equal(rig.taken.length, 2)
  await rig.until(CUTOVER - 6 * HOUR)
  assert.deepEqual(
    (await messagesDue(rig.world, rig.address)).asks.filter(({ moment }) => moment !== 'access-early'),
    [],
  )
})

test('a cutover that is postponed moves what was not sent, sends nothing twice, and offers to tell the new date', async () => {
  await using rig = await messagesRig()
  await sendDue(rig.world, rig.sendInput())
  rig.write(definitionOf(rig.smtpUrl).replace('cutover: 2026-12-04T18:00', 'cutover: 2026-12-18T18:00'))
  await rig.until(CUTOVER - 5 * DAY)
  assert.deepEqual((await messagesDue(rig.world, rig.address)).due, [])
  const plan = await messagesPlan(rig.world, rig.address)
  assert.equal(plan.asks.filter(({ state }) => state === 'by-hand').length, 2)
  assert.equal((await sendDue(rig.world, rig.sendInput())).name, null)
  await messagesSend(rig.world, rig.sendInput({ moment: 'new-date', due: false }))
  assert.equal(rig.taken.length, 4)
  assert.match(rig.taken.at(-1)?.bytes ?? '', /Friday, December 18, 2026/)
  assert.deepEqual(
    (await messagesPlan(rig.world, rig.address)).asks.filter(({ state }) => state === 'by-hand'),
    [],
  )
  await rig.until(CUTOVER + 9 * DAY)
  assert.deepEqual(
    (await messagesDue(rig.world, rig.address)).due.map(({ moment }) => moment),
    ['expect'],
  )
  // Postponed without a date nothing is due.
  rig.write(definitionOf(rig.smtpUrl).replace('  cutover: 2026-12-04T18:00\n', ''))
  assert.deepEqual((await messagesDue(rig.world, rig.address)).due, [])
})

test('the early way in goes to the old side, to the new one and to a private address, each under a Message-ID of its own', async () => {
  await using rig = await messagesRig()
  await rig.until(CUTOVER - 8 * HOUR)
  await messagesSend(rig.world, rig.sendInput({ moment: 'access-early' }))
  assert.deepEqual(recipients(rig), [
    'anna@example.org',
    'anna@example.onmicrosoft.com',
    'ben@example.org',
    'ben@example.onmicrosoft.com',
    'ben@elsewhere.example',
  ])
  const ids = rig.taken.map(({ bytes }) => /^Message-ID: (.*)$/im.exec(bytes)?.[1])
  assert.equal(new Set(ids).size, 5)
  await assert.rejects(messagesSend(rig.world, rig.sendInput({ moment: 'live', due: false })), /would not be true yet/)
})

test('a request for a password goes to who has none in the list, is repeated until it has, and never to others', async () => {
  await using rig = await messagesRig()
  const source = 'source: { url: "imaps://mail.example.org" }\n'
  const list = `${LIST}Anna,anna,,anna@example.org,\nBen,ben,env:BEN,ben@example.org,\n`
  rig.write(definitionOf(rig.smtpUrl) + source, list)
  const asked = async (): Promise<number> => (await messagesSend(rig.world, rig.sendInput({ moment: 'credentials' }))).sent.length
  assert.equal(await asked(), 1)
  assert.deepEqual(recipients(rig), ['anna@example.org'])
  assert.match(rig.taken[0]?.bytes ?? '', /never send it by mail/i)
  await rig.until(CUTOVER - 12 * DAY)
  assert.equal(await asked(), 0)
  await rig.until(CUTOVER - 11 * DAY)
  assert.equal(await asked(), 1)
  rig.write(definitionOf(rig.smtpUrl) + source, list.replace('anna,,', 'anna,env:ANNA,'))
  await rig.until(CUTOVER - 8 * DAY)
  assert.equal(await asked(), 0)
  assert.equal(rig.taken.length, 2)
})

test('a stop leaves what was not begun to the next run', async () => {
  await using rig = await messagesRig()
  const stop = new AbortController()
  const result = await sendDue(rig.world, rig.sendInput({ signal: stop.signal, onSent: () => stop.abort(new Error('stop')) }))
  assert.deepEqual([result.sent.length, result.left], [1, 1])
  await sendDue(rig.world, rig.sendInput())
  assert.deepEqual(recipients(rig), ['anna@example.org', 'ben@example.org'])
})

test('messages keep to the rate', async () => {
  await using rig = await messagesRig()
  rig.write(definitionOf(rig.smtpUrl, messagesOf(rig.smtpUrl).replace('10000', '2')))
  const before = rig.clock.now()
  await sendDue(rig.world, rig.sendInput())
  assert.equal(rig.clock.now() - before, 30_000)
})

test('a host that cannot be reached is told, nothing is lost, and the next run sends all of it', async () => {
  await using rig = await messagesRig()
  rig.write(definitionOf('smtp://127.0.0.1:1?tls=none'))
  await assert.rejects(sendDue(rig.world, rig.sendInput()), { code: 'connection-refused' })
  rig.write(definitionOf(rig.smtpUrl))
  assert.equal((await sendDue(rig.world, rig.sendInput())).sent.length, 2)
})

test('without a TLS that the address does not forbid nothing is handed in', async () => {
  await using rig = await messagesRig()
  rig.write(definitionOf(rig.smtpUrl.replace('?tls=none', '')))
  await assert.rejects(sendDue(rig.world, rig.sendInput()), { code: 'tls-failed' })
  assert.equal(rig.taken.length, 0)
})

test('nobody agreed: nothing is sent and nothing is written', async () => {
  await using rig = await messagesRig()
  const result = await sendDue(rig.world, rig.sendInput({ agreed: async () => null }))
  assert.deepEqual([result.name, result.left], [null, 2])
  assert.deepEqual((await messagesStatus(rig.world, rig.address)).rows, [])
})

test('what needs a person stands in the list of issues of the project, and goes from it once it is settled', async () => {
  await using rig = await messagesRig()
  rig.answer = (to) => (to.startsWith('anna') ? 550 : null)
  await sendDue(rig.world, rig.sendInput())
  const issues = async (): Promise<readonly string[]> => {
    const all = await controlOperations(rig.world).issues(rig.address)
    return all.filter(({ id, state }) => id.startsWith('letters.') && state === 'open').map(({ id }) => id)
  }
  assert.deepEqual(await issues(), ['letters.overdue.kickoff', 'letters.refused.announcement.anna@example.org'])
  await messagesSend(rig.world, rig.sendInput({ moment: 'announcement', only: 'anna@example.org', arrived: true }))
  assert.deepEqual(await issues(), ['letters.overdue.kickoff'])
  rig.write(definitionOf(rig.smtpUrl, messagesOf(rig.smtpUrl, '  templates: { live: { text: "{{nme}}" } }')))
  assert.deepEqual((await issues()).toSorted((a, b) => (a < b ? -1 : 1))[0], 'letters.templates')
})
