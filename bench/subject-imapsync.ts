import { spawnSync } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { measured } from './measured.ts'
import type { Task } from './options.ts'
import { mustSucceed, type Subject } from './subject.ts'

/** The tool that most people know: Perl, one command at a time. Measured where it is on the PATH. */
export const imapsync: Subject = {
  name: 'imapsync',
  title: 'imapsync',
  tasks: ['initial', 'idle', 'mixed'],
  missing: () =>
    spawnSync('imapsync', ['--version'], { stdio: 'ignore' }).status === 0 ? null : 'not installed (imapsync is not on the PATH)',
  startOnly: () => Promise.resolve(null),
  async run(task: Task, { source, destination, stateFolder, patienceSeconds }, signal) {
    await mkdir(stateFolder, { recursive: true })
    const ends = [source, destination].flatMap(({ port, login, password }, at) => {
      const end = at + 1
      const account = [`--user${end}`, login, `--password${end}`, password]
      return [`--host${end}`, '127.0.0.1', `--port${end}`, String(port), ...account, `--nossl${end}`, `--notls${end}`]
    })
    const quiet = ['--nolog', '--noreleasecheck', '--nofoldersizes', '--nofoldersizesatend', '--pidfile', join(stateFolder, 'imapsync.pid')]
    const removals = task === 'mixed' ? ['--delete2'] : []
    const args = [...ends, ...quiet, '--tmpdir', stateFolder, ...removals]
    return mustSucceed(this.title, await measured({ command: 'imapsync', args, patienceSeconds }, signal))
  },
}
