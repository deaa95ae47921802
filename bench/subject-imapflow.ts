import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { NODE, measured } from './measured.ts'
import { mustSucceed, type Subject } from './subject.ts'

const CHILD = join(import.meta.dirname, 'imapflow-child.ts')

/** What one writes in an afternoon: the usual IMAP library for Node, one message after the other, and a file to remember them. */
export const imapflow: Subject = {
  name: 'imapflow',
  title: 'imapflow',
  tasks: ['initial', 'idle', 'mixed'],
  missing: () => null,
  startOnly: () => Promise.resolve(null),
  async run(_task, { source, destination, stateFolder, patienceSeconds }, signal) {
    await mkdir(stateFolder, { recursive: true })
    const ends = [source, destination].flatMap(({ port, login, password }) => [String(port), login, password])
    const args = ['--disable-warning=ExperimentalWarning', CHILD, join(stateFolder, 'imapflow.json'), ...ends]
    return mustSucceed(this.title, await measured({ command: NODE, args, patienceSeconds }, signal))
  },
}
