import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stage } from './cli.fixture.ts'

test('labels that the destination does not show are told as information, the most frequent first', async () => {
  const labels = Array.from({ length: 10 }, (_, at) => ({ name: `Label ${at}`, messages: 20 - at }))
  const nothing = { skipped: 0, failed: 0, errors: [], csvFile: null, emlDir: null, exported: 0 }
  const on = stage({ errors: () => Promise.resolve({ ...nothing, labels: [{ mailbox: 'Anna', messages: 1234, labels }] }) })
  const { code, out } = await on.run('errors')
  assert.equal(code, 0)
  assert.match(
    out,
    /^Nothing was skipped and nothing failed\.\n\nAnna: 1,234 messages have labels beside the folder they went to: Label 0\s\(20\)/,
  )
  assert.match(
    out.replaceAll('\n', ' '),
    /Label 7 \(13\) and 2 other labels\. They are no categories in Exchange yet; the ledger keeps them\./,
  )
})
