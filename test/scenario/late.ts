/** A domain that was switched: mail that still comes to the old server, mail that comes to the new side, and the ways over and back. */
import { copyBack, type CopyBackResult } from '../../src/api/copy-back.ts'
import { COPY_DEFAULTS } from '../../src/api/defaults.ts'
import { carryLateMail, type LateCopy } from '../../src/api/late-mail.ts'
import { tryWayBack } from '../../src/api/way-back-trial.ts'
import type { Addresses } from '../../src/api/operations.ts'
import { realWorld } from '../../src/app.ts'
import type { Clock } from '../../src/lib/clock.ts'
import type { MailStore } from '../../src/simulator/mail-store.ts'
import type { Simulator } from '../../src/simulator/simulator.ts'
import { first, hastyClock, type Migration, simulatedMigration } from './migration.ts'

export const OLD_MX = 'mx1.old.test'
/** What the simulator runs at is now, so the switch was a while ago. */
export const switchTime = (): number => Date.now() - 2 * 3_600_000

export type How = 'inbound' | 'local' | 'own' | 'exchange'

/** A message as it looks where it arrived: by SMTP at the old MX, made on the old host, filed by a program, or received by Exchange. */
export function mail(id: string, how: How, at: number, body = `This is ${id}.`): Buffer {
  const date = new Date(at).toUTCString().replace('GMT', '+0000')
  const received = {
    inbound: [`Received: from out.partner.test (out.partner.test [192.0.2.7]) by ${OLD_MX} (Postfix) with ESMTPS; ${date}`],
    local: [`Received: by ${OLD_MX} (Postfix, from userid 33) id 4Xy; ${date}`],
    own: [],
    exchange: [
      `Received: from AM0.prod.outlook.com (2603::1) by DB9.prod.outlook.com (2603::2) with HTTPS; ${date}`,
      `Received: from out.partner.test (192.0.2.7) by AM5.mail.protection.outlook.com with Microsoft SMTP Server; ${date}`,
    ],
  }[how]
  const lines = [...received, `Message-ID: <${id}@partner.test>`, `Date: ${date}`, 'From: pat@partner.test', 'To: anna@example.test']
  return Buffer.from([...lines, `Subject: ${id}`, '', body, ''].join('\r\n'), 'latin1')
}

export type Switched = {
  readonly sim: Simulator
  readonly move: Migration
  readonly from: MailStore
  readonly to: MailStore
  readonly at: number
  readonly ends: Addresses
  readonly late: () => Promise<LateCopy>
  readonly back: () => Promise<CopyBackResult>
  readonly tryBack: () => Promise<readonly string[]>
}

/** One mailbox with ten messages that was copied before the switch. */
export async function afterSwitch(run: (stage: Switched) => Promise<void>): Promise<void> {
  await using world = await simulatedMigration({ mailboxes: 1, messages: 0, language: 'en' })
  const { sim, move } = world
  const { sourceLogin, target } = first(sim.accounts)
  const [from, to] = [sim.sourceStore(sourceLogin), sim.exchangeStore(target)]
  const at = switchTime()
  for (const name of ['Work', 'Junk', 'Sent']) if (from.folder(name) === undefined) from.createFolder(name)
  for (let n = 0; n < 10; n++) {
    const internalDate = new Date(at - (n + 2) * 86_400_000)
    from.addMessage(n % 2 === 0 ? 'INBOX' : 'Work', mail(`early-${n}`, 'inbound', internalDate.getTime()), {
      flags: ['\\Seen'],
      internalDate,
    })
  }
  await move.copy()
  const ends = oldAndNew(move, sim)
  await run({ sim, move, from, to, at, ends, ...waysOf(ends, at) })
}

function oldAndNew(move: Migration, sim: Simulator): Addresses {
  const { stateDir, mailboxesFile } = move
  return {
    source: sim.source.url,
    destination: sim.exchange.url,
    mailboxesFile,
    stateDir,
    caFile: null,
    only: [],
    env: {},
    identity: null,
    cloud: 'global',
  }
}

/** The way over and the way back between these two ends; each tells what is new since it was last asked. */
export function waysOf(ends: Addresses, at: number, clock: Clock = hastyClock()): Pick<Switched, 'late' | 'back' | 'tryBack'> {
  const world = { ...realWorld(), clock }
  const watch = { signal: new AbortController().signal, onMailboxes: () => {}, onProgress: () => {} }
  const terms = { at, ttlSeconds: 300, oldHosts: [OLD_MX] }
  const marks: { late: string | null; back: string | null } = { late: null, back: null }
  const limits = { connections: null, mailboxesAtOnce: null, bytesPerSecond: null, retryFailed: false }
  return {
    async late() {
      const done = await carryLateMail(world, { ...ends, ...watch, ...COPY_DEFAULTS, afterSwitch: terms, mark: marks.late })
      marks.late = done.mark
      return done
    },
    tryBack: () => tryWayBack(world, ends, watch.signal),
    async back() {
      const done = await copyBack(world, { ...ends, ...watch, ...limits, since: at - 3_600_000, oldHosts: [OLD_MX], mark: marks.back })
      marks.back = done.mark
      return done
    },
  }
}

/** `folder: subject flags` of every message, sorted. */
export function contents(store: MailStore): readonly string[] {
  return store
    .folders()
    .flatMap((folder) =>
      folder.messages.map((message) => {
        const subject = /^Subject: (.*)\r$/m.exec(message.content.bytes().toString('latin1'))?.[1]
        return `${folder.name}: ${subject} ${[...message.flags].sort().join(' ')}`.trim()
      }),
    )
    .sort()
}

/** Those of `contents` with this in them. */
export function having(store: MailStore, text: string): readonly string[] {
  return contents(store).filter((line) => line.includes(text))
}
