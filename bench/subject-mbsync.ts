import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { measured } from './measured.ts'
import type { MailboxAt } from './raw-imap.ts'
import { mustSucceed, type Subject } from './subject.ts'

const PATH = '/usr/bin/mbsync'

/** Debian's isync: C, one connection to each end. Adds a header (X-TUID) to every message it copies. */
export const mbsync: Subject = {
  name: 'mbsync',
  title: 'mbsync',
  tasks: ['initial', 'idle', 'mixed'],
  missing: () => (existsSync(PATH) ? null : 'not installed (apt-get install isync)'),
  startOnly: () => Promise.resolve(null),
  async run(_task, place, signal) {
    const state = join(place.stateFolder, 'mbsync')
    const file = join(place.stateFolder, 'mbsyncrc')
    await mkdir(state, { recursive: true })
    await writeFile(file, configuration(place.source, place.destination, state), { mode: 0o600 })
    const cost = await measured({ command: PATH, args: ['-c', file, '-q', 'all'], patienceSeconds: place.patienceSeconds }, signal)
    return mustSucceed(this.title, cost)
  },
}

function configuration(source: MailboxAt, destination: MailboxAt, state: string): string {
  return `${store('source', source)}${store('destination', destination)}
Channel all
Far :source:
Near :destination:
Patterns *
Sync Pull
Create Near
Expunge None
CopyArrivalDate yes
SyncState ${state}/
`
}

function store(name: string, { port, login, password }: MailboxAt): string {
  return `
IMAPStore ${name}
Host 127.0.0.1
Port ${port}
User ${login}
Pass ${password}
SSLType None
AuthMechs LOGIN
PathDelimiter /
`
}
