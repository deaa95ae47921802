/**
 * The simulated Exchange with an allowance, in a process of its own: `exchange-child.ts MESSAGES BYTES-PER-SECOND BURST-BYTES` prints where
 * it is, and for every line on standard input what has happened so far.
 */
import { createInterface } from 'node:readline'
import { startSimulator } from '../src/simulator/simulator.ts'

const [messages = 0, bytesPerSecond = 0, burstBytes = 0] = process.argv.slice(2).map(Number)
const simulator = await startSimulator({ mailboxes: 1, messages, source: 'dovecot' })
const account = simulator.accounts[0]
if (account === undefined) throw new Error('The simulator has no mailbox.')
simulator.faults.set(account.target, { budget: { bytesPerSecond, burstBytes } })

const tell = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`)
tell({ sourceUrl: simulator.source.url, destinationUrl: simulator.exchange.url, account })
const asked = createInterface({ input: process.stdin })
asked.on('line', () => {
  const { logins, throttled } = simulator.faults.state(account.target)
  let bytes = 0
  for (const folder of simulator.exchangeStore(account.target).folders())
    for (const message of folder.messages) bytes += message.content.sizeBytes
  tell({ logins, throttled, appends: simulator.appends, bytes })
})
// The parent going away, however it goes, ends this process.
asked.on('close', () => process.exit())
