import { nameKey } from './name-key.ts'

/** What Exchange calls the folders that do not hold mail, outside English; one row per kind. The hidden ones are not listed and not here. */
const NON_MAIL_NAMES = [
  'Kalender|Calendrier|Calendario|Agenda|Calendário|Kalenteri|Kalendarz|Kalendář|Naptár|Календарь|Календар|Takvim|予定表|日历|行事曆|일정',
  'Kontakte|Contacts|Contactos|Contatti|Contactpersonen|Contatos|Kontakter|Kontaktpersoner|Yhteystiedot|Kontakty|Névjegyek|Контакты|' +
    'Контакти|Kişiler|連絡先|联系人|連絡人|연락처',
  'Aufgaben|Tâches|Tareas|Attività|Taken|Tarefas|Uppgifter|Opgaver|Oppgaver|Tehtävät|Zadania|Úkoly|Feladatok|Задачи|Завдання|Görevler|' +
    'タスク|任务|工作|작업',
  'Notizen|Notas|Note|Notities|Anotações|Anteckningar|Noter|Notater|Muistilaput|Notatki|Poznámky|Feljegyzések|Заметки|Нотатки|Notlar|' +
    'メモ|便笺|記事|메모',
  'Journal|Diario|Logboek|Diário|Logg|Päiväkirja|Dziennik|Deník|Napló|Дневник|Щоденник|Günlük|履歴|日记|日誌',
  "Postausgang|Boîte d'envoi|Boîte d’envoi|Bandeja de salida|Posta in uscita|Postvak UIT|Caixa de saída|Utkorg|Udbakke|Utboks|Lähtevät|" +
    'Skrzynka nadawcza|Pošta k odeslání|Postázandó üzenetek|Исходящие|Вихідні|Giden Kutusu|送信トレイ|发件箱|寄件匣|보낼 편지함',
  'Synchronisierungsprobleme|Problèmes de synchronisation|Problemas de sincronización|Problemi di sincronizzazione|' +
    'Synchronisatieproblemen|Problemas de sincronização|Synkroniseringsproblem|Synkroniseringsproblemer|Problemy z synchronizacją|' +
    'Problémy se synchronizací|Ошибки синхронизации|同期の失敗|同步问题',
  'Aufgezeichnete Unterhaltungen|Historique des conversations|Historial de conversaciones|Cronologia conversazioni|' +
    'Gespreksgeschiedenis|Histórico de conversa|Konversationshistorik|Samtaleoversigt|Samtalehistorikk|Historia konwersacji|' +
    'Historie konverzací|Журнал бесед|会話履歴|对话历史记录',
  'RSS-Feeds|Flux RSS|Fuentes RSS|Feed RSS|Źródła danych RSS|Informační kanály RSS|RSS-каналы|RSS フィード|RSS 源',
]
const LOCAL = new Set(NON_MAIL_NAMES.flatMap((row) => row.split('|')).map((name) => nameKey(name, true)))
/** Names that stand in an English mailbox and in no other: "Contacts" and "Notes" are French too. */
const ENGLISH = ['calendar', 'tasks', 'outbox']
/** What an English mailbox, and some of these any mailbox, keeps for itself. */
const ENGLISH_NON_MAIL = new Set([
  ...ENGLISH,
  'contacts',
  'notes',
  'journal',
  'conversation history',
  'rss feeds',
  'rss subscriptions',
  'sync issues',
  'suggested contacts',
  'recipient cache',
  'files',
  'working set',
  'yammer root',
  'externalcontacts',
])
const ANY_LANGUAGE = new Set(['files', 'yammer root', 'externalcontacts', 'working set'])

/** The top-level folders of an Exchange mailbox, as keys, that hold calendars, contacts and other items instead of mail. */
export function nonMailNames(topLevelNames: readonly string[]): ReadonlySet<string> {
  const keys = new Set(topLevelNames.map((name) => nameKey(name, true)))
  const english = ENGLISH.some((name) => keys.has(name))
  return new Set([...keys].filter((key) => (english ? ENGLISH_NON_MAIL : LOCAL).has(key) || ANY_LANGUAGE.has(key)))
}

/**
 * The reserved names in the language of the destination mailbox, as keys of top-level names. Only what the destination lists counts, and
 * only when it lists no English ones: a mailbox has one calendar, so in an English one "Kalender" is a person's own folder.
 */
export function localReservedNames(topLevelNames: readonly string[]): ReadonlySet<string> {
  const keys = new Set(topLevelNames.map((name) => nameKey(name, true)))
  if (ENGLISH.some((name) => keys.has(name))) return new Set()
  return new Set([...keys].filter((key) => LOCAL.has(key)))
}
