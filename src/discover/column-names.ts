/** What columns are called in exports of panels, offices and directories, as `columnName` writes them. The first that a row fills is taken. */
import { valuesOf } from './columns.ts'
import { account, sizeOf, type Found, type Kind } from './found.ts'

const ADDRESS = [
  'email', 'emailaddress', 'mail', 'address', 'primaryemail', 'primaryemailaddress', 'primaryaddress', 'smtpaddress', 'target', 'targetaddress',
  'emailadresse', 'mailadresse', 'adresse', 'adressemail', 'adresseemail', 'courriel', 'correo', 'correoelectronico', 'indirizzoemail', 'mailaddress', 'accountaddress', 'emailaccount', 'mailbox', 'account',
] // prettier-ignore
const LOGIN = ['sourcelogin', 'login', 'username', 'user', 'userid', 'loginname', 'samaccountname', 'uid', 'benutzer', 'benutzername', 'anmeldename', 'utilisateur', 'usuario', 'utente', 'imapuser'] // prettier-ignore
const NAME = ['displayname', 'fullname', 'name', 'realname', 'anzeigename', 'nom', 'nombre', 'nome', 'cn', 'description']
const FIRST = ['firstname', 'givenname', 'vorname', 'prenom', 'prénom']
const LAST = ['lastname', 'surname', 'sn', 'nachname', 'familyname']
const ALIASES = [
  'aliases',
  'emailaliases',
  'emailaddresses',
  'otheremails',
  'weitereadressen',
  'forwards',
  'aliasaddresses',
  'secondaryaddresses',
]
const MAIL_ALIAS = ['alias', 'sourcealias', 'mailnickname', 'nickname']
const SIZE = ['sizebytes', 'diskused', 'usedbytes', 'usage', 'quotaused', 'bytes']
const STATUS = ['status', 'accountstatus', 'state', 'active', 'enabled', 'isenabled', 'disabled', 'suspended', 'accountdisabled']
const KIND = ['kind', 'type', 'userrole', 'role', 'recipienttypedetails', 'accounttype', 'art']
const KIND_WORDS: readonly (readonly [RegExp, Kind])[] = [
  [/shared|gemeinsam|freigegeben|partag/i, 'shared'],
  [/room|raum|location|salle/i, 'room'],
  [/equipment|resource|ressource/i, 'equipment'],
  [/group|gruppe|list|verteiler|groupe/i, 'group'],
  [/alias|forward|weiterleitung/i, 'alias'],
  [/contact|kontakt|guest/i, 'contact'],
  [/system/i, 'system'],
]

/** Whether a column of this name holds addresses or logins. */
export function isKnown(name: string): boolean {
  return ADDRESS.includes(name) || LOGIN.includes(name)
}

/** The account of a row, by the names of its columns; null where it has neither an address nor a login. */
export function accountIn(cells: ReadonlyMap<string, string>, line: number): Found | null {
  const cell = (names: readonly string[]): string | null => names.map((name) => cells.get(name) ?? '').find((value) => value !== '') ?? null
  const address = cell(ADDRESS)
  const login = cell(LOGIN) ?? address
  if (login === null) return null
  const full = [cell(FIRST), cell(LAST)].filter((each) => each !== null).join(' ')
  return account({
    login,
    address: address !== null && address.includes('@') ? address : null,
    name: cell(NAME) ?? (full === '' ? null : full),
    kind: KIND_WORDS.find(([pattern]) => pattern.test(cell(KIND) ?? ''))?.[1] ?? 'user',
    aliases: valuesOf(cell(ALIASES))
      .map((each) => each.replace(/^smtp:/i, ''))
      .filter((each) => each.includes('@')),
    mailAlias: cell(MAIL_ALIAS),
    sizeBytes: sizeOf(cell(SIZE)),
    disabled: STATUS.some((name) => isOff(name, cells.get(name) ?? '')),
    line,
  })
}

/** `active=no` and `suspended=yes` say the same. */
function isOff(name: string, value: string): boolean {
  if (/^(?:disabled|suspended|accountdisabled)$/.test(name)) return /^(?:true|yes|ja|oui|1|x)$/i.test(value)
  return /^(?:false|no|nein|non|0|suspended|disabled|locked|inactive|deactivated|closed|gesperrt|deaktiviert|inaktiv)$/i.test(value)
}
