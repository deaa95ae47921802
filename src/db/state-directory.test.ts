import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createPrivateFile, createStateDirectory, lockStateDirectory } from './state-directory.ts'

function scratch(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'cutover-state-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

/** A process that takes the directory, says so or why not, and then waits to be killed. */
type Child = AsyncDisposable & { readonly pid: number | undefined; readonly says: string; kill(): Promise<void> }

async function child(directory: string): Promise<Child> {
  const code = `
    const { lockStateDirectory } = await import(process.argv[1])
    let says = 'taken'
    try { globalThis.lock = lockStateDirectory(process.argv[2]) } catch (error) { says = error.code + ': ' + error.message }
    process.stdout.write(says)
    setInterval(() => {}, 1000)`
  const module = new URL('./state-directory.ts', import.meta.url).href
  const process = spawn(globalThis.process.execPath, ['--input-type=module', '-e', code, module, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(process, 'exit')
  const kill = async (): Promise<void> => {
    process.kill('SIGKILL')
    await ended
  }
  const [says] = await once(process.stdout, 'data')
  return { pid: process.pid, says: String(says), kill, [Symbol.asyncDispose]: kill }
}

test('the state directory and its files are for their owner alone', () => {
  using dir = scratch()
  const state = join(dir.path, 'deep', 'state')
  createStateDirectory(state)
  createStateDirectory(state)
  using lock = lockStateDirectory(state)
  assert.ok(lock)
  assert.equal(statSync(state).mode & 0o777, 0o700)
  assert.equal(statSync(join(state, 'lock.sqlite')).mode & 0o777, 0o600)
})

test('a file in the place of the directory is bad input', () => {
  using dir = scratch()
  const path = join(dir.path, 'state')
  writeFileSync(path, '')
  assert.throws(() => createStateDirectory(path), { code: 'bad-input', message: /not a directory/ })
  assert.throws(() => createStateDirectory(join(path, 'below')), { code: 'bad-input' })
})

test('making sure of the files again does not let go of the lock on them', async () => {
  using dir = scratch()
  using lock = lockStateDirectory(dir.path)
  assert.ok(lock)
  createPrivateFile(join(dir.path, 'lock.sqlite'))
  await using other = await child(dir.path)
  assert.match(other.says, /^state-in-use/)
})

test('one process cannot take the directory twice, and can again after it let go', () => {
  using dir = scratch()
  const first = lockStateDirectory(dir.path)
  assert.throws(() => lockStateDirectory(dir.path), { code: 'state-in-use', message: new RegExp(`process ${process.pid}\\b`) })
  first[Symbol.dispose]()
  lockStateDirectory(dir.path)[Symbol.dispose]()
})

test('a second process is told the pid of the first, and gets in as soon as the first was killed', async () => {
  using dir = scratch()
  await using first = await child(dir.path)
  assert.equal(first.says, 'taken')
  assert.throws(() => lockStateDirectory(dir.path), { code: 'state-in-use', message: new RegExp(`process ${first.pid}\\b`) })
  await first.kill()
  await using second = await child(dir.path)
  assert.equal(second.says, 'taken')
  assert.throws(() => lockStateDirectory(dir.path), { code: 'state-in-use', message: new RegExp(`process ${second.pid}\\b`) })
  await second.kill()
  lockStateDirectory(dir.path)[Symbol.dispose]()
})

test('of several processes started at once exactly one gets the directory', async () => {
  using dir = scratch()
  const all = await Promise.all([1, 2, 3, 4].map(() => child(dir.path)))
  await Promise.all(all.map((one) => one.kill()))
  assert.equal(all.filter(({ says }) => says === 'taken').length, 1)
  assert.equal(all.filter(({ says }) => says.startsWith('state-in-use')).length, 3)
})
