/** A verification that was broken off goes on where it was: folders that were done and have not moved are taken over. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'

import type { VerifyInput } from '../../src/api/operations.ts'
import type { VerifyResult } from '../../src/api/results.ts'
import { openLedger } from '../../src/ledger/ledger.ts'
import { Failure } from '../../src/model/failure.ts'
import type { Folder, MailStore } from '../../src/simulator/mail-store.ts'
import { runCutover, startCutover } from '../rig/process.ts'
import { simulatedMigration, type SimulatedMigration } from './migration.ts'

const MAIL = { mailboxes: 1, messages: 90, medianBytes: 1500, maxBytes: 20_000, language: 'en' } as const

async function copiedWorld(): Promise<SimulatedMigration> {
  const world = await simulatedMigration(MAIL)
  const { found, copied, skipped } = await world.move.copy()
  assert.equal(found, copied + skipped)
  return world
}

const storeOf = ({ sim }: SimulatedMigration): MailStore => sim.sourceStore(sim.accounts[0]?.sourceLogin ?? '')
const copyOf = ({ sim }: SimulatedMigration): MailStore => sim.exchangeStore(sim.accounts[0]?.target ?? '')

type Run = { readonly result: VerifyResult; readonly looked: readonly string[]; readonly notes: readonly string[] }

/** Verifies and tells which folders were looked at; stopped, as by Ctrl-C, when it comes to the folder after `folders` others. */
async function verified({ move }: SimulatedMigration, folders = Infinity, options: Partial<VerifyInput> = {}): Promise<Run> {
  const stop = new AbortController()
  const looked: string[] = []
  const notes: string[] = []
  const result = await move.verify({
    ...options,
    signal: stop.signal,
    onProgress({ phase, folder, note }) {
      if (note !== null && note !== notes.at(-1)) notes.push(note)
      if (phase !== 'verify' || folder === null || folder === looked.at(-1)) return
      looked.push(folder)
      if (looked.length > folders) stop.abort(new Failure('stopped', 'Stopped on request.'))
    },
  })
  return { result, looked, notes }
}

const sum = ({ found, missing, extra, different, unexplained, compared }: VerifyResult): object => ({
  found,
  missing,
  extra,
  different,
  unexplained,
  compared,
})

test('stopped after three folders, the next run takes those over and looks at the others; after its end all are looked at again', async () => {
  await using world = await copiedWorld()
  const whole = await verified(world)
  const first = await verified(world, 3, { manifestFile: join(world.move.folder, 'proof.json') })
  assert.equal(first.result.mailboxes[0]?.failure?.code, 'stopped')
  assert.equal(first.result.manifestFile, null)
  assert.ok(!existsSync(join(world.move.folder, 'proof.json')), 'half a verification is no proof')

  const second = await verified(world)
  assert.equal(second.result.foldersTakenOver, 3)
  assert.deepEqual(second.notes, [`3 of ${whole.looked.length} folders verified before`])
  assert.deepEqual([...first.looked.slice(0, 3), ...second.looked], whole.looked)
  assert.deepEqual(sum(second.result), sum(whole.result))
  assert.deepEqual(second.result.mailboxes, whole.result.mailboxes)

  const third = await verified(world)
  assert.deepEqual([third.result.foldersTakenOver, third.looked], [0, whole.looked])
})

test('stopped twice, the third run has what both of them did', async () => {
  await using world = await copiedWorld()
  await verified(world, 2)
  await verified(world, 2)
  const { result, looked } = await verified(world)
  assert.equal(result.foldersTakenOver, 4)
  assert.ok(looked.length > 0)
})

test('another level, another sample and --fresh take nothing over', async () => {
  await using world = await copiedWorld()
  for (const options of [{ level: 'fingerprints' }, { sample: { percent: 50 } }, { fresh: true }] as const) {
    await verified(world, 3)
    assert.equal((await verified(world, Infinity, options)).result.foldersTakenOver, 0, JSON.stringify(options))
  }
})

test('a folder that moved at either end since is looked at again', async () => {
  await using world = await copiedWorld()
  const { looked } = await verified(world, 3)
  const [atSource = '', atDestination = ''] = looked
  storeOf(world).addMessage(
    folderAt(storeOf(world), atSource).name,
    Buffer.from('Message-ID: <new@example.org>\r\nSubject: new\r\n\r\nx\r\n'),
  )
  const copies = copyOf(world)
  const there = folderAt(copies, atDestination)
  copies.removeMessage(there.name, there.messages[0]?.uid ?? 0)
  const { result } = await verified(world)
  assert.deepEqual([result.foldersTakenOver, result.missing], [1, 2])
})

test('what was found before is told again with its subject, which the ledger does not hold', async () => {
  await using world = await copiedWorld()
  const copies = copyOf(world)
  const inbox = folderAt(copies, 'INBOX')
  const lost = Buffer.from('Message-ID: <lost@example.org>\r\nSubject: Utterly confidential\r\n\r\nx\r\n')
  storeOf(world).addMessage('INBOX', lost)
  copies.removeMessage(inbox.name, inbox.messages[0]?.uid ?? 0)
  const { looked } = await verified(world, 3)
  assert.equal(looked[0], 'INBOX')
  const ledger = await readFile(join(world.move.stateDir, 'ledger.sqlite'))
  assert.ok(!ledger.includes('Utterly confidential'))
  const { result } = await verified(world)
  assert.deepEqual([result.foldersTakenOver, result.missing], [3, 2])
  assert.ok(result.differences.some(({ kind, subject }) => kind === 'missing' && subject === 'Utterly confidential'))
  const repaired = await verified(world, Infinity, { repair: true })
  assert.deepEqual([repaired.result.missing, repaired.result.repaired], [0, 2])
})

test('killed in the middle, and Ctrl-C in the next run: exit code 3, the way to go on, and the rest in the end', async () => {
  await using world = await copiedWorld()
  const { sim, move } = world
  const target = sim.accounts[0]?.target ?? ''
  const args = move.args('verify', '--level', 'content')
  const done = (): number => {
    using ledger = openLedger(move.stateDir, { readOnly: true })
    return ledger.verifications(1).length
  }
  sim.faults.set(target, { delayMs: 15 })
  {
    await using running = startCutover(args)
    while (done() < 2) await delay(5)
    running.kill()
    assert.equal((await running.finished).signal, 'SIGKILL')
  }
  {
    await using running = startCutover(args, { interruptAt: /folders verified before/ })
    const { code, stderr, stdout } = await running.finished
    assert.equal(code, 3, stdout)
    assert.match(stderr, /^Stopped\. Nothing is lost\. To go on, run the same command again:\n.*verify --source/m)
  }
  sim.faults.clear(target)
  const { code, stdout } = await runCutover(args)
  assert.equal(code, 0, stdout)
  assert.match(stdout, /^\d+ of \d+ folders verified before, by the run that was broken off/m)
})

function folderAt(store: MailStore, path: string): Folder {
  const folder = store.folder(path)
  if (folder === undefined) throw new RangeError(`no folder ${path}`)
  return folder
}
