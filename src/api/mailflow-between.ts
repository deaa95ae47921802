import { asking } from '../dns/assess/outside.ts'
import { resolvedAddresses } from '../dns/assess/zone.ts'
import { mxOf } from '../dns/plan/conflicts.ts'
import { readTenantRecords } from '../dns/plan/tenant-records.ts'
import { readDefinition } from '../definition/definition.ts'
import type { Context } from '../lib/context.ts'
import { resolverAt } from '../mailflow/accounts.ts'
import type { FlowSetup } from '../mailflow/setup.ts'
import type { Finding } from '../model/change.ts'
import { coexistenceNow } from './coexistence.ts'
import type { MailflowInput } from './mailflow.ts'
import { domainPeople } from './switch-people.ts'
import type { World } from './world.ts'

/** What stands between those who have moved and those who stay, by the definition and the tenant; null: there is no definition. */
export function betweenSides(
  world: World,
  input: MailflowInput,
  { graph, admin, domain }: Pick<FlowSetup, 'graph' | 'admin' | 'domain'>,
  ctx: Context,
): (() => Promise<readonly Finding[]>) | null {
  const { definitionFile, env } = input
  if (definitionFile === null || graph === null || admin === null) return null
  return async () => {
    const definition = await readDefinition(definitionFile, env, { secrets: false })
    const mailboxesFile = input.mailboxesFile ?? definition.mailboxesFile
    const people = await domainPeople(definition, { mailboxesFile, env, domain })
    const [told] = await readTenantRecords({ graph, admin }, [domain])
    const { findings } = await coexistenceNow(
      { admin },
      {
        ...people,
        staying: [...new Set([...people.staying, ...(input.unmoved === null ? [] : [input.unmoved.toLowerCase()])])],
        domain,
        mx: told === undefined ? [] : mxOf(told).map((one) => one.split(' ')[1] ?? ''),
        oldAddresses: await oldAddresses(),
      },
      ctx,
    )
    return findings
  }

  async function oldAddresses(): Promise<readonly string[]> {
    const [host = '', given] = input.oldMx?.split('=') ?? []
    if (host === '' || given !== undefined) return given === undefined ? [] : [given]
    const resolvers = input.resolvers.map(resolverAt)
    const outside = await world.dnsOutside({ servers: [], resolvers, dnsOnly: true, cloud: 'global' }, ctx)
    return (await resolvedAddresses(host, asking(outside, ctx.clock, ctx.signal))).slice(0, 1)
  }
}
