import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bystandersText } from '../dns/plan/bystanders.ts'
import { attention } from './attention.ts'
import { decide } from './decide.ts'
import type { Happening, SwitchEvent } from './events.ts'
import type { GuardName } from './guard-names.ts'
import { passes, verdict, type Case } from './guards.ts'
import { shownAs } from './guards-ready.ts'
import type { Look, Looks, MovePlan } from './looks.ts'
import { reduceAll } from './reduce.ts'
import { USUAL } from './settings.ts'
import type { Phase } from './states.ts'

const NOBODY = { count: 0, first: [] }
const HOUR = 3_600_000
const name = 'example.org'
const old = { name, type: 'MX', ttlSeconds: 3600, data: ['10 mx.old.example'] } as const
const low = { ...old, ttlSeconds: 300 }
const now = { ...low, data: ['0 new.mail.example'] }
const PLAN: MovePlan = {
  domain: name,
  prepare: [],
  lower: [{ name, type: 'MX', before: old, after: low }],
  switch: [{ name, type: 'MX', before: low, after: now }],
  finish: [],
  routes: [{ name, type: 'MX' }],
  settleMs: 0,
}

function events(...all: readonly (readonly [number, Happening])[]): readonly SwitchEvent[] {
  return all.map(([at, payload], index) => ({ seq: index + 1, at, reading: { wallMs: at, boot: 'one', upMs: at }, payload, evidence: [] }))
}

function seen<K extends Look>(at: number, look: K, found: Looks[K]): readonly [number, Happening] {
  // What belongs together; the type of a union cannot say that.
  return [at, { type: 'seen', look, startedAt: at, found } as Happening]
}

const moved = (from: Phase, to: Phase): readonly [number, Happening] => [0, { type: 'moved', from, to }]
const ANALYSED = seen(0, 'analysis', { blockers: [], warnings: [], plan: PLAN })
const TO_READY = [
  moved('draft', 'analysed'),
  moved('analysed', 'snapshotted'),
  moved('snapshotted', 'prepared'),
  moved('prepared', 'ttl-lowered'),
  moved('ttl-lowered', 'ready'),
]
const TO_DRAINING = [
  ...TO_READY,
  moved('ready', 'switching'),
  moved('switching', 'switched-partial'),
  moved('switched-partial', 'switched'),
  moved('switched', 'draining'),
]

function at(time: number, ...all: readonly (readonly [number, Happening])[]): Case {
  return { state: reduceAll(events(ANALYSED, ...all)), now: time, settings: USUAL }
}

function lets(guard: GuardName, one: Case): boolean {
  return passes(verdict(guard, one))
}

const MX_HOST: Looks['mx-host'] = { named: 'new.mail.example', resolves: true, answers: 'starttls', said: '220 ready' }
const ALL_THERE: Looks['recipients'] = { host: 'new.mail.example', asked: 5, refused: NOBODY, unclear: NOBODY, relayed: NOBODY }
const TENANT: Looks['tenant'] = { problems: [], domainType: 'authoritative', relayTo: null }

test('T38 a new mail host that no longer resolves, is another one, or was looked at too long ago holds the switch', () => {
  assert.ok(lets('mx-host', at(0, seen(0, 'mx-host', MX_HOST))))
  assert.ok(!lets('mx-host', at(0, seen(0, 'mx-host', { ...MX_HOST, resolves: false }))))
  assert.ok(!lets('mx-host', at(0, seen(0, 'mx-host', { ...MX_HOST, named: 'other.mail.example' }))))
  assert.ok(!lets('mx-host', at(HOUR, seen(0, 'mx-host', MX_HOST))))
  const closed = verdict('mx-host', at(0, seen(0, 'mx-host', { ...MX_HOST, answers: 'port-closed-here' })))
  assert.ok(closed.holds && closed.reasons.length === 1, 'it is said that the host itself was not tried')
})

test('T39 one missing alias holds the switch; passed on by a connector it is let through with a note', () => {
  const one = { count: 1, first: ['sales@example.org'] }
  assert.ok(!lets('recipients', at(0, seen(0, 'recipients', { ...ALL_THERE, refused: one }), seen(0, 'tenant', TENANT))))
  const relayed = seen(0, 'recipients', { ...ALL_THERE, relayed: one })
  assert.ok(!lets('recipients', at(0, relayed, seen(0, 'tenant', { ...TENANT, domainType: 'internal-relay' }))))
  const said = verdict(
    'recipients',
    at(0, relayed, seen(0, 'tenant', { ...TENANT, domainType: 'internal-relay', relayTo: 'mx.old.example' })),
  )
  assert.ok(said.holds)
  assert.match(said.reasons.join(' '), /sales@example.org/)
})

