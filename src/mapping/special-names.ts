import type { SpecialUse } from '../model/special-use.ts'

type NamedRole = Exclude<SpecialUse, 'flagged' | 'important'>

/** What mail programs and servers call their special folders, language by language. Separated by `|`. */
const NAMES: Readonly<Record<NamedRole, string>> = {
  inbox: 'INBOX',
  sent:
    'Sent|Sent Items|Sent Mail|Sent Messages|Gesendet|Gesendete Elemente|Gesendete Objekte|Envoyés|Éléments envoyés|Messages envoyés|' +
    'Enviados|Elementos enviados|Enviadas|Itens enviados|Posta inviata|Inviata|Verzonden|Verzonden items|Skickat|Skickade objekt|Sendt|' +
    'Sendt post|Sendte elementer|Lähetetyt|Wysłane|Elementy wysłane|Odeslaná pošta|Elküldött elemek|Trimise|Elemente trimise|' +
    'Отправленные|Надіслані|Изпратени|Απεσταλμένα|Gönderilmiş öğeler|已发送|已发送邮件|寄件備份|送信済みアイテム|送信済み|보낸 편지함|' +
    'المرسل|נשלחו',
  drafts:
    'Drafts|Draft|Entwürfe|Brouillons|Borradores|Rascunhos|Bozze|Concepten|Utkast|Kladder|Luonnokset|Kopie robocze|Wersje robocze|' +
    'Szkice|Koncepty|Rozepsané|Piszkozatok|Ciorne|Черновики|Чернетки|Πρόχειρα|Taslaklar|草稿|草稿箱|下書き|임시보관함|임시 보관함',
  trash:
    'Trash|Deleted|Deleted Items|Deleted Messages|Papierkorb|Gelöschte Elemente|Gelöschte Objekte|Corbeille|Éléments supprimés|Papelera|' +
    'Elementos eliminados|Lixeira|Itens excluídos|Itens eliminados|Cestino|Posta eliminata|Prullenbak|Verwijderde items|Papperskorgen|' +
    'Borttagna objekt|Slettet|Slettet post|Slettede elementer|Roskakori|Poistetut|Kosz|Elementy usunięte|Koš|Odstraněná pošta|Kuka|' +
    'Törölt elemek|Корзина|Удаленные|Удалённые|Κάδος απορριμμάτων|Çöp kutusu|Silinmiş öğeler|已删除邮件|垃圾桶|ごみ箱|削除済みアイテム|' +
    '휴지통|지운 편지함',
  junk:
    'Junk|Junk E-mail|Junk Email|Spam|Bulk Mail|Spamverdacht|Junk-E-Mail|Courrier indésirable|Indésirables|Correo no deseado|' +
    'Correo electrónico no deseado|Lixo Eletrônico|Posta indesiderata|Ongewenste e-mail|Skräppost|Søppelpost|Uønsket e-mail|Uønsket mail|' +
    'Roskaposti|Wiadomości-śmieci|Nevyžádaná pošta|Levélszemét|Спам|Нежелательная почта|Ανεπιθύμητη αλληλογραφία|Gereksiz|' +
    'Gereksiz e-posta|垃圾邮件|迷惑メール|スパム|스팸메일함',
  archive: 'Archive|Archives|Archiv|Archivo|Arquivo|Archivio|Archief|Arkiv|Arkisto|Archiwum|Архив|存档|アーカイブ',
  all: 'All Mail|Alle Nachrichten|Tous les messages|Todos|Tutti i messaggi|Alle berichten|Вся почта|所有邮件|すべてのメール|전체보관함',
}

/** Names that mean a role below `[Gmail]` and something else anywhere else. */
const GMAIL_ONLY = new Map<string, SpecialUse>([
  ['bin', 'trash'],
  ['starred', 'flagged'],
  ['important', 'important'],
])

const BY_NAME = new Map<string, SpecialUse>()
for (const role of ['inbox', 'sent', 'drafts', 'trash', 'junk', 'archive', 'all'] as const) {
  for (const name of NAMES[role].split('|')) BY_NAME.set(folded(name), role)
}

function folded(name: string): string {
  return name.normalize('NFKC').toLowerCase().trim()
}

/**
 * The role that a folder's name tells in any known language; null for a user's folder. Exact match only ("Sent to clients" is a user's
 * folder), and only meaningful at the top level. "Bin" and "Starred" say something below `[Gmail]` alone: pass `belowGmail` there.
 */
export function roleByName(name: string, belowGmail = false): SpecialUse | null {
  const key = folded(name)
  return BY_NAME.get(key) ?? (belowGmail ? GMAIL_ONLY.get(key) : undefined) ?? null
}

/** The name an English Exchange mailbox gives the folder of a role: what is created where the destination has none. */
export const EXCHANGE_NAMES = {
  inbox: 'INBOX',
  sent: 'Sent Items',
  drafts: 'Drafts',
  trash: 'Deleted Items',
  junk: 'Junk Email',
  archive: 'Archive',
} as const

/** The roles of folders that hold messages of their own; the others are views. */
export type StoredRole = keyof typeof EXCHANGE_NAMES

export function isStored(role: SpecialUse): role is StoredRole {
  return role in EXCHANGE_NAMES
}
