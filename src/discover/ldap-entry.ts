import { account, type Found, type Kind } from './found.ts'
import { proxiesOf } from './proxy-addresses.ts'

/** One entry of a directory; the names of the attributes in lower case. */
export type LdapEntry = { readonly line: number | null; readonly attributes: ReadonlyMap<string, readonly string[]> }

/** The attributes that are read; nothing else is asked of a directory. */
export const LDAP_ATTRIBUTES = [
  'objectClass', 'mail', 'mailAlternateAddress', 'mailLocalAddress', 'mailAlias', 'gosaMailAlternateAddress', 'zimbraMailAlias', 'proxyAddresses', 'mailNickname',
  'userPrincipalName', 'sAMAccountName', 'uid', 'displayName', 'cn', 'givenName', 'sn', 'userAccountControl', 'msExchRecipientTypeDetails', 'msExchMailboxGuid',
  'nsAccountLock', 'shadowExpire', 'accountStatus', 'zimbraAccountStatus', 'pwdAccountLockedTime', 'mailEnabled',
] // prettier-ignore

const FURTHER = ['mailalternateaddress', 'maillocaladdress', 'mailalias', 'gosamailalternateaddress', 'zimbramailalias']
const GROUP =
  /^(?:group|groupofnames|groupofuniquenames|posixgroup|mailgroup|nismailalias|zimbradistributionlist|msexchdynamicdistributionlist)$/i
/** Active Directory: the account is disabled (userAccountControl bit 2). */
const ACCOUNT_DISABLED = 2
/** msExchRecipientTypeDetails of Exchange: what kind of mailbox it is. */
const RECIPIENT_TYPES: Readonly<Record<string, Kind>> = {
  '1': 'user', '2': 'user', '4': 'shared', '8': 'user', '16': 'room', '32': 'equipment', '64': 'contact', '128': 'contact', '256': 'group',
  '512': 'group', '1024': 'group', '2048': 'group', '4096': 'public', '8192': 'system', '16384': 'system', '32768': 'contact', '65536': 'contact',
  '131072': 'system', '262144': 'contact', '524288': 'contact', '1048576': 'group', '8388608': 'system', '536870912': 'system',
  '2147483648': 'contact', '4398046511104': 'system', '8589934592': 'contact', '17179869184': 'contact', '34359738368': 'contact',
} // prettier-ignore

/** An account for an entry with an address; null for what has none (computers, organisational units, services). */
export function accountOf(entry: LdapEntry, loginAttribute: string | null): Found | null {
  const values = (name: string): readonly string[] => entry.attributes.get(name.toLowerCase()) ?? []
  const one = (name: string): string | null => values(name)[0] ?? null
  const proxies = proxiesOf(values('proxyaddresses'))
  const mails = values('mail')
  const address = proxies.primary ?? mails[0] ?? null
  const classes = values('objectclass').map((each) => each.toLowerCase())
  const mailbox = one('msexchmailboxguid') !== null
  if (address === null && !mailbox) return null
  const own = loginAttribute === null ? null : one(loginAttribute)
  const login = own ?? one('userprincipalname') ?? one('uid') ?? one('samaccountname') ?? address
  if (login === null) return null
  const kind = kindOf(one('msexchrecipienttypedetails'), classes)
  const disabled = isDisabled(one)
  return account({
    login: kind === 'group' || kind === 'contact' ? (address ?? login) : login,
    address,
    name: one('displayname') ?? one('cn') ?? [one('givenname'), one('sn')].filter((each) => each !== null).join(' '),
    kind,
    mailAlias: one('mailnickname'),
    aliases: [...proxies.others, ...mails, ...FURTHER.flatMap((name) => values(name))],
    disabled: disabled && (kind === 'user' || kind === 'system'),
    remarks: loginAttribute !== null && own === null && kind === 'user' ? [`has no ${loginAttribute}`] : [],
    line: entry.line,
  })
}

function kindOf(recipientType: string | null, classes: readonly string[]): Kind {
  const told = recipientType === null ? undefined : RECIPIENT_TYPES[recipientType]
  if (told !== undefined) return told
  if (classes.some((each) => GROUP.test(each))) return 'group'
  if (classes.includes('contact')) return 'contact'
  return classes.includes('publicfolder') ? 'public' : 'user'
}

function isDisabled(one: (name: string) => string | null): boolean {
  if ((Number(one('useraccountcontrol') ?? 0) & ACCOUNT_DISABLED) !== 0) return true
  if (/^true$/i.test(one('nsaccountlock') ?? '') || one('pwdaccountlockedtime') !== null) return true
  const status = one('accountstatus') ?? one('zimbraaccountstatus') ?? 'active'
  return !/^(?:active|enabled|true|1)$/i.test(status)
}
