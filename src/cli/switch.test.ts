import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { GuardView, SwitchResult, SwitchView } from '../api/switch-results.ts'
import type { SwitchWord } from '../api/switch-words.ts'
import { Failure } from '../model/failure.ts'
import { stage } from './cli.fixture.ts'
import { widthOf } from './printable.ts'

const LAG: GuardView = {
  guard: 'lag',
  title: 'every mailbox is copied, verified and up to date',
  passes: false,
  holds: false,
  reasons: ['1 mailbox is not verified: anna@example.org', 'hostile \u001b[31m words'],
  at: '2026-11-22T11:00:00.000Z',
  ageSeconds: 3600,
  notBefore: null,
  overridable: true,
  overridden: null,
  evidence: [12, 14],
}
const VIEW: SwitchView = {
  domain: 'example.org',
  phase: 'ready',
  says: 'everything is ready; a person decides when',
  since: '2026-11-22T10:00:00.000Z',
  next: 'switching',
  guards: [LAG],
  awaits: null,
  steps: [
    {
      step: 'switch',
      doneAt: null,
      lines: ['- example.org. 300 IN MX 10 mx.old.example.', '+ example.org. 300 IN MX 0 example-org.mail.protection.outlook.com.'],
    },
  ],
  attention: [],
  byHand: null,
  servers: { done: 0, all: 2 },
  paused: null,
  turnedBack: null,
  events: 14,
}
const result = (ended: SwitchResult['ended'], view = VIEW): SwitchResult => ({ view, ended, again: null, failure: null })

test('a guard that does not hold is told with its evidence, age and reasons, and the exit code is 3', async () => {
  const { code, out } = await stage({ switchRun: async () => result('refused') }).run('switch', 'example.org')
  assert.equal(code, 3)
  assert.match(out, /NO {3}lag: every mailbox is copied, verified and up to date \(seen 1 h ago,\s+events 12, 14\)/)
  assert.match(out, /1 mailbox is not verified: anna@example\.org/)
  assert.match(out, /--override, --reason and --name/)
  assert.ok(!out.includes('\u001b'))
  assert.ok(out.split('\n').every((line) => widthOf(line) <= 80))
})

test('where only time is missing it is told from when on it goes on, to the second where that is soon', async () => {
  const guard: GuardView = { ...LAG, notBefore: '2026-11-25T02:29:00.000Z', overridable: false }
  const again = '2026-11-23T01:33:11.000Z'
  const days = await stage({ switchRun: async () => ({ ...result('waits', { ...VIEW, guards: [guard] }), again }) }).run(
    'switch',
    'example.org',
  )
  assert.match(days.out, /Only time is missing\. It goes on from 2026-11-25T02:29Z at the earliest\./)
  const soon = await stage({ switchRun: async () => ({ ...result('refused'), again }) }).run('switch', 'example.org')
  assert.match(soon.out, /run it\s+again from 2026-11-23T01:33:11Z on/)
  assert.deepEqual([days.code, soon.code], [0, 3])
})

test('what is to be done by hand is shown line by line at the end, and needs a person', async () => {
  const byHand = 'Keep this first.\n1. Edit this record:\n     Value         hostile \u001b[31m words'
  const { code, out } = await stage({ switchRun: async () => result('by-hand', { ...VIEW, byHand }) }).run('switch', 'example.org')
  assert.equal(code, 3)
  assert.match(
    out,
    /lag: every mailbox[\s\S]*\nBy hand, for example\.org:\n  Keep this first\.\n  1\. Edit this record:\n       Value {9}hostile/,
  )
  assert.match(out, /have to be changed by hand\. Run it again afterwards/)
  assert.ok(!out.includes('\u001b'))
})

test('the switch is asked for with the records that change, and needs a name', async () => {
  const names: (string | null)[] = []
  const operations = {
    switchRun: async ({ approve }: { approve: (what: 'switch', view: SwitchView) => Promise<string | null> }) => {
      names.push(await approve('switch', VIEW))
      return result(names.at(-1) === null ? 'declined' : 'waits')
    },
  }
  const no = await stage(operations, { typed: 'n' }).run('switch', 'example.org', '--name', 'Anna')
  assert.match(no.err, /Switch the domain to the new side\? \[y\/N\]/)
  assert.match(no.out, /\+ example\.org\. 300 IN MX 0/)
  const yes = await stage(operations).run('switch', 'example.org', '--name', 'Anna', '--yes')
  assert.deepEqual([no.code, yes.code, names], [3, 0, [null, 'Anna']])
  assert.equal((await stage(operations).run('switch', 'example.org', '--yes')).code, 2)
})

test('--status asks nobody; a word of a person is handed on as it is said', async () => {
  const none = await stage({ switchStatus: async () => null }).run('switch', 'example.org', '--status')
  assert.deepEqual([none.code, none.out], [0, 'Nothing was begun for example.org.\n'])
  const words: SwitchWord[] = []
  const at = stage({ switchSay: async (_, word) => (words.push(word), VIEW) })
  await at.run('switch', 'example.org', '--override', 'lag', '--reason', 'known', '--name', 'Anna')
  await at.run('switch', 'example.org', '--pause', '--reason', 'holiday', '--name', 'Anna')
  await at.run('switch', 'example.org', '--overwrite-foreign', 'example.org MX', '--reason', 'ours', '--name', 'Anna')
  assert.deepEqual(words, [
    { say: 'override', guard: 'lag', reason: 'known', name: 'Anna' },
    { say: 'pause', reason: 'holiday', name: 'Anna' },
    { say: 'give-up', set: 'example.org MX', reason: 'ours', name: 'Anna' },
  ])
})

test('--rollback asks, writes the word down once, and goes on', async () => {
  const words: SwitchWord[] = []
  const turnedBack = { name: 'Anna', reason: 'x', scope: 'swapped' } as const
  const at = stage({
    switchStatus: async () => (words.length === 0 ? VIEW : { ...VIEW, turnedBack }),
    switchSay: async (_, word) => (words.push(word), VIEW),
    switchRun: async () => result('waits'),
  })
  const args = ['switch', 'example.org', '--rollback', '--reason', 'x', '--name', 'Anna', '--yes']
  assert.deepEqual([(await at.run(...args)).code, (await at.run(...args)).code, words.length], [0, 0, 1])
})

test('several domains go one after another: one that is held holds up no other, and the worst end counts', async () => {
  const asked: string[] = []
  const operations = {
    switchRun: async ({ domain }: { domain: string }) => {
      asked.push(domain)
      if (domain === 'wrong.example') throw new Failure('bad-input', '"wrong.example" is not among the domains of cutover.yaml.')
      return { ...result(domain === 'held.example' ? 'refused' : 'waits'), view: { ...VIEW, domain } }
    },
  }
  const some = await stage(operations).run('switch', 'a.example', 'held.example', 'A.example', 'b.example')
  assert.deepEqual([some.code, asked], [3, ['a.example', 'held.example', 'b.example']])
  assert.match(
    some.out,
    /3 domains:\n {2}a\.example: done, or only time is missing\n {2}held\.example: needs a person\n {2}b\.example: done/,
  )
  const wrong = await stage(operations).run('switch', 'wrong.example', 'b.example', '--json')
  assert.equal(wrong.code, 2)
  const told = JSON.parse(wrong.out) as { readonly domains: readonly { readonly domain: string; readonly result: object }[] }
  assert.deepEqual(
    told.domains.map(({ domain, result: one }) => [domain, Object.keys(one)[0]]),
    [
      ['wrong.example', 'error'],
      ['b.example', 'view'],
    ],
  )
})
