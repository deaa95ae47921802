import { textIn } from '../../microsoft/wire-json.ts'
import type { Protocol, WantedMailbox, WantedTenant } from '../../model/wanted-tenant.ts'
import type { TenantChange } from '../call.ts'
import { key } from '../key.ts'
import type { Setting } from './mailbox-change.ts'
import { settingsChange } from './mailbox-change.ts'
import { wantedPlan } from './mailbox-licence.ts'
import type { Standing } from './mailbox-match.ts'
import { standings } from './mailbox-match.ts'
import type { Actual, Part } from '../part.ts'
import type { Row } from '../settings.ts'
import { rowsIn } from '../settings.ts'

type Protocols = {
  /** Rows of Get-CASMailbox, by primary address. */
  readonly byAddress: ReadonlyMap<string, Row>
  /** Names of the plans that new mailboxes are made by without IMAP. */
  readonly plansWithoutImap: readonly string[]
}

/** Which protocols open a mailbox; and IMAP for as long as mail is moved in through it. */
export const mailboxProtocolsPart: Part<Protocols> = {
  name: 'protocols of mailboxes',
  read: async ({ admin }, wanted) => {
    if (!wanted.mailboxes.some((one) => Object.keys(one.protocols).length > 0 || needsImap(one, wanted)))
      return { byAddress: new Map(), plansWithoutImap: [] }
    const [mailboxes, plans] = await Promise.all([
      admin.invoke('Get-CASMailbox', { ResultSize: 'Unlimited' }, { select: ['PrimarySmtpAddress', ...Object.values(PROPERTY)] }),
      admin.invoke('Get-CASMailboxPlan'),
    ])
    return {
      byAddress: new Map(rowsIn(mailboxes.rows).map((row) => [textIn(row['PrimarySmtpAddress']).toLowerCase(), row])),
      plansWithoutImap: rowsIn(plans.rows)
        .filter((row) => row['ImapEnabled'] === false)
        .map((row) => textIn(row['Name'])),
    }
  },
  compare: (wanted, actual, own) => ({
    changes: standings(wanted, actual).flatMap((one) => [...protocols(one, wanted, own), ...imap(one, wanted, actual, own)]),
    findings: standings(wanted, actual)
      .filter((one) => one.wanted.protocols.imap === false && needsImap(one.wanted, wanted))
      .map(({ wanted: { address, where } }) => ({
        code: 'imap-needed',
        severity: 'note',
        about: address,
        says: `${address} is wanted without IMAP. It is on as long as mail is moved in, and switched off after that.`,
        remedy: 'Nothing needs to be done.',
        where,
      })),
  }),
}

const PROPERTY: Readonly<Record<Protocol, string>> = {
  imap: 'ImapEnabled',
  pop: 'PopEnabled',
  owa: 'OWAEnabled',
  mapi: 'MAPIEnabled',
  activesync: 'ActiveSyncEnabled',
  ews: 'EwsEnabled',
  'smtp-auth': 'SmtpClientAuthenticationDisabled',
}
const TITLE: Readonly<Record<Protocol, string>> = {
  imap: 'IMAP',
  pop: 'POP',
  owa: 'Outlook on the web',
  mapi: 'MAPI (Outlook)',
  activesync: 'ActiveSync',
  ews: 'EWS',
  'smtp-auth': 'SMTP submission',
}
const ALL: readonly Protocol[] = ['imap', 'pop', 'owa', 'mapi', 'activesync', 'ews', 'smtp-auth']

function needsImap({ isMigrated }: WantedMailbox, { migration }: WantedTenant): boolean {
  return isMigrated && migration.app !== null
}

function protocols(one: Standing, tenant: WantedTenant, { byAddress }: Protocols): readonly TenantChange[] {
  const { wanted, mailbox, identity } = one
  const row = mailbox === null ? undefined : byAddress.get(mailbox.primaryAddress)
  const settings = ALL.flatMap((protocol): readonly Setting[] => {
    const on = wanted.protocols[protocol]
    if (on === undefined || (protocol === 'imap' && !on && needsImap(wanted, tenant))) return []
    const name = PROPERTY[protocol]
    // The only one that is told the other way round; without a value the setting of the organisation counts.
    const to = protocol === 'smtp-auth' ? !on : on
    if (row?.[name] === to) return []
    return [{ name, to, as: 'text', says: `${TITLE[protocol]} ${on ? 'on' : 'off'}` }]
  })
  return settingsChange({
    ...casMailbox(identity),
    key: `protocols ${wanted.address.toLowerCase()}`,
    kind: 'protocols',
    about: wanted.address,
    says: `Set the protocols of ${wanted.address}`,
    after: [key.mailbox(wanted.address)],
    settings,
  })
}

function imap(one: Standing, tenant: WantedTenant, actual: Actual, own: Protocols): readonly TenantChange[] {
  const { wanted, mailbox, identity } = one
  if (!needsImap(wanted, tenant) || wanted.protocols.imap === true) return []
  const isOn = mailbox === null ? comesWithImap(one, actual, own) : own.byAddress.get(mailbox.primaryAddress)?.['ImapEnabled'] !== false
  if (isOn) return []
  return settingsChange({
    ...casMailbox(identity),
    key: `migration-imap ${wanted.address.toLowerCase()}`,
    kind: 'migration',
    about: wanted.address,
    says: `For the migration, ${wanted.address}`,
    after: [key.mailbox(wanted.address)],
    settings: [{ name: 'ImapEnabled', to: true, as: 'text', says: 'IMAP on' }],
  })
}

/** Mailboxes of the plan for frontline workers come without IMAP, others where an administrator has switched it off. */
function comesWithImap(one: Standing, { directory }: Actual, { plansWithoutImap }: Protocols): boolean {
  const plan = wantedPlan(one, directory)
  const isDeskless = (name: string): boolean => /deskless/i.test(name)
  // Rooms and shared mailboxes need no licence.
  const hasOther = plan === null ? one.wanted.kind !== 'user' : !isDeskless(plan.name)
  return plansWithoutImap.every((name) => isDeskless(name) && hasOther)
}

function casMailbox(identity: string) {
  return {
    look: { cmdlet: 'Get-CASMailbox', parameters: { Identity: identity } },
    cmdlet: 'Set-CASMailbox',
    parameters: { Identity: identity },
  } as const
}
