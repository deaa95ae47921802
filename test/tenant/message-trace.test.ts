import assert from 'node:assert/strict'
import { test } from 'node:test'
import { messageTrace, type TraceRow } from '../../src/microsoft/message-trace.ts'
import { addObject, iso } from '../../src/tenant-simulator/exchange-objects.ts'
import { tenantRig, type TenantRig } from './rig.ts'

const DAY_MS = 86_400_000

function deliver({ simulator }: TenantRig, at: number, recipient: string, id: string): void {
  const row = addObject(
    simulator.world,
    'MessageTrace',
    {
      Received: iso(at),
      SenderAddress: 'anna@example.test',
      RecipientAddress: recipient,
      Subject: `probe ${id}`,
      Status: 'Delivered',
      FromIP: '203.0.113.9',
      ToIP: '',
      Size: 4711,
      MessageId: `<${id}@example.test>`,
      MessageTraceId: id,
      Events: [],
    },
    true,
  )
  row.times['rowAt'] = at
}

test('12,000 rows over 25 days are read in windows of ten days and calls of 5,000, each row once, a hundred calls waited out', async () => {
  await using rig = await tenantRig()
  const now = rig.clock.now()
  for (let at = 0; at < 12_000; at++)
    // Many share one second, so that a call ends in the middle of it.
    deliver(rig, now - Math.floor(at / 4000) * 10 * DAY_MS - Math.floor(at / 40) * 1000, `user${at % 40}@example.test`, `trace-${at}`)
  for (let at = 0; at < 6000; at++) deliver(rig, now - 5 * DAY_MS, `user${at % 40}@example.test`, `same-${at}`)
  const rows: TraceRow[] = []
  for await (const row of messageTrace(rig.admin, { fromMs: now - 25 * DAY_MS, untilMs: now })) rows.push(row)
  assert.equal(rows.length, 18_000)
  assert.equal(new Set(rows.map(({ traceId }) => traceId)).size, 18_000)
  assert.deepEqual(
    [rows[0]?.status, rows[0]?.sender, rows[0]?.sizeBytes, rows[0]?.receivedMs],
    ['Delivered', 'anna@example.test', 4711, now],
  )
})

test('a hundred message traces in five minutes are what the service gives: the next one waits and is answered', async () => {
  await using rig = await tenantRig()
  const began = rig.clock.now()
  deliver(rig, began - 1000, 'ben@example.test', 'one')
  for (let at = 0; at < 130; at++) {
    const rows: TraceRow[] = []
    for await (const row of messageTrace(rig.admin, { fromMs: began - DAY_MS, untilMs: began, subjectBeginsWith: 'probe one' }))
      rows.push(row)
    assert.equal(rows.length, 1)
  }
  assert.ok(rig.clock.now() - began >= 240_000, 'nobody waited')
})