test('what was never looked at holds nothing true, and evidence is named by its events', () => {
  const none = verdict('lag', at(0))
  assert.deepEqual([none.holds, none.at, none.evidence], [false, null, []])
  assert.deepEqual(verdict('tenant', at(0, seen(0, 'tenant', TENANT))).evidence, [2])
})

test('a guard that may be passed over is, by name and reason; one that waits for an instant is not', () => {
  const over = (guard: GuardName): readonly [number, Happening] => [0, { type: 'overridden', guard, reason: 'known', name: 'anna' }]
  const lag = verdict('lag', at(0, over('lag')))
  assert.deepEqual([lag.holds, passes(lag), lag.overridden], [false, true, { name: 'anna', reason: 'known' }])
  assert.ok(!lets('horizon', at(0, over('horizon'))))
  assert.ok(!lets('lag', at(0, over('lag'), [0, { type: 'override-ended', guard: 'lag', name: 'anna' }])))
})

test('a decision holds for the plan that was shown, and not for long', () => {
  const one = at(0)
  const decided = (shown: string): readonly [number, Happening] => [0, { type: 'decided', decision: 'switch', name: 'anna', shown }]
  const right = decided(shownAs(one.state, 'switch'))
  assert.ok(lets('approval-switch', at(0, right)))
  assert.ok(!lets('approval-switch', at(0, decided('another plan'))))
  assert.ok(!lets('approval-switch', at(HOUR, right)))
})

const fleet = (time: number, set: { readonly data: readonly string[]; readonly ttlSeconds: number }): readonly [number, Happening] =>
  seen(time, 'fleet', {
    servers: [{ server: 'ns1', sets: [{ name, type: 'MX', status: 'served', data: set.data, ttlSeconds: set.ttlSeconds }] }],
  })

test('T40 while one name server is behind, no horizon is begun', () => {
  const behind = seen(2, 'fleet', {
    servers: [now, low].map((set, index) => ({
      server: `ns${index}`,
      sets: [{ name, type: 'MX', status: 'served', data: set.data, ttlSeconds: 300 }],
    })),
  })
  const one = at(3, fleet(1, low), behind)
  assert.ok(lets('one-new', one))
  assert.ok(!lets('all-new', one))
  const horizon = verdict('horizon', one)
  assert.deepEqual([horizon.holds, horizon.notBefore], [false, null])
})

const COPY: Looks['delta'] = { complete: true, mark: '7', inbound: 0, local: 0, own: 0, carried: 0, problems: [] }
const DAY = 24 * HOUR
const switched = (...rest: readonly (readonly [number, Happening])[]): readonly (readonly [number, Happening])[] => [
  fleet(0, low),
  fleet(HOUR, now),
  ...rest,
  fleet(20 * DAY, now),
]

test('T42 what a person puts into an old mailbox is told and does not reset the quiet time; mail from outside does', () => {
  const own = seen(2 * DAY, 'delta', { ...COPY, own: 3, carried: 3 })
  const late = seen(2 * DAY, 'delta', { ...COPY, inbound: 1 })
  const after = seen(2 * DAY + HOUR, 'delta', COPY)
  assert.ok(lets('quiet', at(2 * DAY + HOUR, ...switched(own, after))))
  assert.ok(!lets('quiet', at(2 * DAY + HOUR, ...switched(late, after))))
  const one = at(2 * DAY, ...TO_DRAINING, [0, { type: 'writing', step: 'switch' }], own)
  assert.ok(attention(one).some(({ code }) => code === 'own-use'))
})

test('T44 an old mailbox that can no longer be read lets nothing become quiet, and is red', () => {
  const blind = seen(5 * DAY, 'delta', { ...COPY, complete: false, problems: ['anna: the password was refused.'] })
  const one = at(5 * DAY, ...TO_DRAINING, [0, { type: 'writing', step: 'switch' }], ...switched(blind))
  assert.ok(!lets('quiet', one) && !lets('deltas', one))
  assert.ok(attention(one).some(({ code, severity }) => code === 'copy' && severity === 'red'))
})

test('how the old host routes mail is shown by what it says of an address that nobody has', () => {
  const host = { host: 'mx.old.example', routing: 'unknown', answers: 'accepts', said: '250 ok' } as const
  const told = (more: Partial<Looks['old-host']>): string => {
    const { holds, reasons } = verdict('old-host', at(0, seen(0, 'old-host', { ...host, ...more })))
    return `${holds} ${reasons.join(' ')}`
  }
  assert.match(told({}), /^true Nobody can see how/)
  assert.match(told({ delivers: 'itself' }), /^true .* delivers mail of the domain itself now/)
  assert.match(told({ delivers: 'anything', routing: 'local' }), /^true .* takes mail also for an address that nobody has/)
  assert.equal(told({ delivers: 'itself', routing: 'local' }), 'true ')
})

