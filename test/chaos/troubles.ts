/** Every kind of trouble: one function that makes trouble while copies run. How they end is looked at afterwards. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, statfsSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

import type { Random } from '../../src/simulator/random.ts'
import type { Weather } from '../rig/proxy.ts'
import type { Finished, Running } from '../rig/process.ts'
import type { Ends, EndsKind, Side } from './ends.ts'

export type Phase = {
  readonly ends: Ends
  readonly random: Random
  readonly stateDir: string
  /** Starts `cutover copy`, into the round's state directory. */
  start(): Running
  /** Waits for its end and notes how it ended. */
  finish(running: Running): Promise<Finished>
}

export type Trouble = {
  readonly ends: readonly EndsKind[]
  /** Silence and waiting must be short: the hurried command line. */
  readonly hurried?: boolean
  /** Mail may not be changed, moved or deleted meanwhile, nor be without a name: without a ledger nobody can know. */
  readonly forgetful?: boolean
  /** Why it cannot be made here; null when it can. */
  readonly unable?: () => string | null
  readonly tokenLifetimeSeconds?: number
  make(phase: Phase): Promise<void>
  /** Called before the last run. */
  over?(phase: Phase): void
}

const SIDES: readonly [Side, Side] = ['source', 'destination']
const BOTH: readonly EndsKind[] = ['dovecot', 'exchange']

export const TROUBLES: Readonly<Record<string, Trouble>> = {
  /** SIGKILL at random instants. */
  kill: { ends: BOTH, make: async (phase) => await killed(phase, 1 + phase.random.int(3)) },
  /** Sockets reset after any number of bytes, in either direction. */
  cut: {
    ends: BOTH,
    hurried: true,
    make: (phase) => inWeather(phase, (bytes, direction) => ({ cutAfter: { direction, bytes } })),
  },
  /** The server does as told, and what it says about it is lost. */
  lost: {
    ends: BOTH,
    hurried: true,
    make: (phase) => inWeather(phase, (bytes) => ({ loseRepliesAfterBytes: Math.round(bytes / 20) })),
  },
  /** Half-open connections. */
  stall: {
    ends: BOTH,
    hurried: true,
    make: (phase) => inWeather(phase, (bytes, direction) => ({ stallAfter: { direction, bytes } })),
  },
  restart: {
    ends: BOTH,
    hurried: true,
    async make(phase) {
      const running = phase.start()
      for (let times = 1 + phase.random.int(3); times > 0; times--) {
        await midway(phase, running)
        await phase.ends.restart(phase.random.pick(SIDES))
      }
      await phase.finish(running)
    },
  },
  tokens: {
    ends: ['exchange'],
    tokenLifetimeSeconds: 2,
    async make({ ends, random, ...phase }) {
      suffer(ends, { delayMs: 5 + random.int(15), tokenCommands: 40 + random.int(60) })
      await phase.finish(phase.start())
    },
    over: ({ ends }) => suffer(ends, {}),
  },
  throttle: {
    ends: ['exchange'],
    hurried: true,
    async make({ ends, random, ...phase }) {
      const form = random.pick(['NO', 'BAD'] as const)
      suffer(ends, { throttle: { every: 2 + random.int(5), ms: 20 + random.int(200), form, disconnect: random.chance(0.3) } })
      await phase.finish(phase.start())
    },
    over: ({ ends }) => suffer(ends, {}),
  },
  'disk-full': {
    ends: BOTH,
    unable: () => (process.getuid?.() === 0 ? null : 'only root can mount a small disk'),
    async make(phase) {
      const { stateDir, random } = phase
      const mounted = existsSync(stateDir)
      mkdirSync(stateDir, { recursive: true })
      const { blocks, bfree, bsize } = statfsSync(stateDir)
      const sizeKb = (mounted ? ((blocks - bfree) * bsize) / 1024 : 120) + random.int(500)
      mount(...(mounted ? [] : ['-t', 'tmpfs']), '-o', `${mounted ? 'remount,' : ''}size=${sizeKb}k`, 'cutover-chaos', stateDir)
      await phase.finish(phase.start())
      mount('-o', 'remount,size=64m', 'cutover-chaos', stateDir)
    },
  },
  /** The state directory is gone after a copy that was killed: what arrived is adopted. */
  'ledger-lost': {
    ends: BOTH,
    forgetful: true,
    async make(phase) {
      await killed(phase, 1)
      rmSync(phase.stateDir, { recursive: true, force: true })
    },
  },
  /** The same command twice at the same moment: one of them does the work. */
  twice: {
    ends: BOTH,
    async make(phase) {
      const first = phase.start()
      await delay(phase.random.int(400))
      const second = phase.start()
      await Promise.all([phase.finish(first), phase.finish(second)])
    },
  },
}

function mount(...args: readonly string[]): void {
  execFileSync('mount', args)
}

async function killed(phase: Phase, times: number): Promise<void> {
  for (let time = 0; time < times; time++) {
    const running = phase.start()
    await midway(phase, running)
    running.kill()
    await phase.finish(running)
  }
}

/** At a random instant of a copy, or at its end: after so many bytes, or so much time, as the die falls. */
async function midway({ ends, random }: Phase, running: Running): Promise<void> {
  const proxy = ends.proxies[random.pick(SIDES)]
  // A delta moves few bytes: every size of number is as likely as any other then.
  const share = random.chance(0.5) ? random.next() : ends.bytes ** (random.next() - 1)
  const bytes = proxy.bytes.up + proxy.bytes.down + share * 1.2 * ends.bytes
  const untilMs = performance.now() + (random.chance(0.7) ? 20_000 : 200 + random.int(2000))
  const end = new AbortController()
  const over = running.finished.catch(() => null).finally(() => end.abort())
  const passed = (): number => proxy.bytes.up + proxy.bytes.down
  while (!end.signal.aborted && passed() < bytes && performance.now() < untilMs) await Promise.race([over, delay(1)])
}

/** Bad weather for some connections at one side, then a copy. */
async function inWeather(phase: Phase, weather: (bytes: number, direction: 'up' | 'down') => Weather): Promise<void> {
  const { ends, random } = phase
  const proxy = ends.proxies[random.pick(SIDES)]
  const connections = Array.from({ length: 1 + random.int(6) }, (_, at) => proxy.accepted + 1 + at)
  const bytes = Math.round(Math.exp(random.next() * Math.log(ends.bytes)))
  proxy.set({ ...weather(bytes, random.pick(['up', 'down'] as const)), connections })
  await phase.finish(phase.start())
  proxy.set({})
}

function suffer(ends: Ends, fault: Parameters<NonNullable<Ends['simulator']>['faults']['set']>[1]): void {
  for (const account of ends.simulator?.accounts ?? []) ends.simulator?.faults.set(account.target, fault)
}
