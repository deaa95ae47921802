import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { Random } from '../../src/simulator/random.ts'
import { startSimulator } from '../../src/simulator/simulator.ts'
import { runCutover, startCutover } from '../rig/process.ts'
import { mail } from '../scenario/late.ts'
import { first, migration } from '../scenario/migration.ts'
import { needs } from '../servers/available.ts'
import { type DovecotServer, startDovecot } from '../servers/dovecot.ts'

const KILLS = 3
const SEED = 20_260_303
const MESSAGES = 150
const HOUR = 3_600_000

test(
  `killed at random instants while it carries mail back to a Dovecot, nothing is lost and nothing comes twice (seed ${SEED})`,
  { skip: needs('dovecot') },
  async () => {
    await using server = await startDovecot({ tls: false })
    await using sim = await startSimulator({ mailboxes: 1, messages: 0, language: 'en' })
    const user = first([...server.users])
    const account = first([...sim.accounts])
    const people = [{ ...account, sourceLogin: user.login, sourcePassword: user.password }]
    await using move = await migration({ source: `imap://127.0.0.1:${server.port}?tls=none`, destination: sim.exchange.url, people })
    await move.copy()
    const at = Date.now() - 2 * HOUR
    const to = sim.exchangeStore(account.target)
    for (let n = 0; n < MESSAGES; n++) {
      const body = `${n} `
        .padEnd(70, 'x')
        .concat('\r\n')
        .repeat(10 + n)
      to.addMessage('INBOX', mail(`new-${n}`, 'exchange', at + HOUR, body), { internalDate: new Date(at + HOUR) })
    }
    const args = move.args('copy-back', '--since', new Date(at - HOUR).toISOString().replace(/\.\d+Z$/, 'Z'), '--yes', '--json')
    const random = new Random(SEED)
    let killed = 0
    for (let kill = 0; kill < KILLS; kill++) {
      await using running = startCutover([...args, '--rate', '300KB/s'])
      const had = await messagesOf(server, user.login)
      await Promise.race([running.finished, moved(server, user.login, had)])
      await delay(random.int(300))
      running.kill()
      if ((await running.finished).signal === 'SIGKILL') killed++
    }
    assert.ok(killed > 0, 'no kill fell into a run')
    const last = await runCutover(args)
    assert.equal(last.code, 0, last.stderr)
    assert.partialDeepStrictEqual(last.json(), { complete: true, problems: [] })
    const told = await server.doveadm(['-f', 'flow', 'fetch', '-u', user.login, 'hdr.message-id', 'mailbox', 'INBOX'])
    const ids = [...told.matchAll(/<(new-\d+)@/g)].map((match) => match[1] ?? '')
    assert.deepEqual(ids.sort(), Array.from({ length: MESSAGES }, (_, n) => `new-${n}`).sort())
    assert.partialDeepStrictEqual((await runCutover(args)).json(), { carried: 0 })
  },
)

/** Resolves when the mailbox holds more than it had: mail is on its way. */
async function moved(server: DovecotServer, login: string, had: number): Promise<void> {
  for (let tries = 0; tries < 400 && (await messagesOf(server, login)) <= had; tries++) await delay(20)
}

async function messagesOf(server: DovecotServer, login: string): Promise<number> {
  const told = await server.doveadm(['mailbox', 'status', '-t', '-u', login, 'messages', '*'])
  return Number(/\d+/.exec(told)?.[0] ?? 0)
}
