/**
 * A domain at a real BIND with a Knot that lags behind it, two resolvers that remember, and a Postfix with a Dovecot that is left for
 * the tenant; five senders hand in mail all the while, each where its resolver says.
 */
import { join } from 'node:path'
import type { SwitchResult } from '../../src/api/switch-results.ts'
import { ask } from '../../src/dns/ask.ts'
import type { MailWorld } from '../../src/mail-simulator/mail-world.ts'
import { startBind } from '../servers/bind.ts'
import { startDovecot } from '../servers/dovecot.ts'
import { startKnot } from '../servers/knot.ts'
import { startPostfix } from '../servers/postfix.ts'
import { startUnbound } from '../servers/unbound.ts'
import { hastyClock } from '../scenario/migration.ts'
import { PEOPLE, switchRig, type SwitchRig } from './switch-rig.ts'
import { DOMAIN, handIn, mailWorldOf, pauseAfter, recordsBefore } from './whole-rig.ts'

const [SECOND, DAY] = [1000, 86_400_000]
const SENDERS = 5
/** What a cache remembers is forgotten in the time of the machine; as long as one does, the time of the rig goes slowly. */
const WHILE_REMEMBERED_MS = 20 * SECOND
/** Where nothing but days is missing. */
const IDLE_MS = 12 * 3_600_000

export type Sent = {
  readonly to: string
  readonly side: 'old' | 'new'
  /** Where BIND said at that moment that mail goes. */ readonly right: 'old' | 'new'
}

export type PostfixRig = SwitchRig & {
  readonly mail: MailWorld
  /** Runs the switch again and again while mail comes, until `until` holds. */
  drive(until: (result: SwitchResult) => boolean): Promise<SwitchResult>
  /** Every message that somebody answered with 250. */
  readonly accepted: ReadonlyMap<string, Sent>
  /** Replies other than that. */
  readonly refused: readonly string[]
  /** Every phase that the switch was seen in. */
  readonly phases: ReadonlySet<string>
  /** How often each accepted message is found at this side. */
  found(side: 'old' | 'new'): Promise<Readonly<Record<string, number>>>
}

