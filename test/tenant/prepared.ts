import type { TenantSimulator } from '../../src/tenant-simulator/tenant-simulator.ts'
import type { Wants } from './customer.ts'

/** What the customer of the prepared tenant wants: fifty people with mixed licences, the ten problems, a shared mailbox, groups, rules. */
export function preparedWants({ prepared }: TenantSimulator): Wants {
  if (prepared === null) throw new Error('the tenant is not the prepared one')
  const people = prepared.people.map((one) => [one.address, one.displayName, one.licence, one.usageLocation, one.sourceBytes])
  const problems = prepared.problems
    // Its name is told as a mistake of the list, and then nothing else is looked at.
    .filter(({ address }) => /^[\u0020-\u007e]+$/.test(address))
    .map((one) => [one.address, one.displayName, one.licence, one.address.startsWith('no-location') ? 'DE' : 'AT', one.sourceBytes])
  return {
    list: [
      'target,display_name,licence,location,size',
      ...[...people, ...problems].map((cells) => cells.join(',')),
      `${prepared.synced},,ENTERPRISEPACK,,`,
    ],
    tenant: '  cloud_only: all',
    defaults: '    language: de-DE\n    time_zone: W. Europe Standard Time\n',
    sections: SECTIONS,
  }
}

const SECTIONS = `
shared:
  - address: accounting@example.test
    name: Accounting
    full_access: [anna@example.test, vera@example.test]
    send_as: [anna@example.test]
groups:
  - address: all@example.test
    name: Everybody
    members: [anna@example.test, vera@example.test, accounting@example.test, partner@elsewhere.example]
    outside_senders: true
contacts:
  - address: partner@elsewhere.example
    name: Partner
domains:
  - name: example.test
    type: internal-relay
connectors:
  - name: To the old server
    direction: outbound
    parameters:
      ConnectorType: Partner
      RecipientDomains: [example.test]
      UseMXRecord: false
      SmartHosts: [mx.old.example]
      TlsSettings: EncryptionOnly
transport_rules:
  - name: Block macro files from outside
    parameters:
      FromScope: NotInOrganization
      AttachmentExtensionMatchesWords: [docm, xlsm]
      RejectMessageEnhancedStatusCode: 5.7.901
organisation:
  focused_inbox: false
migration:
  app: Mail mover
  receive_size: 150 MB
  suspend_retention: true
`
