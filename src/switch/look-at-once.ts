import type { Command } from './hands.ts'
import type { Look } from './looks.ts'
import { perform, type Running } from './run.ts'

/**
 * What is looked at one after the other, as it asks the same or stands on the same: mailboxes and their ledger, the host of DNS, name
 * servers and resolvers, the tenant and its mail host, test messages.
 */
const LANES: Readonly<Record<Look, string>> = {
  analysis: 'host of DNS',
  zone: 'host of DNS',
  snapshot: 'host of DNS',
  fleet: 'name servers',
  resolvers: 'name servers',
  'mx-host': 'tenant',
  recipients: 'tenant',
  tenant: 'tenant',
  lag: 'mailboxes',
  source: 'mailboxes',
  'way-back': 'mailboxes',
  delta: 'mailboxes',
  'reverse-delta': 'mailboxes',
  'old-host': 'mail',
  probe: 'mail',
}

type LookCommand = Extract<Command, { readonly do: 'look' }>

/** Of what is due now all looks that can be made side by side. The analysis comes first: others stand on its plan. */
export function looksNow(commands: readonly Command[]): readonly LookCommand[] {
  const looks = commands.filter((one): one is LookCommand => one.do === 'look')
  const analysis = looks.filter(({ look }) => look === 'analysis')
  return analysis.length > 0 ? analysis : looks
}

/** Carries looks out, side by side where they do not meet, each written down as it ends. Throws the first that is no failure, after all have ended. */
export async function lookAtOnce(running: Running, looks: readonly LookCommand[]): Promise<void> {
  const lanes = Map.groupBy(looks, ({ look }) => LANES[look])
  const ends = await Promise.allSettled(
    [...lanes.values()].map(async (lane) => {
      for (const one of lane) await perform(running, one, running.log.state().seq)
    }),
  )
  for (const end of ends) if (end.status === 'rejected') throw end.reason
}