export async function postfixRig(): Promise<PostfixRig> {
  await using stack = new AsyncDisposableStack()
  // Postfix writes the time of day into what it takes: that is to be after the switch.
  const clock = hastyClock(-90 * DAY)
  const mail = stack.use(await mailWorldOf(clock))
  const { oldMx, newMx, oldPassword: password, zone } = mail
  const logins = PEOPLE.map((name) => `${name}@${DOMAIN}`)
  const records = recordsBefore(oldMx)
  /** One that does not start must not leave the others behind. */
  const together = async <T extends readonly AsyncDisposable[]>(...starting: { readonly [K in keyof T]: Promise<T[K]> }): Promise<T> => {
    for (const one of await Promise.allSettled(starting)) if (one.status === 'fulfilled') stack.use(one.value)
    return Promise.all(starting)
  }
  const users = logins.map((login) => ({ login, password }))
  const [dovecot, bind] = await together(startDovecot({ users, tls: false, mailFormat: 'maildir' }), startBind([{ name: DOMAIN, records }]))
  const maildirs = Object.fromEntries(logins.map((login) => [login, `${login}/maildir/`]))
  const others = zone.zones.filter((name) => name !== DOMAIN).map((name) => ({ name, port: zone.port }))
  const [postfix, knot, quick] = await together(
    startPostfix({ hostname: oldMx, domain: DOMAIN, base: join(dovecot.folder, 'mail'), maildirs }),
    startKnot([{ name: DOMAIN, records, copyOf: { port: bind.port, everySeconds: 2 } }]),
    startUnbound([{ name: DOMAIN, port: bind.port }, ...others], ['cache-max-ttl: 1']),
  )
  // Asks the server that lags, and keeps what it hears for a while of its own.
  const slow = stack.use(await startUnbound([{ name: DOMAIN, port: knot.port }, ...others], ['cache-min-ttl: 2', 'cache-max-ttl: 2']))
  mail.road.open(oldMx, postfix.port)
  const dns = [
    'provider: rfc2136',
    `settings: { server: 127.0.0.1:${bind.port}, key: env:KEY }`,
    `name_servers: [127.0.0.1:${bind.port}, 127.0.0.1:${knot.port}]`,
  ]
  const old = { url: `imap://127.0.0.1:${dovecot.port}?tls=none`, password }
  const rig = stack.use(await switchRig({ clock, mail, old, dns, port: bind.port, resolvers: [quick.port, slow.port] }))
  const accepted = new Map<string, Sent>()
  const refused: string[] = []
  const phases = new Set<string>()
  const signal = new AbortController().signal
  const sideIn = (mx: readonly string[]): 'old' | 'new' => (mx.some((one) => one.endsWith(newMx)) ? 'new' : 'old')
  const told = async (port: number): Promise<'old' | 'new'> => {
    const { sets } = await ask({ address: '127.0.0.1', port }, DOMAIN, 'MX', { signal, recursion: true })
    return sideIn(sets.find(({ type }) => type === 'MX')?.data ?? [])
  }
  let count = 0
  const sends = async (sender: number): Promise<void> => {
    const id = `m${++count}`
    const to = rig.people[count % rig.people.length] ?? ''
    const side = await told(sender % 2 === 0 ? quick.port : slow.port)
    const right = sideIn(await rig.mx())
    try {
      await handIn(mail.ports[side === 'old' ? oldMx : newMx] ?? 0, { id, to, date: new Date(), from: `pat${sender}@partner.test` })
      accepted.set(id, { to, side, right })
    } catch (error) {
      refused.push(`${id} at the ${side} side: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  const wave = (): Promise<unknown> => Promise.all(Array.from({ length: SENDERS }, (_, sender) => sends(sender)))
  const calm = async (): Promise<void> => {
    while ((await postfix.queued()) > 0) await new Promise((resolve) => setTimeout(resolve, 10))
    await mail.settled()
  }
  await wave()
  await calm()
  await rig.copied()
  const kept = stack.move()
  return {
    ...rig,
    mail,
    accepted,
    refused,
    phases,
    async drive(until) {
      for (let round = 0; round < 400; round++) {
        const [result] = await Promise.all([rig.once({ onView: ({ phase }) => phases.add(phase) }), wave()])
        if (until(result)) {
          await calm()
          return result
        }
        const sides = new Set([sideIn(await rig.mx()), await told(quick.port), await told(slow.port)])
        if (sides.size === 1) for (const side of sides) mail.switchMx(side)
        const pause = pauseAfter(result, clock.now(), IDLE_MS)
        await clock.sleep(sides.size > 1 ? Math.min(pause, WHILE_REMEMBERED_MS) : pause)
      }
      throw new Error(`it never came: ${JSON.stringify(await rig.operations.switchStatus(rig.place), null, 1)}`)
    },
    async found(side) {
      const ids = side === 'old' ? await atDovecot() : atTenant()
      return Object.fromEntries([...accepted.keys()].map((id) => [id, ids.filter((one) => one === `<${id}@partner.test>`).length]))
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }

  async function atDovecot(): Promise<readonly string[]> {
    const each = await Promise.all(logins.map((login) => dovecot.doveadm(['fetch', '-u', login, 'hdr.message-id', 'all'])))
    return each.flatMap((text) => [...text.matchAll(/hdr\.message-id: (\S+)/g)].map(([, id = '']) => id))
  }

  function atTenant(): readonly string[] {
    return logins
      .flatMap((login) => mail.tenant.store(login)?.folders() ?? [])
      .flatMap(({ messages }) => messages)
      .map(({ content }) => /^message-id:\s*(\S+)/im.exec(content.bytes().toString('latin1'))?.[1] ?? '')
  }
}
