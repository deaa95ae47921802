/** What columns are called in exports of panels, offices and directories, as `columnName` writes them. The first that a row fills is taken. */
import type { Kind } from './found.ts'

export const ADDRESS = [
  'email', 'emailaddress', 'mail', 'address', 'primaryemail', 'primaryemailaddress', 'primaryaddress', 'smtpaddress', 'target', 'targetaddress',
  'emailadresse', 'mailadresse', 'adresse', 'adressemail', 'adresseemail', 'courriel', 'correo', 'correoelectronico', 'indirizzoemail', 'mailaddress', 'accountaddress', 'emailaccount', 'mailbox', 'account',
] // prettier-ignore
export const LOGIN = ['sourcelogin', 'login', 'username', 'user', 'userid', 'loginname', 'samaccountname', 'uid', 'benutzer', 'benutzername', 'anmeldename', 'utilisateur', 'usuario', 'utente', 'imapuser'] // prettier-ignore
export const NAME = ['displayname', 'fullname', 'name', 'realname', 'anzeigename', 'nom', 'nombre', 'nome', 'cn', 'description']
export const FIRST = ['firstname', 'givenname', 'vorname', 'prenom', 'prénom']
export const LAST = ['lastname', 'surname', 'sn', 'nachname', 'familyname']
export const ALIASES = [
  'aliases',
  'emailaliases',
  'emailaddresses',
  'otheremails',
  'weitereadressen',
  'forwards',
  'aliasaddresses',
  'secondaryaddresses',
]
export const MAIL_ALIAS = ['alias', 'sourcealias', 'mailnickname', 'nickname']
export const SIZE = ['sizebytes', 'diskused', 'usedbytes', 'usage', 'quotaused', 'bytes']
export const STATUS = ['status', 'accountstatus', 'state', 'active', 'enabled', 'disabled', 'suspended', 'accountdisabled']
export const KIND = ['kind', 'type', 'recipienttypedetails', 'accounttype', 'art']
export const KIND_WORDS: readonly (readonly [RegExp, Kind])[] = [
  [/shared|gemeinsam|freigegeben|partag/i, 'shared'],
  [/room|raum|location|salle/i, 'room'],
  [/equipment|resource|ressource/i, 'equipment'],
  [/group|gruppe|list|verteiler|groupe/i, 'group'],
  [/alias|forward|weiterleitung/i, 'alias'],
  [/contact|kontakt|guest/i, 'contact'],
  [/system/i, 'system'],
]
