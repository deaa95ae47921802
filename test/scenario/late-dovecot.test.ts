/** Late mail and the way back with a real Dovecot as the old server. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startSimulator } from '../../src/simulator/simulator.ts'
import { needs } from '../servers/available.ts'
import { type DovecotOptions, type DovecotServer, startDovecot } from '../servers/dovecot.ts'
import { having, mail, type Switched, waysOf } from './late.ts'
import { mailOnServer } from './mail.ts'
import { first, hastyClock, migration } from './migration.ts'

const HOUR = 3_600_000
const skip = needs('dovecot')

type Stage = Pick<Switched, 'sim' | 'to' | 'at' | 'late' | 'back'> & {
  readonly server: DovecotServer
  readonly deliver: (folder: string, bytes: Buffer) => Promise<void>
  /** `folder: subject flags` of all mail at the old server. */
  readonly old: () => Promise<readonly string[]>
}

async function withDovecot(options: DovecotOptions, run: (stage: Stage) => Promise<void>): Promise<void> {
  await using server = await startDovecot({ tls: false, ...options })
  await using sim = await startSimulator({ mailboxes: 1, messages: 0, language: 'en' })
  const user = first([...server.users])
  const account = first([...sim.accounts])
  const source = `imap://127.0.0.1:${server.port}?tls=none`
  const people = [{ ...account, sourceLogin: user.login, sourcePassword: user.password }]
  const clock = hastyClock()
  await using move = await migration({ source, destination: sim.exchange.url, people, clock })
  const prefix = options.layout === 'inbox-dot' ? 'INBOX.' : ''
  const deliver = async (folder: string, bytes: Buffer): Promise<void> => {
    await server.doveadm(['save', '-u', user.login, '-m', folder === 'INBOX' ? folder : `${prefix}${folder}`], bytes.toString('latin1'))
  }
  const old = async (): Promise<readonly string[]> => {
    const all = await mailOnServer({ port: server.port, user: user.login, pass: user.password })
    const subject = (bytes: Buffer): string => /^Subject: (.*)\r$/m.exec(bytes.toString('latin1'))?.[1] ?? ''
    return all.map(({ folder, bytes, flags }) => `${folder}: ${subject(bytes)} ${flags.join(' ')}`.trim()).sort()
  }
  for (const folder of ['Junk', 'Sent', 'Work'])
    await server.doveadm(['mailbox', 'create', '-u', user.login, `${prefix}${folder}`]).catch(() => '')
  for (const folder of ['INBOX', 'Work']) await deliver(folder, mail(`early-${folder}`, 'inbound', clock.now() - 48 * HOUR))
  const { failed, unexplained } = await move.copy()
  assert.deepEqual([failed, unexplained], [0, 0])
  const at = clock.now() + 1
  await clock.sleep(1000)
  const { stateDir, mailboxesFile } = move
  const rest = { caFile: null, only: [], env: {}, identity: null, cloud: 'global' } as const
  const ways = waysOf({ source, destination: sim.exchange.url, mailboxesFile, stateDir, ...rest }, at, clock)
  await run({ server, sim, to: sim.exchangeStore(account.target), at, deliver, old, ...ways })
}

test('T41, T43: late mail at a Dovecot is carried over once, also when its folders get new UIDs', { skip }, () =>
  withDovecot({}, async ({ server, to, at, late, deliver }) => {
    await deliver('INBOX', mail('late-1', 'inbound', at + HOUR))
    await deliver('Junk', mail('late-2', 'inbound', at + HOUR))
    await deliver('Work', mail('late-3', 'local', at + HOUR))
    await deliver('Sent', mail('late-4', 'own', at + HOUR))
    const one = await late()
    assert.deepEqual([one.complete, one.inbound, one.local, one.own, one.carried], [true, 2, 1, 1, 4], one.problems.join())
    assert.deepEqual(having(to, 'late-'), ['INBOX: late-1', 'Junk Email: late-2', 'Sent Items: late-4', 'Work: late-3'])
    const two = await late()
    assert.deepEqual([two.inbound, two.local, two.carried, two.mark], [0, 0, 0, one.mark])
    const login = server.users[0]?.login ?? ''
    await server.doveadm(['mailbox', 'update', '--uid-validity', '1900000000', '-u', login, 'INBOX'])
    await deliver('INBOX', mail('late-5', 'inbound', at + HOUR))
    const three = await late()
    assert.deepEqual([three.complete, three.inbound, three.local, three.carried], [true, 1, 0, 1], three.problems.join())
    assert.equal(having(to, 'INBOX').length, 3)
  }),
)

test('an old mailbox that is full is told, as it refuses the late mail that would be carried over', { skip }, () =>
  withDovecot({ quotaMegabytes: 1 }, async ({ at, late, deliver }) => {
    assert.equal((await late()).complete, true)
    await deliver('Work', mail('big', 'own', at - 48 * HOUR, 'x'.repeat(70).concat('\r\n').repeat(14_300)))
    const full = await late()
    assert.equal(full.complete, false)
    assert.match(full.problems.join(), /It is full \(storage 9\d %/)
  }),
)

test('T51, T52: what came to the new side reaches a Dovecot once, with flags and dates, and is not carried over again', { skip }, () =>
  withDovecot({ layout: 'inbox-dot' }, async ({ to, at, late, back, old }) => {
    const before = await old()
    const internalDate = new Date(Math.floor((at + HOUR) / 1000) * 1000)
    to.addMessage('INBOX', mail('new-1', 'exchange', at + HOUR), { flags: ['\\Seen', '\\Flagged'], internalDate })
    to.addMessage('Junk Email', mail('new-2', 'exchange', at + HOUR), { internalDate })
    to.addMessage('Sent Items', mail('new-3', 'own', at + HOUR), { flags: ['\\Seen'], internalDate })
    to.addMessage('Work', mail('new-4', 'exchange', at + HOUR), { internalDate })
    to.createFolder('Größe')
    to.addMessage('Größe', mail('new-5', 'exchange', at + HOUR), { internalDate })
    const one = await back()
    assert.deepEqual([one.complete, one.inbound, one.own, one.carried], [true, 4, 1, 5], one.problems.join())
    const two = await back()
    assert.deepEqual([two.complete, two.carried, two.mark], [true, 0, one.mark])
    assert.deepEqual(
      await old(),
      [
        ...before,
        'INBOX.Größe: new-5',
        'INBOX.Junk: new-2',
        'INBOX.Sent: new-3 \\Seen',
        'INBOX.Work: new-4',
        'INBOX: new-1 \\Flagged \\Seen',
      ].sort(),
    )
    const again = await late()
    assert.deepEqual([again.complete, again.carried], [true, 0], again.problems.join())
    assert.equal(having(to, 'new-').length, 5)
  }),
)
