import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT, measured } from './measured.ts'
import { type Task, isVerify } from './options.ts'
import { mustSucceed, type Place, type Subject } from './subject.ts'

const LAUNCHER = join(ROOT, 'cutover')

/** The real command line, with its durable ledger. To look inside: NODE_OPTIONS="--cpu-prof --cpu-prof-dir=/tmp/profiles". */
export const us: Subject = {
  name: 'us',
  title: 'cutover',
  tasks: ['initial', 'idle', 'mixed', 'counts', 'fingerprints', 'content'],
  remembersPorts: true,
  missing: () => null,
  startOnly: (signal) => measured({ command: LAUNCHER, args: ['--version'], patienceSeconds: 30 }, signal),
  async run(task, place, signal) {
    const list = join(place.stateFolder, 'people.csv')
    const state = join(place.stateFolder, 'state')
    if (task === 'initial' && existsSync(state)) throw new Error('An initial pass needs a new state folder.')
    await mkdir(place.stateFolder, { recursive: true })
    const { source, destination } = place
    const row = [source.login, source.password, destination.login, destination.password].join(',')
    await writeFile(list, `source_login,source_password,target,target_password\n${row}\n`)
    const verb = isVerify(task) ? ['verify', '--level', task] : ['copy', ...connections(place)]
    const ends = ['--source', urlOf(source.port), '--destination', urlOf(destination.port), '--mailboxes', list, '--state', state]
    const args = [...verb, ...ends, '--json', '--quiet']
    const cost = await measured({ command: LAUNCHER, args, patienceSeconds: place.patienceSeconds }, signal)
    return checked(task, mustSucceed(this.title, cost), place)
  },
}

function connections({ connections }: Place): readonly string[] {
  return connections === null ? [] : ['--connections', String(connections)]
}

function urlOf(port: number): string {
  return `imap://127.0.0.1:${port}?tls=none`
}

/** A figure counts only when the books close. */
function checked(task: Task, cost: Awaited<ReturnType<typeof measured>>, { corpus }: Place): typeof cost {
  if (cost === null) return null
  const said = JSON.parse(cost.stdout) as { readonly found: number; readonly copied: number; readonly missing?: number }
  const whole = said.found === said.copied && (said.missing ?? 0) === 0 && said.found >= corpus.messages / 2
  if (!whole) throw new Error(`cutover (${task}) did not carry everything: ${cost.stdout.slice(0, 500)}`)
  return cost
}
