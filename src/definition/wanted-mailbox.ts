import type { WantedMailbox } from '../model/wanted-tenant.ts'
import type { Sections } from './sections.ts'
import type { Protocols } from './values/protocol.ts'

/** What is said of one mailbox in its own place; undefined: nothing. */
export type OwnWishes = {
  readonly where: string
  readonly address: string
  readonly kind: WantedMailbox['kind']
  readonly userPrincipalName?: string | undefined
  readonly displayName?: string | undefined
  readonly givenName?: string | undefined
  readonly surname?: string | undefined
  readonly alias?: string | undefined
  readonly aliases?: readonly string[] | undefined
  readonly licences?: readonly string[] | undefined
  readonly withoutLicences?: readonly string[] | undefined
  readonly location?: string | undefined
  readonly language?: string | undefined
  readonly timeZone?: string | undefined
  readonly archive?: boolean | undefined
  readonly retentionHold?: boolean | undefined
  readonly litigationHold?: boolean | undefined
  readonly forwardTo?: string | undefined
  readonly keepCopy?: boolean | undefined
  readonly hidden?: boolean | undefined
  readonly receiveBytes?: number | undefined
  readonly sendBytes?: number | undefined
  readonly protocols?: Protocols | undefined
  readonly fullAccess?: readonly string[] | undefined
  readonly sendAs?: readonly string[] | undefined
  readonly sourceBytes?: number | undefined
  readonly isMigrated: boolean
}

export type Defaults = NonNullable<NonNullable<Sections['mailboxes']>['defaults']>

/** The mailbox as it is wanted: its own wishes before the defaults, which give what wants a licence to persons alone. */
export function wantedMailbox(own: OwnWishes, defaults: Defaults): WantedMailbox {
  const licenced = own.kind === 'user' ? defaults : {}
  return {
    where: own.where,
    address: own.address,
    kind: own.kind,
    userPrincipalName: own.userPrincipalName ?? own.address,
    displayName: own.displayName ?? null,
    givenName: own.givenName ?? null,
    surname: own.surname ?? null,
    alias: own.alias ?? null,
    aliases: [...new Set(own.aliases)].filter((alias) => alias !== own.address),
    licences: [...new Set(own.licences ?? licenced.licence)],
    ...(own.withoutLicences === undefined ? {} : { withoutLicences: [...new Set(own.withoutLicences)] }),
    usageLocation: own.location ?? licenced.location ?? null,
    language: own.language ?? defaults.language ?? null,
    timeZone: own.timeZone ?? defaults.time_zone ?? null,
    archive: own.archive ?? licenced.archive ?? null,
    retentionHold: own.retentionHold ?? defaults.retention_hold ?? null,
    litigationHold: own.litigationHold ?? licenced.litigation_hold ?? null,
    forwarding: own.forwardTo === undefined ? null : { to: own.forwardTo, keepCopy: own.keepCopy ?? true },
    hidden: own.hidden ?? defaults.hidden ?? null,
    sizes: {
      receiveBytes: own.receiveBytes ?? defaults.receive_size ?? null,
      sendBytes: own.sendBytes ?? defaults.send_size ?? null,
    },
    protocols: { ...protocolsIn(defaults.protocols), ...own.protocols },
    fullAccess: [...new Set(own.fullAccess)],
    sendAs: [...new Set(own.sendAs)],
    sourceBytes: own.sourceBytes ?? null,
    isMigrated: own.isMigrated,
  }
}

/** The switches as cutover.yaml names them. */
export function protocolsIn(given: Defaults['protocols']): Protocols {
  const { smtp_auth: smtpAuth, ...others } = given ?? {}
  const switches = { ...others, 'smtp-auth': smtpAuth }
  return Object.fromEntries(Object.entries(switches).filter(([, on]) => on !== undefined))
}
