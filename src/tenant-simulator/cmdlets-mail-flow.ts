import { cmdletRefusal } from './answers.ts'
import { given, set, settingsOf, type CmdletCall, type CmdletTable } from './cmdlet.ts'
import { cmdletsOf, named } from './cmdlet-family.ts'
import { iso, visible } from './exchange-objects.ts'
import { listOf, rowsOf, textOf, type Props, words, without } from './props.ts'

const invalid = (text: string): Error => cmdletRefusal(400, 'DataValidationException', text)

/** Domains, connectors and the transport's settings. */
export const MAIL_FLOW_CMDLETS: CmdletTable = {
  ...cmdletsOf({
    noun: 'AcceptedDomain',
    family: 'organization',
    verbs: ['Get', 'Set'],
    key: 'DomainName',
    parameters: [
      ...words('DomainType MatchSubDomains OutboundOnly SendingFromDomainDisabled SendingToDomainDisabled CanHaveCloudCache'),
      ...words('EnableNego2Authentication MailFlowRegion'),
    ],
    enums: { DomainType: ['Authoritative', 'InternalRelay'] },
    check: (_, wanted, domain) => {
      const type = wanted['DomainType'] ?? domain?.props['DomainType']
      if (wanted['MatchSubDomains'] === true && type !== 'InternalRelay')
        throw invalid('The MatchSubDomains parameter can be used only with internal relay domains.')
    },
  }),
  ...cmdletsOf({
    noun: 'InboundConnector',
    family: 'organization',
    verbs: ['Get', 'New', 'Set', 'Remove'],
    parameters: [
      ...words('Name! SenderDomains! ConnectorType Enabled RequireTls TlsSenderCertificateName RestrictDomainsToCertificate'),
      ...words('RestrictDomainsToIPAddresses SenderIPAddresses TreatMessagesAsInternal CloudServicesMailEnabled Comment'),
      ...words('AssociatedAcceptedDomains EFSkipIPs EFSkipLastIP EFUsers EFTestMode ScanAndDropRecipients ConnectorSource'),
    ],
    enums: { ConnectorType: ['Partner', 'OnPremises'] },
    defaults: {
      ConnectorType: 'Partner',
      Enabled: true,
      RequireTls: true,
      TlsSenderCertificateName: null,
      SenderIPAddresses: [],
      EFSkipIPs: [],
      RestrictDomainsToCertificate: false,
      RestrictDomainsToIPAddresses: false,
      TreatMessagesAsInternal: false,
      EFSkipLastIP: false,
      CloudServicesMailEnabled: false,
      AssociatedAcceptedDomains: [],
      EFUsers: [],
      EFTestMode: false,
      Comment: '',
    },
    check: (_, wanted) => {
      const wrong = listOf(wanted['SenderIPAddresses']).find((one) => !isNarrowNetwork(one))
      if (wrong !== undefined)
        throw invalid(`The IP address or range "${wrong}" isn't valid. Use an IPv4 address, or a range from /24 to /32.`)
      if (wanted['TreatMessagesAsInternal'] === true && wanted['ConnectorType'] === 'Partner')
        throw invalid('TreatMessagesAsInternal can be set only for connectors of the type OnPremises.')
    },
  }),
  ...cmdletsOf({
    noun: 'OutboundConnector',
    family: 'organization',
    verbs: ['Get', 'New', 'Set', 'Remove'],
    parameters: [
      ...words('Name! ConnectorType RecipientDomains UseMXRecord SmartHosts TlsSettings TlsDomain IsTransportRuleScoped'),
      ...words('RouteAllMessagesViaOnPremises CloudServicesMailEnabled AllAcceptedDomains SenderRewritingEnabled SmtpDaneMode'),
      ...words('MtaStsMode TestMode Enabled Comment ConnectorSource'),
    ],
    enums: { ConnectorType: ['Partner', 'OnPremises'], TlsSettings: ['EncryptionOnly', 'CertificateValidation', 'DomainValidation'] },
    defaults: {
      ConnectorType: 'Partner',
      Enabled: true,
      UseMXRecord: true,
      SmartHosts: [],
      RecipientDomains: [],
      TlsSettings: null,
      TlsDomain: null,
      IsTransportRuleScoped: false,
      RouteAllMessagesViaOnPremises: false,
      AllAcceptedDomains: false,
      TestMode: false,
      Comment: '',
      CloudServicesMailEnabled: false,
      SenderRewritingEnabled: false,
      IsValidated: false,
    },
    check: (_, wanted, connector) => {
      const all = { ...connector?.props, ...wanted }
      if (all['UseMXRecord'] === false && listOf(all['SmartHosts']).length === 0)
        throw invalid('SmartHosts must be specified when UseMXRecord is set to false.')
      if (all['UseMXRecord'] === true && listOf(all['SmartHosts']).length > 0)
        throw invalid('SmartHosts cannot be specified when UseMXRecord is set to true.')
      if (all['TlsSettings'] === 'DomainValidation' && textOf(all['TlsDomain']) === '')
        throw invalid('TlsDomain must be specified when TlsSettings is DomainValidation.')
    },
  }),
  'Validate-OutboundConnector': {
    family: 'organization',
    parameters: ['Identity!', 'Recipients!'],
    run: (call) => {
      const { props } = named(call, 'OutboundConnector')
      const reached = props['Enabled'] === true
      const Status = reached ? 'Succeeded' : 'Failed'
      return [
        { TaskName: 'Check connectivity', Status, Details: listOf(props['SmartHosts']).join(', ') },
        { TaskName: 'Send test email', Status, Details: listOf(call.parameters['Recipients']).join(', ') },
      ]
    },
  },
  'Get-TransportConfig': { family: 'organization', parameters: ['Identity'], run: (call) => [transportConfig(call)] },
  'Set-TransportConfig': {
    family: 'organization',
    parameters: [
      ...words('Identity SmtpClientAuthenticationDisabled AllowLegacyTLSClients MessageExpiration MaxRecipientEnvelopeLimit'),
      ...words('ClearCategories ConvertDisclaimerWrapperToEml DSNConversionMode ExternalDsnSendHtml ExternalPostmasterAddress'),
      ...words('ExternalDelayDsnEnabled InternalDelayDsnEnabled JournalingReportNdrTo Rfc2231EncodingEnabled HeaderPromotionModeSetting'),
      ...words(
        'AddressBookPolicyRoutingEnabled VoicemailJournalingEnabled PreventDuplicateJournalingEnabled ReplyAllStormProtectionEnabled',
      ),
    ],
    run: (call) => {
      const [object] = visible(call.world, 'TransportConfig')
      if (object !== undefined) set(call, object, settingsOf(call, object.props))
      return []
    },
  },
  'Get-MessageTraceV2': {
    family: 'organization',
    parameters: [
      ...words('StartDate EndDate SenderAddress RecipientAddress MessageId MessageTraceId Status Subject SubjectFilterType'),
      ...words('FromIP ToIP ResultSize StartingRecipientAddress'),
    ],
    enums: { SubjectFilterType: ['Contains', 'StartsWith', 'EndsWith'] },
    run: traces,
  },
  'Get-MessageTraceDetailV2': {
    family: 'organization',
    parameters: ['MessageTraceId!', 'RecipientAddress!', 'StartDate', 'EndDate', 'Event', 'Action'],
    run: (call) =>
      rows(call)
        .filter(
          (row) => row['MessageTraceId'] === given(call, 'MessageTraceId') && row['RecipientAddress'] === given(call, 'RecipientAddress'),
        )
        .flatMap((row) =>
          rowsOf(row['Events']).map(({ Event, Detail }) => ({
            Date: row['Received'] ?? '',
            Event: Event ?? '',
            Action: '',
            Detail: Detail ?? '',
            Data: '',
          })),
        ),
  },
}

