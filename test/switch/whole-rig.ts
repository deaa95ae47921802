/** A domain at a real BIND, its old mail host and its tenant, mail that comes all the while, and the switch between them. */
import { createTransport } from 'nodemailer'
import type { Clock } from '../../src/lib/clock.ts'
import type { SwitchRunInput } from '../../src/api/switch.ts'
import type { SwitchResult } from '../../src/api/switch-results.ts'
import { startMailWorld, type MailWorld } from '../../src/mail-simulator/mail-world.ts'
import { dovecot } from '../../src/simulator/dovecot.ts'
import { startImapServer } from '../../src/simulator/imap-server.ts'
import type { MailStore } from '../../src/simulator/mail-store.ts'
import { startDnsFront, type DnsFront } from '../rig/dns-front.ts'
import { startBind } from '../servers/bind.ts'
import { hastyClock } from '../scenario/migration.ts'
import { PEOPLE, switchRig, type SwitchRig } from './switch-rig.ts'

export const DOMAIN = 'example.test'
const [SECOND, HOUR] = [1000, 3_600_000]

/** Where nothing but time is missing, it passes in larger steps. */
const LONGER: Readonly<Record<string, number>> = {
  draining: 6 * HOUR,
  quiet: 12 * HOUR,
  finalised: 24 * HOUR,
  'reverse-draining': 12 * HOUR,
}

export type WholeRig = SwitchRig & {
  readonly mail: MailWorld
  /** Of the name server. */
  readonly port: number
  /** What changes the records passes by it. */
  readonly front: DnsFront
  /** Runs the switch again and again, each time with `more`, lets time pass in between, and mail come, until `until` holds. */
  drive(until: (result: SwitchResult) => boolean | Promise<boolean>, more?: () => Partial<SwitchRunInput>): Promise<SwitchResult>
  /** One message handed in at this side; kept where it was accepted. */
  send(side: 'old' | 'new', to: string): Promise<void>
  /** Every message that was ever accepted. */
  readonly accepted: ReadonlyMap<string, { readonly to: string; readonly side: 'old' | 'new' }>
  /** How often each accepted message is found in its owner's mailbox at this side. */
  found(side: 'old' | 'new'): Readonly<Record<string, number>>
}

/** What the zone of the domain holds before the move. */
export function recordsBefore(oldMx: string): readonly string[] {
  return [`@ IN MX 10 ${oldMx}.`, '@ IN TXT "v=spf1 ip4:203.0.113.25 -all"', 'www IN A 192.0.2.80']
}

/** The tenant and its surroundings in this time. */
export function mailWorldOf(clock: Clock): Promise<MailWorld> {
  return startMailWorld({
    domain: DOMAIN,
    tenantOptions: { now: () => clock.now(), limits: { messageTracesPer5Minutes: null } },
    oldMailboxes: PEOPLE.map((name) => `${name}@${DOMAIN}`),
  })
}

/** `more`: further lines of the zone. `by`: who changes the records; `manual`: a person, whom the rig does not play. */
export async function wholeRig(more: readonly string[] = [], by: 'rfc2136' | 'manual' = 'rfc2136'): Promise<WholeRig> {
  await using stack = new AsyncDisposableStack()
  const clock = hastyClock()
  const mail = stack.use(await mailWorldOf(clock))
  const bind = stack.use(await startBind([{ name: DOMAIN, records: [...recordsBefore(mail.oldMx), ...more] }]))
  const password = mail.oldPassword
  const logins = PEOPLE.map((name) => `${name}@${DOMAIN}`)
  const users = logins.map((login) => ({ login, password, store: mail.old.mailbox(login) }))
  const imap = stack.use(await startImapServer(dovecot, { users, now: () => clock.now() }))
  const front = stack.use(await startDnsFront())
  front.target = bind.port
  const settings = by === 'manual' ? `{ servers: '127.0.0.1:${bind.port}' }` : `{ server: 127.0.0.1:${front.port}, key: env:KEY }`
  const dns = [`provider: ${by}`, `settings: ${settings}`, `name_servers: 127.0.0.1:${bind.port}`]
  const rig = stack.use(await switchRig({ clock, mail, old: { url: imap.url, password }, dns, port: bind.port }))
  const { people } = rig
  const accepted = new Map<string, { to: string; side: 'old' | 'new' }>()
  const send = async (side: 'old' | 'new', to: string): Promise<void> => {
    const id = `m${accepted.size + 1}`
    await handIn(mail.ports[side === 'old' ? mail.oldMx : mail.newMx] ?? 0, { id, to, date: new Date(clock.now()) })
    accepted.set(id, { to, side })
    await mail.settled()
  }
  for (const to of people) await send('old', to)
  await rig.copied()
  /** Caches of the outside learn what BIND says. */
  const learnt = async (): Promise<'old' | 'new'> => {
    const side = (await rig.mx()).some((one) => one.endsWith(mail.newMx)) ? 'new' : 'old'
    if (mail.road.mailHost(DOMAIN) !== (side === 'new' ? mail.newMx : mail.oldMx)) mail.switchMx(side)
    return side
  }
  let turns = 0
  const storeOf = (side: 'old' | 'new', address: string): MailStore | null =>
    side === 'old' ? mail.old.store(address) : mail.tenant.store(address)
  const kept = stack.move()
  return {
    ...rig,
    mail,
    port: bind.port,
    front,
    accepted,
    send,
    async drive(until, more) {
      for (let round = 0; round < 250; round++) {
        const result = await rig.once(more?.())
        if (await until(result)) return result
        const side = await learnt()
        // For a day after each change senders still go by what they remember.
        const since = clock.now() - Date.parse(result.view.since ?? new Date(clock.now()).toISOString())
        turns += 1
        const person = people[turns % people.length] ?? ''
        if (turns % 3 === 0 && turns < 60) await send(side, person)
        if (turns % 5 === 0 && turns < 60 && since < 12 * HOUR) await send(side === 'new' ? 'old' : 'new', person)
        await clock.sleep(pauseAfter(result, clock.now()))
      }
      throw new Error(`it never came: ${JSON.stringify(await rig.operations.switchStatus(rig.place), null, 1)}`)
    },
    found: (side) =>
      Object.fromEntries(
        [...accepted].map(([id, { to }]) => [
          id,
          (storeOf(side, to)?.folders() ?? [])
            .flatMap(({ messages }) => messages)
            .filter(({ content }) => content.bytes().toString('latin1').includes(`<${id}@partner.test>`)).length,
        ]),
      ),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}

/** How long until the next run, in the time of the rig; at least `idleMs` where nothing but days is missing. */
export function pauseAfter({ view, again }: SwitchResult, now: number, idleMs = 0): number {
  const isIdle = view.guards.some(({ notBefore }) => notBefore !== null)
  const next = again === null ? now + HOUR : Date.parse(again)
  const longer = LONGER[view.phase]
  return Math.max(next - now, isIdle && longer !== undefined ? Math.max(longer, idleMs) : SECOND)
}

/** A mail host of the outside hands a message in at this port. Throws where it is not taken. */
export async function handIn(
  port: number,
  { id, to, date, from = 'pat@partner.test' }: { readonly id: string; readonly to: string; readonly date: Date; readonly from?: string },
): Promise<void> {
  const transport = createTransport({ host: '127.0.0.1', port, name: 'out.partner.test', tls: { rejectUnauthorized: false } })
  try {
    await transport.sendMail({
      from,
      to,
      subject: id,
      messageId: `<${id}@partner.test>`,
      text: id,
      date,
      envelope: { from, to },
    })
  } finally {
    transport.close()
  }
}
