import { csvRows, officeText } from '../lib/csv-rows.ts'
import { ldifEntries } from '../lib/ldif.ts'
import type { AdObject } from './ad-object.ts'

export type AdExport = {
  readonly objects: readonly AdObject[]
  /** Objects that Entra Connect leaves out by itself: computers, built-in accounts, mailboxes of the system (Entra Connect: default rules). */
  readonly leftOut: number
  /** Whether a column or attribute was in the file at all, by names in lower case. */
  readonly attributes: ReadonlySet<string>
  /** What could not be read, with the line. */
  readonly problems: readonly { readonly line: number; readonly says: string }[]
}

/** Kept in base64. */
const BINARY = new Set(['objectguid', 'ms-ds-consistencyguid', 'objectsid'])
/** What PowerShell calls otherwise than the directory. */
const POWERSHELL: Readonly<Record<string, string>> = {
  emailaddress: 'mail',
  surname: 'sn',
  distinguishedname: 'dn',
  office: 'physicaldeliveryofficename',
}
/** Several values in one cell; those of proxyAddresses are told apart by their types too. */
const SEPARATOR = /(?<!\\);\s*|\|\s*|[\s,]+(?=(?:smtp|sip|x500|x400|eum|spo|notes):)/i
const MANY = new Set(['proxyaddresses', 'objectclass', 'othermailbox', 'showinaddressbook', 'member', 'memberof'])

/** An export of Active Directory: LDIF (ldifde, ldapsearch), or a table of csvde or PowerShell (Get-ADObject … | Export-Csv). */
export function readExport(bytes: Buffer): AdExport {
  const text = officeText(bytes)
  const isLdif = /^(?:version: ?1|dn::? )/im.test(text.slice(0, 20_000))
  return isLdif ? fromLdif(text) : fromTable(bytes)
}

function fromLdif(text: string): AdExport {
  const { entries, problems } = ldifEntries(text, BINARY)
  return collected(
    entries,
    problems.map(({ line }) => ({ line, says: 'this is no LDIF: a line is "attribute: value"' })),
  )
}

function fromTable(bytes: Buffer): AdExport {
  const { rows, problems: unreadable } = csvRows(bytes)
  const problems = [...unreadable]
  const [head, ...body] = rows[0]?.fields[0]?.startsWith('#TYPE ') === true ? rows.slice(1) : rows
  const names = (head?.fields ?? []).map((name) => POWERSHELL[name.trim().toLowerCase()] ?? name.trim().toLowerCase())
  if (!names.includes('dn')) {
    const says =
      'no column DN or DistinguishedName: export with csvde, or with Get-ADObject -Properties * and Select-Object, and keep that column'
    return { objects: [], leftOut: 0, attributes: new Set(names), problems: [{ line: head?.line ?? 1, says }] }
  }
  const lost = new Set<string>()
  const entries = body.map(({ line, fields }) => {
    const attributes = new Map<string, readonly string[]>()
    for (const [at, name] of names.entries()) {
      const cell = fields[at] ?? ''
      if (cell === '') continue
      if (/^(?:System|Microsoft)\.[\w.[\]]+$/.test(cell)) lost.add(name)
      else attributes.set(name, BINARY.has(name) ? [binary(cell)] : MANY.has(name) ? cell.split(SEPARATOR).map(unescaped) : [cell])
    }
    return { line, attributes }
  })
  for (const name of lost)
    problems.push({
      line: head?.line ?? 1,
      says: `column ${name} holds the name of a type instead of values: join them with @{n='${name}';e={$_.${name} -join ';'}} in Select-Object`,
    })
  return collected(entries, problems)
}

function unescaped(value: string): string {
  return value.replaceAll('\\;', ';').replaceAll('\\,', ',')
}

/** csvde writes X'0a1b…', PowerShell the text of a GUID, whose first three parts are turned round in the directory. */
function binary(cell: string): string {
  const hex = /^X'([\da-f]+)'$/i.exec(cell)?.[1]
  if (hex !== undefined) return Buffer.from(hex, 'hex').toString('base64')
  const guid = /^\{?([\da-f]{8})-([\da-f]{4})-([\da-f]{4})-([\da-f]{4})-([\da-f]{12})\}?$/i.exec(cell)
  if (guid === null) return cell
  const [a = '', b = '', c = '', ...rest] = guid.slice(1)
  const turned = [a, b, c].map((part) => Buffer.from(Buffer.from(part, 'hex').toReversed()).toString('hex'))
  return Buffer.from([...turned, ...rest].join(''), 'hex').toString('base64')
}

function collected(
  entries: readonly { readonly line: number; readonly attributes: ReadonlyMap<string, readonly string[]> }[],
  problems: AdExport['problems'],
): AdExport {
  const objects: AdObject[] = []
  const names = new Set<string>()
  let leftOut = 0
  for (const { line, attributes } of entries) {
    for (const name of attributes.keys()) names.add(name)
    const kind = kindOf(attributes)
    const dn = attributes.get('dn')?.[0] ?? ''
    if (kind === 'other') continue
    if (kind === null || isLeftOut(attributes)) leftOut++
    else objects.push({ line, dn, kind, attributes })
  }
  return { objects, leftOut, attributes: names, problems }
}

/** null: of a kind that is never synchronised as a person or group. other: a container and the like. */
function kindOf(attributes: ReadonlyMap<string, readonly string[]>): AdObject['kind'] | 'other' | null {
  const classes = (attributes.get('objectclass') ?? []).map((name) => name.toLowerCase())
  const last = classes.at(-1) ?? ''
  if (classes.includes('computer') || last.startsWith('msds-') || classes.includes('msexchsystemmailbox')) return null
  if (classes.includes('user') || classes.includes('inetorgperson')) return 'user'
  if (classes.includes('group')) return 'group'
  if (classes.includes('contact')) return 'contact'
  if (classes.length > 0) return 'other'
  // Get-ADUser leaves the class away where nobody asked for it.
  return attributes.has('userprincipalname') || attributes.has('samaccountname') ? 'user' : 'other'
}

const SYSTEM_NAMES =
  /^(?:SUPPORT_|MSOL_|AAD_|HealthMailbox|SystemMailbox\{|DiscoverySearchMailbox|FederatedEmail\.|Migration\.[\da-f]|CAS_\{)/i
const BUILT_IN = new Set(['administrator', 'guest', 'krbtgt', 'defaultaccount', 'wdagutilityaccount'])
/** Arbitration, discovery, monitoring and system mailboxes of Exchange. */
const SYSTEM_TYPES = new Set(['8388608', '536870912', '4294967296', '8192', '16384', '4398046511104'])

function isLeftOut(attributes: ReadonlyMap<string, readonly string[]>): boolean {
  const first = (name: string): string => attributes.get(name)?.[0] ?? ''
  const account = first('samaccountname')
  return (
    /^true$/i.test(first('iscriticalsystemobject')) ||
    BUILT_IN.has(account.toLowerCase()) ||
    [account, first('mailnickname'), first('cn')].some((name) => SYSTEM_NAMES.test(name)) ||
    SYSTEM_TYPES.has(first('msexchrecipienttypedetails'))
  )
}