test('T47 an old host that refuses mail is red with the next look', () => {
  const refusing = seen(HOUR, 'old-host', { host: 'mx.old.example', routing: 'auto', answers: 'refuses', said: '550 no such domain' })
  const one = at(HOUR, ...TO_DRAINING, [0, { type: 'writing', step: 'switch' }], refusing)
  assert.ok(attention(one).some(({ code, severity }) => code === 'old-host' && severity === 'red'))
})

test('T55 resolvers that can no longer find the domain hold the switch back and are red', () => {
  const failing = seen(60_000, 'resolvers', {
    resolvers: [
      { resolver: '192.0.2.53', answers: 'server-failed' },
      { resolver: '192.0.2.54', answers: 'new' },
    ],
  })
  const one = at(60_000, ...TO_DRAINING, [0, { type: 'writing', step: 'switch' }], failing)
  assert.ok(!lets('resolvers', one))
  assert.ok(attention(one).some(({ code }) => code === 'resolvers'))
})

test('T56 an old host that somebody adds to MX again is red with the next reading', () => {
  const backup = { ...now, data: [...now.data, ...old.data] }
  const one = at(3 * DAY, ...TO_DRAINING, fleet(0, low), fleet(HOUR, now), fleet(3 * DAY, backup))
  assert.ok(attention(one).some(({ code }) => code === 'drift'))
  assert.ok(!lets('all-new', one))
})

test('I3 a set that no step changes is named where it is not as at the beginning, and holds nothing up', () => {
  const [www, web] = [
    { name: 'www.example.test', type: 'A' as const },
    { name: 'example.test', type: 'CAA' as const },
  ]
  const sets = [
    { ...www, ttlSeconds: 300, data: ['192.0.2.80'] },
    { ...web, ttlSeconds: 300, data: ['0 issue "ca.example"'] },
  ]
  const zone = (after: number, now: typeof sets) =>
    seen(after, 'zone', { provider: 'a host', writable: null, sets: [], outside: bystandersText([www, web], now) })
  const told = (...events: readonly (readonly [number, Happening])[]): readonly string[] =>
    attention(at(DAY, ...TO_DRAINING, ...events)).flatMap(({ code, says }) => (code === 'bystanders' ? [says] : []))
  assert.deepEqual(told(zone(0, sets), zone(HOUR, sets)), [])
  assert.deepEqual(told(zone(0, sets), zone(HOUR, sets.slice(1))), [
    'www.example.test A is not as at the beginning, and no step of the switch changes that: somebody else did.',
  ])
  assert.equal(
    told(
      zone(0, sets),
      zone(
        HOUR,
        [...sets].map((set) => ({ ...set, ttlSeconds: 60 })),
      ),
    ).length,
    1,
  )
})

test('T57 the old host may not go before its day, with recent mail, or while it cannot be read', () => {
  assert.ok(!lets('tail', at(13 * DAY, ...switched())))
  assert.ok(lets('tail', at(14 * DAY + HOUR, ...switched())))
  const recent = seen(20 * DAY - HOUR, 'delta', { ...COPY, inbound: 1 })
  assert.ok(!lets('quiet', at(20 * DAY, ...switched(recent))))
  const same = [seen(19 * DAY, 'delta', COPY), seen(20 * DAY, 'delta', COPY)]
  assert.ok(lets('deltas', at(20 * DAY, ...switched(...same))))
  assert.ok(!lets('deltas', at(20 * DAY, ...switched(seen(19 * DAY, 'delta', COPY), seen(20 * DAY, 'delta', { ...COPY, mark: '8' })))))
})

test('T49 a word to go back is obeyed from every phase that follows the picture, also where it is paused', () => {
  const kept = seen(0, 'snapshot', { file: 'before.json', sha256: 'x', readBack: true, says: [] })
  const word: readonly [number, Happening] = [0, { type: 'turned-back', scope: 'swapped', reason: 'broken', name: 'anna' }]
  const paused: readonly [number, Happening] = [0, { type: 'paused', reason: 'lunch', name: 'ben' }]
  for (let count = 2; count <= TO_DRAINING.length; count++) {
    const { commands } = decide(at(0, kept, ...TO_DRAINING.slice(0, count), paused, word))
    assert.deepEqual(
      commands.map((command) => (command.do === 'move' ? command.to : command.do)),
      ['rolling-back'],
    )
  }
})

test('paused, nothing is written and nothing moves; looking goes on', () => {
  const one = at(0, ...TO_DRAINING.slice(0, 3), [0, { type: 'paused', reason: 'lunch', name: 'ben' }])
  const { commands } = decide(one)
  assert.ok(commands.length > 0)
  assert.ok(commands.every((command) => command.do === 'look'))
})
