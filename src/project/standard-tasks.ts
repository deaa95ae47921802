import type { Side } from './plan.ts'
import type { PhaseName } from './phase-names.ts'

/** What both sides of a move have to do, whatever the project. */
export type StandardTask = {
  readonly id: string
  readonly side: Side
  readonly due: string
  /** The phase that is not over before somebody has signed it off; null: none waits for it. */
  readonly phase: PhaseName | null
  readonly says: Readonly<Record<'en' | 'de' | 'fr' | 'es' | 'ru', string>>
}

function task(
  id: string,
  side: Side,
  due: string,
  phase: PhaseName | null,
  says: readonly [string, string, string, string, string],
): StandardTask {
  const [en, de, fr, es, ru] = says
  return { id, side, due, phase, says: { en, de, fr, es, ru } }
}

/** In the order in which they are due. Few of them hold a phase up: what can be looked at is looked at by its gate. */
export const STANDARD_TASKS: readonly StandardTask[] = [
  task('scope', 'customer', 'kickoff', 'kickoff', [
    'Scope, exclusions, price and dates are agreed',
    'Umfang, Ausnahmen, Preis und Termine sind vereinbart',
    'Le périmètre, les exclusions, le prix et les dates sont convenus',
    'El alcance, las exclusiones, el precio y las fechas están acordados',
    'Объём работ, исключения, цена и сроки согласованы',
  ]),
  task('contacts', 'customer', 'kickoff', null, [
    'Contacts and vendors are named, and who decides on the evening of the cutover',
    'Ansprechpartner und Anbieter sind benannt, auch wer am Abend der Umstellung entscheidet',
    'Les contacts et les prestataires sont désignés, ainsi que la personne qui décide le soir de la bascule',
    'Los contactos y proveedores están designados, y quién decide la noche del cambio',
    'Названы контактные лица и поставщики, а также тот, кто принимает решения в вечер переключения',
  ]),
  task('source-access', 'customer', 'kickoff+2d', null, [
    'The old mailboxes can be opened: by an administrator, or with the logins of the users',
    'Die alten Postfächer lassen sich öffnen: durch einen Administrator oder mit den Anmeldungen der Benutzer',
    'Les anciennes boîtes aux lettres sont accessibles : par un administrateur ou avec les identifiants des utilisateurs',
    'Los buzones antiguos se pueden abrir: por un administrador o con las credenciales de los usuarios',
    'Доступ к старым почтовым ящикам предоставлен: через администратора или по учётным записям пользователей',
  ]),
  task('dns-access', 'customer', 'kickoff+3d', null, [
    'The DNS records of the domains can be changed, or somebody is named who changes them on request',
    'Die DNS-Einträge der Domänen können geändert werden, oder jemand ist benannt, der sie auf Zuruf ändert',
    'Les enregistrements DNS des domaines peuvent être modifiés, ou une personne est désignée pour le faire sur demande',
    'Los registros DNS de los dominios se pueden cambiar, o hay una persona designada que lo hace cuando se le pide',
    'DNS-записи доменов можно менять, или назван тот, кто меняет их по запросу',
  ]),
  task('tenant-access', 'customer', 'kickoff+3d', null, [
    'The Microsoft 365 tenant is there with enough licences, and an administrator has given consent',
    'Der Microsoft-365-Mandant ist mit genügend Lizenzen vorhanden, und ein Administrator hat zugestimmt',
    'Le locataire Microsoft 365 existe avec assez de licences, et un administrateur a donné son consentement',
    'El inquilino de Microsoft 365 existe con licencias suficientes, y un administrador ha dado su consentimiento',
    'Клиент Microsoft 365 создан, лицензий достаточно, администратор дал согласие',
  ]),
  task('user-list', 'customer', 'kickoff+3d', 'assess', [
    'The list of mailboxes, aliases, groups and shared mailboxes is complete',
    'Die Liste der Postfächer, Alias-Adressen, Gruppen und gemeinsamen Postfächer ist vollständig',
    'La liste des boîtes aux lettres, alias, groupes et boîtes partagées est complète',
    'La lista de buzones, alias, grupos y buzones compartidos está completa',
    'Список ящиков, псевдонимов, групп и общих ящиков полон',
  ]),
  task('analysis', 'us', 'kickoff+3d', null, [
    'The old system, DNS and the tenant are analysed, and what was found is discussed',
    'Altes System, DNS und Mandant sind untersucht, und die Befunde sind besprochen',
    "L'ancien système, le DNS et le locataire sont analysés, et les constats ont été discutés",
    'El sistema antiguo, el DNS y el inquilino están analizados, y los hallazgos se han comentado',
    'Старая система, DNS и клиент изучены, результаты обсуждены',
  ]),
  task('not-moved', 'customer', 'kickoff+5d', null, [
    'What mail access cannot carry is known (contacts, calendars, rules, signatures), and who takes care of it',
    'Es ist bekannt, was nicht mit umzieht (Kontakte, Kalender, Regeln, Signaturen), und wer sich darum kümmert',
    'Ce qui ne peut pas être transféré (contacts, calendriers, règles, signatures) est connu, et qui s’en charge',
    'Se sabe qué no se traslada (contactos, calendarios, reglas, firmas) y quién se ocupa de ello',
    'Известно, что не переносится (контакты, календари, правила, подписи), и кто этим займётся',
  ]),
  task('messages', 'customer', 'cutover-14d', null, [
    'The messages to users are read and approved',
    'Die Mitteilungen an die Benutzer sind gelesen und freigegeben',
    'Les messages aux utilisateurs sont relus et approuvés',
    'Los mensajes a los usuarios están leídos y aprobados',
    'Сообщения пользователям прочитаны и одобрены',
  ]),
  task('provision', 'us', 'cutover-10d', null, [
    'Users, mailboxes, groups, rules and protection are set up in the tenant',
    'Benutzer, Postfächer, Gruppen, Regeln und Schutz sind im Mandanten eingerichtet',
    'Les utilisateurs, boîtes, groupes, règles et protections sont configurés dans le locataire',
    'Usuarios, buzones, grupos, reglas y protección están configurados en el inquilino',
    'Пользователи, ящики, группы, правила и защита настроены в клиенте',
  ]),
  task('devices', 'customer', 'cutover-7d', null, [
    'Scanners, printers and programs that send mail are listed, and set to the new side',
    'Scanner, Drucker und Programme, die Mail versenden, sind erfasst und umgestellt',
    'Les scanners, imprimantes et programmes qui envoient du courrier sont recensés et reconfigurés',
    'Los escáneres, impresoras y programas que envían correo están inventariados y reconfigurados',
    'Сканеры, принтеры и программы, отправляющие почту, учтены и перенастроены',
  ]),
  task('freeze', 'customer', 'cutover-7d', null, [
    'From now on no passwords, addresses or mailboxes are changed at the old side',
    'Ab jetzt werden am alten System keine Kennwörter, Adressen oder Postfächer geändert',
    "Désormais, plus aucun mot de passe, adresse ou boîte n'est modifié dans l'ancien système",
    'Desde ahora no se cambian contraseñas, direcciones ni buzones en el sistema antiguo',
    'С этого момента пароли, адреса и ящики в старой системе не меняются',
  ]),
  task('old-host-stays', 'vendor', 'cutover-7d', null, [
    'The old server stays, takes mail and can be read for at least 14 days after the cutover',
    'Der alte Server bleibt mindestens 14 Tage nach der Umstellung in Betrieb, nimmt Mail an und ist lesbar',
    "L'ancien serveur reste en service au moins 14 jours après la bascule, reçoit le courrier et reste lisible",
    'El servidor antiguo sigue en marcha al menos 14 días tras el cambio, recibe correo y se puede leer',
    'Старый сервер работает не менее 14 дней после переключения, принимает почту и доступен для чтения',
  ]),
  task('prestage', 'us', 'cutover-3d', null, [
    'All mail is copied, and new mail follows',
    'Alle Mail ist kopiert, neue Mail folgt laufend',
    'Tout le courrier est copié, et le nouveau suit',
    'Todo el correo está copiado, y el nuevo lo sigue',
    'Вся почта скопирована, новая переносится постоянно',
  ]),
  task('verification', 'us', 'cutover-1d', null, [
    'What was copied is compared, and what differs is explained',
    'Das Kopierte ist verglichen, Abweichungen sind erklärt',
    'Ce qui a été copié est comparé, et les écarts sont expliqués',
    'Lo copiado está comparado, y las diferencias explicadas',
    'Скопированное сверено, расхождения объяснены',
  ]),
  task('go', 'customer', 'cutover-1d', 'verify', [
    'Go or no-go: the cutover is approved',
    'Freigabe: der Umstellung wird zugestimmt',
    'Feu vert : la bascule est approuvée',
    'Visto bueno: el cambio está aprobado',
    'Решение принято: переключение одобрено',
  ]),
  task('switch', 'us', 'cutover', null, [
    'The domain is sent to the new side, and mail is tested both ways',
    'Die Domäne zeigt auf das neue System, Mail ist in beide Richtungen geprüft',
    'Le domaine pointe vers le nouveau système, et le courrier est testé dans les deux sens',
    'El dominio apunta al nuevo sistema, y el correo está probado en ambos sentidos',
    'Домен направлен на новую систему, почта проверена в обе стороны',
  ]),
  task('help-desk', 'customer', 'cutover+1d', null, [
    'Somebody answers the questions of users',
    'Jemand beantwortet die Fragen der Benutzer',
    "Quelqu'un répond aux questions des utilisateurs",
    'Alguien responde a las preguntas de los usuarios',
    'Есть кто-то, кто отвечает на вопросы пользователей',
  ]),
  task('clients', 'customer', 'cutover+3d', null, [
    'Outlook and telephones are set up for the new mailboxes',
    'Outlook und Telefone sind auf die neuen Postfächer eingerichtet',
    'Outlook et les téléphones sont configurés pour les nouvelles boîtes',
    'Outlook y los teléfonos están configurados para los nuevos buzones',
    'Outlook и телефоны настроены на новые ящики',
  ]),
  task('user-test', 'customer', 'cutover+3d', null, [
    'Users have signed in, sent mail to a colleague and looked at their folders',
    'Benutzer haben sich angemeldet, einem Kollegen geschrieben und ihre Ordner angesehen',
    'Les utilisateurs se sont connectés, ont écrit à un collègue et vérifié leurs dossiers',
    'Los usuarios han iniciado sesión, escrito a un compañero y mirado sus carpetas',
    'Пользователи вошли, написали коллеге и просмотрели свои папки',
  ]),
  task('reconciliation', 'us', 'cutover+15d', null, [
    'The books are closed: every message is copied, or listed with its reason',
    'Die Bücher sind geschlossen: jede Nachricht ist kopiert oder mit Grund aufgeführt',
    'Les comptes sont clos : chaque message est copié ou répertorié avec son motif',
    'Las cuentas están cerradas: cada mensaje está copiado o listado con su motivo',
    'Сверка закрыта: каждое сообщение скопировано или указано с причиной',
  ]),
  task('acceptance', 'customer', 'cutover+16d', 'closeout', [
    'The project is accepted',
    'Das Projekt ist abgenommen',
    'Le projet est réceptionné',
    'El proyecto está aceptado',
    'Проект принят',
  ]),
  task('decommission', 'vendor', 'cutover+30d', null, [
    'The old server and its accounts are switched off; a copy of it was kept as agreed',
    'Der alte Server und seine Konten sind abgeschaltet; eine Sicherung ist wie vereinbart aufbewahrt',
    "L'ancien serveur et ses comptes sont arrêtés ; une copie a été conservée comme convenu",
    'El servidor antiguo y sus cuentas están apagados; se guardó una copia según lo acordado',
    'Старый сервер и его учётные записи отключены; копия сохранена по договорённости',
  ]),
]
