import type { Proof } from '../project/acceptance.ts'
import { openAddress } from './tenant-access.ts'
import { addressesOf, tenantOf, type Scene } from './project-scene.ts'
import type { LoginEnd } from './results.ts'

const PROTOCOLS: Readonly<Record<string, readonly [title: string, property: string]>> = {
  imap: ['IMAP', 'ImapEnabled'],
  pop: ['POP', 'PopEnabled'],
  owa: ['Outlook on the web', 'OWAEnabled'],
  mapi: ['Outlook', 'MAPIEnabled'],
  activesync: ['telephones (ActiveSync)', 'ActiveSyncEnabled'],
  ews: ['EWS', 'EwsEnabled'],
}

/** For each mailbox whether it opens, and whether each protocol that was agreed on is on for it. */
export async function accessProofs(scene: Scene): Promise<readonly Proof[]> {
  const { plan } = scene.open
  const { protocols, sample } = plan.acceptance
  const chosen = sample === null ? plan.mailboxes : plan.mailboxes.slice(0, sample)
  const opened = await openedOf(
    scene,
    chosen.map(({ name }) => name),
  )
  const rows = await clientRows(scene)
  return chosen.flatMap(({ name, target }) => {
    const end = opened.get(name)
    const row = rows.get(target.toLowerCase())
    return [
      {
        about: `${name}: opens`,
        says: end?.works === true ? `${end.messages ?? 0} messages in the inbox` : (end?.failure?.message ?? 'was not tried'),
        ok: end?.works ?? null,
      },
      ...protocols.flatMap((protocol): readonly Proof[] => {
        const [title, property] = PROTOCOLS[protocol] ?? [protocol, '']
        const value: unknown = row?.[property]
        const ok = typeof value === 'boolean' ? value : row === undefined ? false : null
        return [
          {
            about: `${name}: ${title}`,
            says: row === undefined ? 'there is no such mailbox' : ok === true ? 'is on' : ok === false ? 'is off' : 'is not told',
            ok,
          },
        ]
      }),
    ]
  })
}

/** The mailboxes at the new side, opened once. */
async function openedOf(scene: Scene, only: readonly string[]): Promise<ReadonlyMap<string, LoginEnd>> {
  const { world, signal } = scene
  const { openMailboxes } = await import('./mailboxes.ts')
  const { forEachAtOnce } = await import('./at-once.ts')
  const { troubleOf } = await import('./trouble.ts')
  const ctx = { clock: world.clock, log: world.log, signal }
  const found = new Map<string, LoginEnd>()
  await forEachAtOnce(await openMailboxes(world, await addressesOf(scene, only), ctx), 4, signal, async ({ name, target, destination }) => {
    try {
      const { messages } = await destination.look(ctx)
      found.set(name, { login: target, works: true, messages, failure: null })
    } catch (error) {
      signal.throwIfAborted()
      found.set(name, { login: target, works: false, messages: null, failure: troubleOf(error) })
    }
  })
  return found
}

/** Which protocols are on, by primary address. */
async function clientRows(scene: Scene): Promise<ReadonlyMap<string, Readonly<Record<string, unknown>>>> {
  const { world, signal } = scene
  const { identity, cloud, service } = await openAddress(tenantOf(scene))
  const door = await world.tenant(identity, cloud, service, { clock: world.clock, log: world.log, signal })
  const select = ['PrimarySmtpAddress', ...Object.values(PROTOCOLS).map(([, property]) => property)]
  const { rows } = await door.admin.invoke('Get-CASMailbox', { ResultSize: 'Unlimited' }, { select })
  return new Map(
    rows.map((row) => {
      const record: Readonly<Record<string, unknown>> = { ...Object(row) }
      const { PrimarySmtpAddress: primary } = record
      return [typeof primary === 'string' ? primary.toLowerCase() : '', record] as const
    }),
  )
}
