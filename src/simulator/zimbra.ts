import { dovecot } from './dovecot.ts'
import type { Personality } from './personality.ts'

const CAPABILITIES =
  'IMAP4rev1 ACL BINARY CATENATE CHILDREN CONDSTORE ENABLE ESEARCH ESORT I18NLEVEL=1 ID IDLE LIST-EXTENDED LIST-STATUS LITERAL+ ' +
  'LOGIN-REFERRALS MULTIAPPEND NAMESPACE QRESYNC QUOTA RIGHTS=ektx SASL-IR SEARCHRES SORT THREAD=ORDEREDSUBJECT UIDPLUS UNSELECT WITHIN ' +
  'XLIST AUTH=PLAIN'

/** Zimbra: EXISTS comes in steps, the 26th equal command within five minutes ends the session, attributes come without SPECIAL-USE. */
export const zimbra: Personality = {
  ...dovecot,
  name: 'zimbra',
  greeting: 'OK mail.old.example.test Zimbra 8.8.15_GA_4059 IMAP4rev1 server ready',
  bye: 'BYE 127.0.0.1 Zimbra IMAP4rev1 server closing connection',
  id: '("NAME" "Zimbra" "VERSION" "8.8.15_GA_4059" "RELEASE" "20210628195440")',
  preLogin: CAPABILITIES.split(' '),
  postLogin: CAPABILITIES.split(' '),
  namespace: '(("" "/")) (("/home/" "/")) NIL',
  mechanisms: ['PLAIN'],
  unknownVerbs: new Set(['COMPRESS', 'GETMETADATA', 'MOVE', 'UID MOVE']),
  maxErrors: 5,
  zoneMinutes: 0,
  render: (message) => message.content.bytes(),
  oddities: { existsStep: 500, sameCommandLimit: 25 },
}
