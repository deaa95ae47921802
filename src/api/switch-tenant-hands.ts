import { mxOf } from '../dns/plan/conflicts.ts'
import { readTenantRecords } from '../dns/plan/tenant-records.ts'
import { asking } from '../dns/assess/outside.ts'
import { resolvedAddresses } from '../dns/assess/zone.ts'
import { portsOf } from '../mailflow/accounts.ts'
import { coexistenceFindings, type OutboundConnector } from '../mailflow/coexistence.ts'
import { greet } from '../mailflow/greet.ts'
import { mxHostEvidence, recipientsEvidence } from '../mailflow/guard-evidence.ts'
import { targetOf } from '../mailflow/mx-route.ts'
import type { SmtpTarget } from '../mailflow/smtp-wire.ts'
import { sweepRecipients } from '../mailflow/sweep.ts'
import { textIn, type JsonObject } from '../microsoft/wire-json.ts'
import { Failure } from '../model/failure.ts'
import type { Hands } from '../switch/hands.ts'
import { readRecipients } from '../tenant/recipients-read.ts'
import { outsideOf } from './switch-dns-hands.ts'
import type { OpenSwitch } from './switch-open.ts'

/** What the switch sees of the tenant and does there. */
export function tenantHandsOf(open: OpenSwitch): {
  readonly look: Pick<Hands['look'], 'mx-host' | 'recipients' | 'tenant'>
  readonly closeDomain: Hands['closeDomain']
} {
  const { ctx, input, wanted } = open
  const { domain } = wanted
  const smtp = input.mail.helo === null ? {} : { helo: input.mail.helo }

  /** The host that the tenant names now, and where it is; null: it names none. */
  const newHost = async (): Promise<{ readonly named: string; readonly target: SmtpTarget | null } | null> => {
    const [told] = await readTenantRecords(await open.door(), [domain])
    const named = told === undefined ? undefined : mxOf(told)[0]?.split(' ')[1]
    if (named === undefined) return null
    const outside = await outsideOf(open)
    const [address] = await resolvedAddresses(named, asking(outside, ctx.clock, ctx.signal))
    return { named, target: address === undefined ? null : targetOf(named, address, portsOf(input.mail.ports), null) }
  }
  const there = async (): Promise<ReadonlySet<string>> =>
    new Set(
      (await readRecipients((await open.door()).admin, ctx)).all.flatMap(({ addresses }) => addresses.map((one) => one.toLowerCase())),
    )

  return {
    look: {
      async 'mx-host'() {
        const host = await newHost()
        if (host === null) return { named: '', resolves: false, answers: 'silent', said: 'The tenant names no mail host for the domain.' }
        if (host.target === null) return { named: host.named, resolves: false, answers: 'silent', said: '' }
        return { named: host.named, resolves: true, ...mxHostEvidence(await greet(host.target, ctx, smtp)) }
      },
      async recipients() {
        const [host, addresses, inTenant] = await Promise.all([newHost(), open.known(), there()])
        if (host === null || host.target === null) {
          const all = { count: addresses.length, first: addresses.slice(0, 20) }
          return { host: host?.named ?? '', asked: 0, refused: NOBODY, unclear: all, relayed: NOBODY }
        }
        return recipientsEvidence(await sweepRecipients(host.target, addresses, ctx, smtp), inTenant)
      },
      async tenant({ plan }) {
        const door = await open.door()
        const [[told], everything, { rows }, addresses] = await Promise.all([
          readTenantRecords(door, [domain]),
          readRecipients(door.admin, ctx),
          door.admin.invoke('Get-OutboundConnector'),
          open.known(),
        ])
        const accepted = everything.acceptedDomains.find((one) => one.domain === domain)
        const kind = accepted?.type.toLowerCase()
        const domainType = kind === 'authoritative' ? 'authoritative' : kind === 'internalrelay' ? 'internal-relay' : 'unknown'
        const recipients = everything.all.flatMap((one) => one.addresses.map((address) => address.toLowerCase()))
        const staying = addresses.filter((one) => !recipients.includes(one))
        const connector = connectorFor(domain, rows)
        const findings = coexistenceFindings({
          domain,
          domainType,
          oldAddresses: addresses,
          recipients,
          staying,
          forwards: new Map(),
          connector,
          mx:
            plan?.switch.flatMap(({ type, after }) => (type === 'MX' ? (after?.data ?? []) : [])).map((one) => one.split(' ')[1] ?? '') ??
            [],
          inboundConnector: null,
        })
        return {
          problems: [
            ...(told?.isInTenant === true ? [] : [`The tenant does not have the domain ${domain}.`]),
            ...(told?.isInTenant === true && !told.isVerified ? [`The domain ${domain} is not proven to be ours.`] : []),
            ...(accepted === undefined ? [`Exchange does not take mail for ${domain} yet.`] : []),
            ...findings.filter(({ severity }) => severity === 'blocker').map(({ says }) => says),
          ],
          domainType,
          relayTo: domainType === 'internal-relay' && connector?.enabled === true ? (connector.smartHosts[0] ?? null) : null,
        }
      },
    },
    async closeDomain() {
      const { admin } = await open.door()
      const [addresses, recipients] = await Promise.all([open.known(), there()])
      const missing = addresses.filter((one) => !recipients.has(one))
      if (missing.length > 0)
        throw new Failure(
          'bad-input',
          `${domain} is not closed: ${missing.length === 1 ? 'an address is' : `${missing.length} addresses are`} not in the tenant: ${missing.slice(0, 5).join(', ')}.`,
          { notDone: true },
        )
      const { rows } = await admin.invoke('Get-AcceptedDomain', { Identity: domain })
      if (rows.some((row) => textIn(row['DomainType']) === 'Authoritative')) return
      await admin.invoke('Set-AcceptedDomain', { Identity: domain, DomainType: 'Authoritative' })
    },
  }
}

const NOBODY = { count: 0, first: [] }

/** The one that mail for the domain leaves by. */
function connectorFor(domain: string, rows: readonly JsonObject[]): OutboundConnector | null {
  const all = rows.map((row): OutboundConnector => ({
    name: textIn(row['Name']),
    enabled: row['Enabled'] !== false,
    type: textIn(row['ConnectorType']).toLowerCase() === 'partner' ? 'partner' : 'on-premises',
    recipientDomains: listIn(row['RecipientDomains']),
    smartHosts: listIn(row['SmartHosts']),
    useMx: row['UseMXRecord'] === true,
  }))
  const named = all.filter(({ recipientDomains }) => recipientDomains.some((one) => one === '*' || one.toLowerCase() === domain))
  return named.find(({ enabled }) => enabled) ?? named[0] ?? null
}

function listIn(value: unknown): readonly string[] {
  const all: readonly unknown[] = Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]
  return all.map((one) => String(one)).filter((one) => one !== '')
}