/** An IPv4 address, or a network of at most 256 of them. */
function isNarrowNetwork(text: string): boolean {
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)(?:\/(\d+))?$/.exec(text)
  if (match === null || match.slice(1, 5).some((part) => Number(part) > 255)) return false
  return match[5] === undefined || (Number(match[5]) >= 24 && Number(match[5]) <= 32)
}

function transportConfig(call: CmdletCall): Props {
  return visible(call.world, 'TransportConfig')[0]?.props ?? {}
}

function rows(call: CmdletCall): Props[] {
  const { world } = call
  return visible(world, 'MessageTrace')
    .filter(({ times }) => (times['rowAt'] ?? 0) <= world.now())
    .map(({ props }) => props)
}

/**
 * At most ten days of the last ninety; without dates the last two. There is no paging: the caller asks again, up to the moment of the
 * last row and from its recipient on.
 */
function traces(call: CmdletCall): Props[] {
  const now = call.world.now()
  const date = (name: string, otherwise: number): number => {
    const text = given(call, name)
    return text === '' ? otherwise : Date.parse(/(?:Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}Z`)
  }
  const [from, to] = [date('StartDate', now - 2 * 86_400_000), date('EndDate', now)]
  if (to - from > 10 * 86_400_000)
    throw cmdletRefusal(400, 'ArgumentException', 'Invalid StartDate value. The date range must not exceed 10 days.')
  if (from < now - 90 * 86_400_000)
    throw cmdletRefusal(400, 'ArgumentException', "Invalid StartDate value. The StartDate can't be older than 90 days from today.")
  const among = (name: string, row: Props): boolean => {
    const wanted = listOf(call.parameters[name]).map((one) => one.toLowerCase())
    return wanted.length === 0 || wanted.includes(textOf(row[name]).toLowerCase())
  }
  const subject = given(call, 'Subject').toLowerCase()
  const how = given(call, 'SubjectFilterType') || 'Contains'
  const size = Number(given(call, 'ResultSize') || 1000)
  if (size < 1 || size > 5000) throw cmdletRefusal(400, 'ArgumentException', 'Invalid ResultSize value. Use a number from 1 to 5000.')
  const first = given(call, 'StartingRecipientAddress').toLowerCase()
  return rows(call)
    .filter((row) => first === '' || textOf(row['Received']) !== iso(to) || textOf(row['RecipientAddress']).toLowerCase() >= first)
    .filter((row) => textOf(row['Received']) >= iso(from) && textOf(row['Received']) <= iso(to))
    .filter((row) => ['SenderAddress', 'RecipientAddress', 'MessageId', 'MessageTraceId', 'Status'].every((name) => among(name, row)))
    .filter((row) => {
      const text = textOf(row['Subject']).toLowerCase()
      return how === 'StartsWith' ? text.startsWith(subject) : how === 'EndsWith' ? text.endsWith(subject) : text.includes(subject)
    })
    .toSorted(
      (a, b) =>
        textOf(b['Received']).localeCompare(textOf(a['Received'])) ||
        textOf(a['RecipientAddress']).localeCompare(textOf(b['RecipientAddress'])),
    )
    .slice(0, size)
    .map((row) => without(row, 'Events', 'Guid', 'WhenCreatedUTC', 'WhenChangedUTC', 'IsValid'))
}
