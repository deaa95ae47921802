import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AcceptanceResult } from '../api/project-acceptance.ts'
import type { ProjectNext } from '../api/project-next.ts'
import type { PhaseOperations } from '../api/project-phases.ts'
import type { ProjectRunInput } from '../api/project-run.ts'
import { stage } from './cli.fixture.ts'
import { widthOf } from './printable.ts'

const AT = Date.UTC(2026, 10, 23, 8)
const PERSON = {
  id: 'provision.changes',
  phase: 'provision',
  says: '27 changes of the tenant are to be made, for \u001B[31mred\u001B[0m@example.org too, once somebody agreed to them.',
  command: 'run',
  needs: 'person',
  notBefore: null,
  waivable: true,
} as const
const TIME = { ...PERSON, id: 'cutover.planned', phase: 'cutover', says: 'It is not time yet.', needs: 'time', notBefore: AT } as const

const NEXT: ProjectNext = {
  project: 'example',
  customer: 'Example Ltd',
  at: AT,
  timeZone: 'Europe/Berlin',
  phase: 'provision',
  entered: 'cutover',
  closed: false,
  blockers: [PERSON, TIME],
  waived: [],
  command: 'tenant connect',
  because: 'The tenant lacks a permission.',
  notBefore: null,
  cutoverAt: AT,
  mailboxes: { all: 3, begun: 2, copied: 2, verified: 1, paused: 0 },
  lag: { mailbox: 'anna', lagMs: 90_000 },
  definitionFile: '/projects/my example/cutover.yaml',
  stateDir: '/projects/my example/state',
  reportsDir: '/projects/my example/reports',
  hasOthers: true,
}

function phases(more: Partial<PhaseOperations>): { phases: () => Promise<PhaseOperations> } {
  const missing = () => Promise.reject(new Error('this test has no such operation'))
  return { phases: async () => ({ next: async () => NEXT, run: missing, acceptance: missing, waiveCriterion: missing, ...more }) }
}

test('next tells phase, blockers and one command that can be pasted, in 80 columns, and shows nothing hostile', async () => {
  const { code, out } = await stage(phases({})).run('next')
  assert.equal(code, 3)
  assert.match(out, /provision is open again; cutover was reached/)
  assert.match(out, /PERSON 27 changes/)
  assert.match(out, /\(provision\.changes\)/)
  assert.match(out, /Not before Mon, 23 Nov 2026, 09:00\./)
  assert.ok(out.includes("Now: cutover tenant connect -f '/projects/my example/cutover.yaml' --state '/projects/my example/state'"), out)
  assert.ok(!out.includes('\u001B'))
  for (const line of out.split('\n')) assert.ok(line.startsWith('Now: ') || widthOf(line) <= 80, line)
})

test('next names the project in its command where there are several, alone with --quiet, and is JSON with --json', async () => {
  const view = { ...NEXT, command: 'run', blockers: [TIME] }
  const scene = (): ReturnType<typeof stage> => stage(phases({ next: async () => view }))
  assert.deepEqual(await scene().run('next', '--quiet'), { code: 0, out: 'cutover run --project example\n', err: '' })
  const json = await scene().run('next', '--json')
  assert.equal(JSON.parse(json.out).typed, 'cutover run --project example')
})

const CHANGE = { what: 'tenant', digest: 'x', says: 'Make this change of the tenant?', lines: ['Create the user anna@example.org'] }

/** Asks once, and tells who agreed. */
function asking(answers: (string | null)[]): Partial<PhaseOperations> {
  return {
    run: async ({ approve, onDone }: ProjectRunInput) => {
      answers.push(await approve(CHANGE))
      onDone({ at: AT, phase: 'provision', says: 'the tenant is as the definition wants it', ok: true })
      return { view: NEXT, steps: [], ended: 'gate', again: null }
    },
  }
}

test('run shows a change before it asks, takes --yes with a name alone, and goes on where nobody is there', async () => {
  const answers: (string | null)[] = []
  const nobody = await stage(phases(asking(answers))).run('run')
  assert.equal(nobody.code, 3)
  assert.match(nobody.out, /- Create the user anna@example\.org/)
  const nameless = await stage(phases(asking(answers))).run('run', '--yes')
  assert.equal(nameless.code, 2)
  const agreed = await stage(phases(asking(answers))).run('run', '--yes', '--name', 'Anna')
  assert.match(agreed.out, /Agreed by Anna\./)
  assert.match(agreed.out, /11-23 09:00 provision the tenant is as the definition wants it/)
  const typed = await stage(phases(asking(answers)), { typed: 'y' }).run('run', '--name', 'Ben')
  assert.equal(typed.code, 3)
  assert.deepEqual(answers, [null, 'Anna', 'Ben'])
})

test('a step of run keeps to the columns of the terminal, in every phase', async () => {
  const says = 'What was copied is compared, message by message, and the other one with it'
  const run = async ({ onDone }: ProjectRunInput): ReturnType<PhaseOperations['run']> => {
    for (const phase of ['assess', 'provision'] as const) onDone({ at: AT, phase, says: `${phase}: ${says}\nand more of it`, ok: true })
    return { view: NEXT, steps: [], ended: 'gate', again: null }
  }
  const { out } = await stage(phases({ run })).run('run')
  assert.match(out, /11-23 09:00 provision provision: What was copied/)
  assert.doesNotMatch(out, /\\n/)
  assert.deepEqual(
    out.split('\n').filter((line) => line.length > 80 && !line.startsWith('Now: ')),
    [],
  )
})

test('next says of a closed project where its reports are', async () => {
  const { out } = await stage(phases({ next: async () => ({ ...NEXT, closed: true, blockers: [] }) })).run('next')
  assert.match(out, /^ {2}closed\n/m)
  assert.match(out, /^ {2}reports: \/projects\/my example\/reports\n/m)
})

test('acceptance tells what is not met with its proof, and exits with 3', async () => {
  const result: AcceptanceResult = {
    project: 'example',
    timeZone: 'Europe/Berlin',
    accepted: false,
    criteria: [
      {
        id: 'mail',
        title: 'Mail is sent and received, also in a line that has to go on',
        outcome: 'failed',
        says: '',
        at: AT,
        waived: null,
        proofs: [
          { about: 'Mail from outside', says: 'did not arrive', ok: false },
          { about: 'Mail to the outside', says: 'arrived', ok: true },
        ],
      },
    ],
  }
  const { code, out } = await stage(phases({ acceptance: async () => result })).run('acceptance')
  assert.equal(code, 3)
  assert.match(out, /^NOT MET {5}Mail is sent and received.*\n {12}\S/)
  assert.match(out, /- Mail from outside: did not arrive/)
  assert.doesNotMatch(out, /Mail to the outside/)
})
