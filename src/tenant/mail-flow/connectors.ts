import type { WantedConnector } from '../../model/wanted-tenant.ts'
import type { TenantChange } from '../call.ts'
import { connectorFindings } from './connectors-findings.ts'
import { inNormalForm, normalRow } from './connectors-form.ts'
import { key } from '../key.ts'
import type { Part } from '../part.ts'
import { differences, entriesOf, givenOnly, named, newObject, rowsIn, settingChange, shownName, type Row } from '../settings.ts'

/** The connectors that there are; empty where nothing wanted is about them. */
export type Connectors = { readonly inbound: readonly Row[]; readonly outbound: readonly Row[] }

/** Connectors to and from other mail systems, by the parameters of their cmdlets. */
export const connectors: Part<Connectors> = {
  name: 'connectors',
  read: async ({ admin }, wanted) => {
    const has = (direction: WantedConnector['direction']): boolean => wanted.connectors.some((one) => one.direction === direction)
    const relays = wanted.domains.some(({ type }) => type === 'internal-relay')
    const [inbound, outbound] = await Promise.all([
      has('inbound') ? admin.invoke('Get-InboundConnector') : null,
      has('outbound') || relays ? admin.invoke('Get-OutboundConnector') : null,
    ])
    return { inbound: rowsIn(inbound?.rows ?? []), outbound: rowsIn(outbound?.rows ?? []) }
  },
  compare: (wanted, _, there) => ({
    changes: wanted.connectors.flatMap((connector) => changesOf(connector, there)),
    findings: connectorFindings(wanted, there),
  }),
}

function changesOf(connector: WantedConnector, there: Connectors): readonly TenantChange[] {
  const { direction, name } = connector
  const noun = direction === 'inbound' ? 'InboundConnector' : 'OutboundConnector'
  const parameters = inNormalForm(connector)
  const common = {
    key: key.connector(name),
    kind: 'connector',
    about: name,
    title: `the ${direction} connector "${name}"`,
    noun,
    after: entriesOf(parameters[shownName('AssociatedAcceptedDomains', parameters)]).map((domain) => key.domainAccepted(domain)),
  }
  const row = named(there[direction], name)
  if (row === null) return [newObject({ ...common, name, parameters: givenOnly(parameters) })]
  const different = differences(parameters, normalRow(row))
  return different.length === 0 ? [] : [settingChange({ ...common, identity: name, different })]
}
