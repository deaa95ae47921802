import { dovecot } from './dovecot.ts'
import type { Personality } from './personality.ts'

const BEFORE = 'XAPPLEPUSHSERVICE IMAP4 IMAP4rev1 SASL-IR AUTH=ATOKEN AUTH=PTOKEN AUTH=PLAIN'
const AFTER =
  'XAPPLEPUSHSERVICE IMAP4 IMAP4rev1 ACL QUOTA LITERAL+ NAMESPACE UIDPLUS CHILDREN UNSELECT ID ENABLE IDLE ESEARCH CONDSTORE QRESYNC ' +
  'STATUS=SIZE SPECIAL-USE'

/** iCloud Mail: the old FETCH items are answered with nothing, PEEK marks as read, "/" lists nothing, ENABLE says nothing. */
export const icloud: Personality = {
  ...dovecot,
  name: 'icloud',
  greeting: `OK [CAPABILITY ${BEFORE}] (2624B29-4a8bd4a3d7a2) ms12345678.mac.example.test`,
  id: '("name" "com.example.imap4d" "version" "4.0")',
  preLogin: BEFORE.split(' '),
  postLogin: AFTER.split(' '),
  mechanisms: ['PLAIN'],
  unknownVerbs: new Set(['COMPRESS', 'GETMETADATA', 'MOVE', 'UID MOVE']),
  maxErrors: null,
  zoneMinutes: 0,
  render: (message) => message.content.bytes(),
  oddities: {
    specialNames: () => ({
      '\\Drafts': 'Drafts',
      '\\Sent': 'Sent Messages',
      '\\Trash': 'Deleted Messages',
      '\\Junk': 'Junk',
      '\\Archive': 'Archive',
    }),
    emptyOldItems: true,
    peekMarksSeen: true,
    refusesRootPattern: true,
    silentEnable: true,
  },
}
