import type { Settings } from '../../model/wanted-tenant.ts'
import type { ParameterProblem } from './check.ts'
import type { Parameters } from './parameter.ts'
import { addresses, addressRanges, all, atMost, domainPatterns, domains, flag, hosts, matching, oneOf, word } from './parameter.ts'

const CONNECTOR_TYPE = oneOf('Partner', 'OnPremises')

/** Parameters of New-InboundConnector. */
export const INBOUND: Parameters = {
  SenderDomains: domainPatterns,
  ConnectorType: CONNECTOR_TYPE,
  TlsSenderCertificateName: word,
  SenderIPAddresses: addressRanges,
  AssociatedAcceptedDomains: domains,
  EFSkipIPs: addressRanges,
  EFUsers: addresses,
  Comment: atMost(1024),
  ...all(
    'Enabled RequireTls RestrictDomainsToCertificate RestrictDomainsToIPAddresses TreatMessagesAsInternal CloudServicesMailEnabled EFSkipLastIP EFTestMode',
    flag,
  ),
  ScanAndDropRecipients: addresses,
}

/** Parameters of New-OutboundConnector. */
export const OUTBOUND: Parameters = {
  ConnectorType: CONNECTOR_TYPE,
  RecipientDomains: domainPatterns,
  SmartHosts: hosts,
  TlsSettings: oneOf('EncryptionOnly', 'CertificateValidation', 'DomainValidation'),
  TlsDomain: matching(/^(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i, 'a domain such as mail.example.org'),
  SmtpDaneMode: oneOf('None', 'Opportunistic', 'Mandatory'),
  MtaStsMode: oneOf('None', 'Opportunistic'),
  Comment: atMost(1024),
  ...all(
    'Enabled UseMXRecord IsTransportRuleScoped RouteAllMessagesViaOnPremises CloudServicesMailEnabled AllAcceptedDomains SenderRewritingEnabled TestMode',
    flag,
  ),
}

/** What New-InboundConnector and New-OutboundConnector refuse, or what would let no mail through. */
export function connectorProblems(direction: 'inbound' | 'outbound', settings: Settings): readonly ParameterProblem[] {
  const problems: ParameterProblem[] = []
  const say = (name: string, says: string): void => void problems.push({ name, key: name === '', says })
  const has = (name: string): boolean => settings[name] !== undefined && settings[name] !== null
  if (direction === 'inbound') {
    if (!has('SenderDomains')) say('', 'lack SenderDomains: whose mail comes in here, "*" for everybody')
    if (settings['RestrictDomainsToIPAddresses'] === true && !has('SenderIPAddresses'))
      say('RestrictDomainsToIPAddresses', 'needs SenderIPAddresses')
    if (settings['RestrictDomainsToCertificate'] === true && !has('TlsSenderCertificateName'))
      say('RestrictDomainsToCertificate', 'needs TlsSenderCertificateName')
    if (settings['TreatMessagesAsInternal'] === true && settings['ConnectorType'] !== 'OnPremises')
      say('TreatMessagesAsInternal', 'needs ConnectorType: OnPremises')
    const range = listOf(settings['SenderIPAddresses']).find((each) => !/^[\d.]+(?:\/(?:2[4-9]|3[0-2]))?$/.test(each))
    if (range !== undefined) say('SenderIPAddresses', `"${range}": IPv4 addresses alone, in ranges from /24 to /32`)
  } else {
    if (has('SmartHosts') && settings['UseMXRecord'] !== false) say('SmartHosts', 'needs UseMXRecord: false beside it')
    if (settings['UseMXRecord'] === false && !has('SmartHosts')) say('UseMXRecord', 'is false, and so needs SmartHosts')
    if (settings['TlsSettings'] === 'DomainValidation' && !has('TlsDomain'))
      say('TlsSettings', 'is DomainValidation, and so needs TlsDomain')
    if (!has('RecipientDomains') && settings['IsTransportRuleScoped'] !== true && settings['AllAcceptedDomains'] !== true)
      say('', 'lack RecipientDomains: mail for whom goes out here (or IsTransportRuleScoped, or AllAcceptedDomains)')
  }
  return problems
}

function listOf(value: Settings[string] | undefined): readonly string[] {
  return Array.isArray(value) ? value : []
}
