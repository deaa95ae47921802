import { join } from 'node:path'
import { FOLDERS } from './corpus.ts'
import { NODE, measured, type Cost } from './measured.ts'
import { mustSucceed, type Place, type Subject } from './subject.ts'

const CHILD = join(import.meta.dirname, 'limit-child.ts')

/** Ready-made APPENDs in a pipeline on one connection, with no source, no ledger and no thought: what the destination takes at most. */
export const fill: Subject = limit('fill', 'limit: fill', ({ corpus, destination: { port, login, password } }) => [
  'fill',
  String(port),
  login,
  password,
  corpus.appendsFile,
])

/** The same with 64 messages an APPEND, which spares the server 63 of its syncs. */
export const fillMulti: Subject = limit('fill64', 'limit: fill by 64', ({ corpus, destination: { port, login, password } }) => [
  'fill',
  String(port),
  login,
  password,
  corpus.multiAppendsFile,
])

/** Every message fetched in a pipeline on one connection and thrown away: what the source gives at most. */
export const drain: Subject = limit('drain', 'limit: drain', ({ source: { port, login, password } }) => [
  'drain',
  String(port),
  login,
  password,
  ...FOLDERS.map(([name]) => name),
])

function limit(name: 'fill' | 'fill64' | 'drain', title: string, argsOf: (place: Place) => readonly string[]): Subject {
  return {
    name,
    title,
    tasks: ['initial'],
    missing: () => null,
    startOnly: () => Promise.resolve(null),
    async run(_task, place, signal) {
      const args = ['--disable-warning=ExperimentalWarning', CHILD, ...argsOf(place)]
      const cost = mustSucceed(title, await measured({ command: NODE, args, patienceSeconds: place.patienceSeconds }, signal))
      return cost === null ? null : withoutStart(cost)
    },
  }
}

/** The limit has no business with how long Node takes to start. */
function withoutStart(cost: Cost): Cost {
  const { seconds } = JSON.parse(cost.stdout) as { readonly seconds: number }
  return { ...cost, seconds }
}
