import type { WantedMailbox } from '../model/wanted-tenant.ts'
import type { TenantColumn } from './list-columns.ts'
import type { MailboxLine } from './mailbox-list.ts'
import { shown } from './shown.ts'
import { addressOf, mailAliasOf, signInNameOf } from './values/address.ts'
import { each } from './values/checked.ts'
import type { Checked } from './values/checked.ts'
import { licenceOf } from './values/licence.ts'
import { nameOf } from './values/name.ts'
import { protocolsOf } from './values/protocol.ts'
import { countryOf, languageOf } from './values/region.ts'
import { messageSizeOf, sizeOf } from './values/size.ts'
import { timeZoneOf } from './values/time-zone.ts'
import type { OwnWishes } from './wanted-mailbox.ts'

const KINDS = ['user', 'shared', 'room', 'equipment'] as const satisfies readonly WantedMailbox['kind'][]
const YES = new Set(['yes', 'true', '1', 'on', 'ja', 'wahr'])
const NO = new Set(['no', 'false', '0', 'off', 'nein', 'falsch'])

/** What a line of the list wants of the tenant. Every cell that is not understood is told to `say`, and left out. */
export function listWishes(line: MailboxLine, where: string, say: (says: string) => void): OwnWishes | null {
  const take = <T>(field: string, text: string | undefined, check: (text: string) => Checked<T>): T | undefined => {
    if (text === undefined) return undefined
    const checked = check(text)
    if ('value' in checked) return checked.value
    say(`${field} is ${shown(text)}: ${checked.says}`)
    return undefined
  }
  const cell = <T>(column: TenantColumn, check: (text: string) => Checked<T>): T | undefined => take(column, line.tenant[column], check)

  const kind = take('kind', line.kind ?? 'user', kindOf)
  const address = take('target', line.target, addressOf)
  const upn = cell('upn', signInNameOf)
  if (kind === 'user' && address !== undefined && line.tenant.upn === undefined) {
    const signIn = signInNameOf(address)
    if ('says' in signIn) say(`target is ${shown(address)}, and so is the sign-in name: ${signIn.says}, in the column upn`)
  }
  if (line.tenant.keep_copy !== undefined && line.tenant.forward_to === undefined) say('keep_copy stands there without forward_to')
  const wishes = {
    userPrincipalName: upn,
    displayName: cell('display_name', nameOf(256)) ?? (line.name === line.target ? undefined : take('name', line.name, nameOf(256))),
    givenName: cell('given_name', nameOf(64)),
    surname: cell('surname', nameOf(64)),
    alias: take('alias', line.alias ?? undefined, mailAliasOf),
    aliases: take('aliases', line.aliases.filter(isSmtp).join(' ') || undefined, addressesOf),
    licences: cell('licence', licencesOf),
    withoutLicences: cell('without_licence', licencesOf),
    location: cell('location', countryOf),
    language: cell('language', languageOf),
    timeZone: cell('time_zone', timeZoneOf),
    archive: cell('archive', switchOf),
    retentionHold: cell('retention_hold', switchOf),
    litigationHold: cell('litigation_hold', switchOf),
    forwardTo: cell('forward_to', addressOf),
    keepCopy: cell('keep_copy', switchOf),
    hidden: cell('hidden', switchOf),
    receiveBytes: cell('receive_size', messageSizeOf),
    sendBytes: cell('send_size', messageSizeOf),
    protocols: cell('protocols', protocolsOf),
    fullAccess: cell('full_access', addressesOf),
    sendAs: cell('send_as', addressesOf),
    sourceBytes: cell('size', sizeOf),
  }
  return kind === undefined || address === undefined ? null : { where, address, kind, isMigrated: true, ...wishes }
}

function kindOf(text: string): Checked<WantedMailbox['kind']> {
  const kind = KINDS.find((known) => known === text)
  return kind === undefined ? { says: `one of ${KINDS.join(', ')}; skip leaves it behind` } : { value: kind }
}

function switchOf(text: string): Checked<boolean> {
  const folded = text.toLowerCase()
  if (YES.has(folded)) return { value: true }
  return NO.has(folded) ? { value: false } : { says: 'yes or no' }
}

function addressesOf(text: string): Checked<readonly string[]> {
  return each(
    text.split(/[\s,;]+/).filter((part) => part !== ''),
    addressOf,
  )
}

/** `none`: none of the defaults either. */
function licencesOf(text: string): Checked<readonly string[]> {
  if (/^(?:none|-)$/i.test(text)) return { value: [] }
  return each(
    text.split(/[+,;]/).flatMap((part) => (part.trim() === '' ? [] : [part.trim()])),
    licenceOf,
  )
}

/** Exchange lists addresses of other kinds too: `X500:/o=…`. */
function isSmtp(alias: string): boolean {
  return !/^(?!smtp:)[a-z0-9]+:/i.test(alias)
}
