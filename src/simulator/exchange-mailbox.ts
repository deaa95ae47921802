import { exchangeNameKey } from './exchange-online.ts'
import { MailStore } from './mail-store.ts'

export type Language = 'en' | 'de' | 'fr' | 'nl'

export const LANGUAGES: readonly Language[] = ['en', 'de', 'fr', 'nl']

type DefaultFolder = { readonly specialUse?: string; readonly kind?: 'other'; readonly names: Readonly<Record<Language, string>> }

/** The folders every mailbox has, whatever their names are at the moment. */
const DEFAULT_FOLDERS: readonly DefaultFolder[] = [
  { names: { en: 'INBOX', de: 'INBOX', fr: 'INBOX', nl: 'INBOX' } },
  { specialUse: '\\Drafts', names: { en: 'Drafts', de: 'Entwürfe', fr: 'Brouillons', nl: 'Concepten' } },
  { specialUse: '\\Sent', names: { en: 'Sent Items', de: 'Gesendete Elemente', fr: 'Éléments envoyés', nl: 'Verzonden items' } },
  { specialUse: '\\Trash', names: { en: 'Deleted Items', de: 'Gelöschte Elemente', fr: 'Éléments supprimés', nl: 'Verwijderde items' } },
  { specialUse: '\\Junk', names: { en: 'Junk Email', de: 'Junk-E-Mail', fr: 'Courrier indésirable', nl: 'Ongewenste e-mail' } },
  { names: { en: 'Archive', de: 'Archiv', fr: 'Archive', nl: 'Archief' } },
  { kind: 'other', names: { en: 'Outbox', de: 'Postausgang', fr: 'Boîte d’envoi', nl: 'Postvak UIT' } },
  { kind: 'other', names: { en: 'Notes', de: 'Notizen', fr: 'Notes', nl: 'Notities' } },
  { kind: 'other', names: { en: 'Calendar', de: 'Kalender', fr: 'Calendrier', nl: 'Agenda' } },
  { kind: 'other', names: { en: 'Contacts', de: 'Kontakte', fr: 'Contacts', nl: 'Contactpersonen' } },
  { kind: 'other', names: { en: 'Tasks', de: 'Aufgaben', fr: 'Tâches', nl: 'Taken' } },
  { kind: 'other', names: { en: 'Journal', de: 'Journal', fr: 'Journal', nl: 'Logboek' } },
  {
    kind: 'other',
    names: {
      en: 'Conversation History',
      de: 'Aufgezeichnete Unterhaltungen',
      fr: 'Historique des conversations',
      nl: 'Gespreksgeschiedenis',
    },
  },
  { kind: 'other', names: { en: 'RSS Feeds', de: 'RSS-Feeds', fr: 'Flux RSS', nl: 'RSS-feeds' } },
]

/** The default folders of a mailbox in one language; `role` is the English name. */
export function defaultFolders(
  language: Language,
): readonly { readonly role: string; readonly name: string; readonly kind: 'mail' | 'other' }[] {
  return DEFAULT_FOLDERS.map(({ names, kind }) => ({ role: names.en, name: names[language], kind: kind ?? 'mail' }))
}

/** What its folders for sent mail and the like are called, by special-use attribute. */
export function defaultNames(language: Language): Readonly<Record<string, string>> {
  const special = DEFAULT_FOLDERS.flatMap(({ names, specialUse }): [string, string][] =>
    specialUse === undefined ? [] : [[specialUse, names[language]]],
  )
  const archive = DEFAULT_FOLDERS.find(({ names }) => names.en === 'Archive')
  return { ...Object.fromEntries(special), '\\Archive': archive?.names[language] ?? 'Archive' }
}

/** An Exchange Online mailbox as it is after provisioning: default folders in its language, non-mail folders among them. */
export function createExchangeMailbox(language: Language = 'en', hidesSpecialUse = false): MailStore {
  const store = new MailStore({ separator: '/', nameKey: exchangeNameKey, uidValidity: (n) => 10 + n * 3, hidesSpecialUse })
  for (const { names, specialUse, kind } of DEFAULT_FOLDERS)
    store.createFolder(names[language], { specialUse: specialUse ?? '', kind: kind ?? 'mail', subscribed: true })
  return store
}

/** The user signs in for the first time, or changes the language: default folders get other names, ids and messages stay. */
export function changeLanguage(store: MailStore, language: Language): void {
  for (const { names } of DEFAULT_FOLDERS) {
    const current = Object.values(names).find((name) => store.folder(name) !== undefined)
    if (current !== undefined && current !== names[language] && store.folder(names[language]) === undefined)
      store.renameFolder(store.folder(current)?.name ?? current, names[language])
  }
}
