import { columned, valuesOf } from '../columns.ts'
import { account, sizeOf, type Found, type Kind, type Problem, type Reading } from '../found.ts'
import type { Listing, ListingFile } from '../listing.ts'

const ADDRESS = [
  'email', 'emailaddress', 'mail', 'address', 'primaryemail', 'primaryemailaddress', 'primaryaddress', 'smtpaddress', 'target', 'targetaddress',
  'emailadresse', 'mailadresse', 'adresse', 'adressemail', 'adresseemail', 'courriel', 'correo', 'correoelectronico', 'indirizzoemail', 'mailbox', 'account',
] // prettier-ignore
const LOGIN = ['sourcelogin', 'login', 'username', 'user', 'userid', 'loginname', 'samaccountname', 'uid', 'benutzer', 'benutzername', 'anmeldename', 'utilisateur', 'usuario', 'utente', 'imapuser'] // prettier-ignore
const NAME = ['name', 'displayname', 'fullname', 'realname', 'anzeigename', 'nom', 'nombre', 'nome', 'cn', 'description']
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
const STATUS = ['status', 'accountstatus', 'state', 'active', 'enabled', 'disabled', 'suspended', 'accountdisabled']
const KIND = ['kind', 'type', 'recipienttypedetails', 'accounttype', 'art']
const KINDS: readonly (readonly [RegExp, Kind])[] = [
  [/shared|gemeinsam|freigegeben|partag/i, 'shared'],
  [/room|raum|location|salle/i, 'room'],
  [/equipment|resource|ressource/i, 'equipment'],
  [/group|gruppe|list|verteiler|groupe/i, 'group'],
  [/alias|forward|weiterleitung/i, 'alias'],
  [/contact|kontakt|guest/i, 'contact'],
  [/system/i, 'system'],
]

/** Any table with a line of column names in which an address or a login can be told by its column. */
export const csv: Listing = {
  name: 'csv',
  title: 'a CSV table (columns told by their names)',
  command: '',
  file: {
    recognises: ({ bytes }) => {
      const { names } = columned(bytes.subarray(0, 65_536))
      return names.some((name) => ADDRESS.includes(name) || LOGIN.includes(name))
    },
    read,
  },
  live: null,
}

function read({ bytes }: ListingFile): Reading {
  const { names, rows, problems: unreadable } = columned(bytes)
  const problems: Problem[] = [...unreadable]
  const found: Found[] = []
  if (!names.some((name) => ADDRESS.includes(name) || LOGIN.includes(name))) {
    const says = 'the first line names no column that we know: one must be called email, address, login or user'
    return { found, problems: [{ line: 1, says }, ...problems] }
  }
  for (const { line, cell, cells } of rows) {
    const address = cell(...ADDRESS)
    const login = cell(...LOGIN) ?? address
    if (login === null) {
      problems.push({ line, says: 'there is neither an address nor a login' })
      continue
    }
    const name = cell(...NAME) ?? ([cell(...FIRST), cell(...LAST)].filter((each) => each !== null).join(' ') || null)
    const kind = KINDS.find(([pattern]) => pattern.test(cell(...KIND) ?? ''))?.[1] ?? 'user'
    found.push(
      account({
        login,
        address: address !== null && address.includes('@') ? address : null,
        name,
        kind,
        aliases: valuesOf(cell(...ALIASES))
          .map((each) => each.replace(/^smtp:/i, ''))
          .filter((each) => each.includes('@')),
        mailAlias: cell(...MAIL_ALIAS),
        sizeBytes: sizeOf(cell(...SIZE)),
        disabled: STATUS.some((column) => isOff(column, cells.get(column) ?? '')),
        line,
      }),
    )
  }
  return { found, problems }
}

/** `active=no` and `suspended=yes` say the same. */
function isOff(column: string, value: string): boolean {
  if (/^(?:disabled|suspended|accountdisabled)$/.test(column)) return /^(?:true|yes|ja|oui|1|x)$/i.test(value)
  return /^(?:false|no|nein|non|0|suspended|disabled|locked|inactive|deactivated|closed|gesperrt|deaktiviert|inaktiv)$/i.test(value)
}
