import type { SimulatedMail } from './api/world.ts'
import { startMailWorld } from './mail-simulator/mail-world.ts'
import { Secret } from './model/secret.ts'
import { dovecot } from './simulator/dovecot.ts'
import { startImapServer } from './simulator/imap-server.ts'
import { scaledTiming } from './tenant-simulator/timing.ts'

/** How long the tenant takes, beside the simulator's own times. */
const FACTOR = 0.02

/** A tenant with the mail around it, as a world to rehearse the switch of MX in: one change of the zones, and mail goes the other way. */
export async function simulatedMail(): Promise<SimulatedMail> {
  const people = ['anna', 'ben']
  const domain = 'example.test'
  const world = await startMailWorld({
    tenantOptions: { content: 'prepared', timing: scaledTiming(FACTOR) },
    domain,
    oldMailboxes: people.map((local) => `${local}@${domain}`),
  })
  const { tenant, outside, zone, ports, oldMx } = world
  const [user = '', second = ''] = (tenant.prepared?.people ?? []).map(({ address }) => address)
  for (const address of [user, second]) world.old.mailbox(address)
  const oldImap = await startImapServer(dovecot, { users: [{ login: user, password: world.oldPassword, store: world.old.mailbox(user) }] })
  return {
    service: tenant.url,
    domain,
    user,
    second,
    reflector: {
      address: outside.address,
      login: outside.address,
      password: new Secret(outside.password),
      imapUrl: outside.imap.url,
      smtpUrl: `smtp://127.0.0.1:${outside.smtp.port}`,
    },
    oldMx: `${oldMx}=127.0.0.1`,
    oldAccount: {
      address: user,
      login: user,
      password: new Secret(world.oldPassword),
      imapUrl: oldImap.url,
      smtpUrl: `smtp://127.0.0.1:${ports[oldMx] ?? 0}`,
    },
    newMx: world.newMx,
    ports: Object.entries(ports).map(([host, port]) => `${host}=${port}`),
    resolver: `${zone.address}:${zone.port}`,
    switchMx: (to) => world.switchMx(to),
    [Symbol.asyncDispose]: async () => void (await Promise.all([world[Symbol.asyncDispose](), oldImap[Symbol.asyncDispose]()])),
  }
}
