import type { AssessFinding, MessageTrouble } from '../assess/assessment.ts'
import { ANALYSIS } from './analysis-words.ts'
import type { Language } from './document.ts'
import type { Format } from './format.ts'
import { filled } from './phrase.ts'

type Told = Readonly<Record<Exclude<Language, 'en'>, string>>

/** What the analysis finds most often, by its code. In English the analysis itself says it, and what is not here stays as it was said. */
const FOUND: Readonly<Record<string, Told>> = {
  'message-unreadable': {
    de: 'Der alte Server führt sie auf, gibt sie aber nicht heraus.',
    fr: 'L’ancien serveur les énumère mais ne les remet pas.',
    es: 'El servidor antiguo las enumera, pero no las entrega.',
    ru: 'Старый сервер указывает их в списке, но не выдаёт.',
  },
  'message-placeholder': {
    de: 'Der alte Server gibt einen Platzhalter heraus, weil er die Nachricht selbst nicht lesen kann: Sie ist dort schon verloren.',
    fr: 'L’ancien serveur remet un substitut, car il ne peut pas lire le message : il y est déjà perdu.',
    es: 'El servidor antiguo entrega un sustituto, porque no puede leer el mensaje: allí ya está perdido.',
    ru: 'Старый сервер выдаёт заглушку, так как сам не может прочитать письмо: там оно уже потеряно.',
  },
  'folder-data': {
    de: 'Keine Post: Nachrichten, in denen der alte Server die Nummern eines Ordners führt.',
    fr: 'Pas de courrier : messages où l’ancien serveur tient les numéros d’un dossier.',
    es: 'No es correo: mensajes en los que el servidor antiguo guarda los números de una carpeta.',
    ru: 'Не почта: сообщения, в которых старый сервер хранит номера папки.',
  },
  'long-lines': {
    de: 'Eine Zeile ist so lang, dass Exchange die Verbindung beendet.',
    fr: 'Une ligne est si longue qu’Exchange met fin à la connexion.',
    es: 'Una línea es tan larga que Exchange corta la conexión.',
    ru: 'Строка так длинна, что Exchange разрывает соединение.',
  },
  'receipt-request': {
    de: 'Ungelesen, und der Absender bat um eine Bestätigung: Für alte Post soll keine verschickt werden.',
    fr: 'Non lu, et l’expéditeur a demandé un accusé : aucun ne doit partir pour du courrier ancien.',
    es: 'Sin leer, y el remitente pidió un acuse: no debe enviarse ninguno por correo antiguo.',
    ru: 'Не прочитано, а отправитель просил уведомление: по старой почте его отправлять не нужно.',
  },
  'bridge-field': {
    de: 'Sie haben ein Feld, das Proton Mail Bridge für sich selbst hinzufügt.',
    fr: 'Ils ont un champ que Proton Mail Bridge ajoute pour lui-même.',
    es: 'Tienen un campo que Proton Mail Bridge añade para sí mismo.',
    ru: 'В них есть поле, которое Proton Mail Bridge добавляет для себя.',
  },
  'mbox-from': {
    de: 'Sie beginnen mit einer Trennzeile aus einer mbox-Datei.',
    fr: 'Ils commencent par une ligne de séparation d’un fichier mbox.',
    es: 'Empiezan con una línea de separación de un archivo mbox.',
    ru: 'Они начинаются с разделительной строки файла mbox.',
  },
  'no-header': {
    de: 'Sie haben keinen Kopf.',
    fr: 'Ils n’ont pas d’en-tête.',
    es: 'No tienen encabezado.',
    ru: 'У них нет заголовка.',
  },
  'header-end': {
    de: 'Die Leerzeile nach dem Kopf fehlt.',
    fr: 'La ligne vide après l’en-tête manque.',
    es: 'Falta la línea vacía después del encabezado.',
    ru: 'Нет пустой строки после заголовка.',
  },
  'line-ends': {
    de: 'Zeilen enden mit einem einzelnen CR oder LF.',
    fr: 'Des lignes se terminent par un seul CR ou LF.',
    es: 'Hay líneas que terminan en un solo CR o LF.',
    ru: 'Строки заканчиваются одиночным CR или LF.',
  },
  nul: {
    de: 'Sie enthalten NUL-Bytes.',
    fr: 'Ils contiennent des octets NUL.',
    es: 'Contienen bytes NUL.',
    ru: 'В них есть нулевые байты.',
  },
  empty: {
    de: 'Sie haben kein einziges Byte.',
    fr: 'Ils n’ont pas un seul octet.',
    es: 'No tienen ni un byte.',
    ru: 'В них нет ни одного байта.',
  },
  'raw-header': {
    de: 'Der Kopf hat Buchstaben außerhalb von ASCII, die nicht kodiert sind.',
    fr: 'L’en-tête a des lettres hors ASCII qui ne sont pas encodées.',
    es: 'El encabezado tiene letras fuera de ASCII sin codificar.',
    ru: 'В заголовке есть незакодированные буквы вне ASCII.',
  },
  'unknown-charset-word': {
    de: 'Der Kopf hat Wörter in einem Zeichensatz, den niemand kennt.',
    fr: 'L’en-tête a des mots dans un jeu de caractères que personne ne connaît.',
    es: 'El encabezado tiene palabras en un juego de caracteres que nadie conoce.',
    ru: 'В заголовке есть слова в неизвестной кодировке.',
  },
  shape: {
    de: 'Ihr Aufbau oder ein Feld ist größer, als Exchange annimmt: Betreff, Adressen, Teile, Tiefe.',
    fr: 'Leur structure ou un champ dépasse ce qu’Exchange accepte : objet, adresses, parties, profondeur.',
    es: 'Su estructura o un campo supera lo que Exchange acepta: asunto, direcciones, partes, profundidad.',
    ru: 'Их структура или поле больше, чем принимает Exchange: тема, адреса, части, вложенность.',
  },
  'folders-renamed': {
    de: 'Sie heißen anders oder stehen an anderer Stelle.',
    fr: 'Ils portent un autre nom ou sont ailleurs.',
    es: 'Se llaman de otra forma o están en otro lugar.',
    ru: 'Они называются иначе или находятся в другом месте.',
  },
  doubles: {
    de: 'Sie stehen mehr als einmal im selben Ordner. Alle werden kopiert.',
    fr: 'Ils se trouvent plus d’une fois dans le même dossier. Tous sont copiés.',
    es: 'Están más de una vez en la misma carpeta. Se copian todos.',
    ru: 'Они встречаются в одной папке несколько раз. Копируются все.',
  },
  'odd-dates': {
    de: 'Der Zeitpunkt des Empfangs fehlt, liegt in der Zukunft oder vor 1990. Es gilt dann die Zeit, die ihr Kopf nennt.',
    fr: 'La date de réception manque, est dans l’avenir ou avant 1990. Ils prennent la date de leur en-tête.',
    es: 'La fecha de recepción falta, está en el futuro o es anterior a 1990. Reciben la fecha de su encabezado.',
    ru: 'Время получения отсутствует, находится в будущем или раньше 1990 года. Берётся время из заголовка.',
  },
  'marked-deleted': {
    de: 'Sie sind als gelöscht markiert und wurden nie entfernt: Sie werden nicht kopiert, wenn nichts anderes gewünscht ist.',
    fr: 'Ils sont marqués comme supprimés sans avoir été retirés : ils ne sont pas copiés, sauf demande.',
    es: 'Están marcados como eliminados y nunca se quitaron: no se copian, salvo que se pida.',
    ru: 'Они помечены как удалённые, но не убраны: без особого указания не копируются.',
  },
  'source-full': {
    de: 'Es ist auf der alten Seite fast voll: Neue Post kann dort abgewiesen werden.',
    fr: 'Elle est presque pleine de l’ancien côté : le nouveau courrier peut y être refusé.',
    es: 'Está casi lleno en el lado antiguo: allí puede rechazarse el correo nuevo.',
    ru: 'На старой стороне он почти полон: новая почта может быть там отклонена.',
  },
}

const COUNTS: Readonly<Record<'message' | 'folder', Told>> = {
  message: { de: '{n:Nachricht|Nachrichten}', fr: '{n:message|messages}', es: '{n:mensaje|mensajes}', ru: '{n:письмо|письма|писем}' },
  folder: { de: '{n:Ordner|Ordner}', fr: '{n:dossier|dossiers}', es: '{n:carpeta|carpetas}', ru: '{n:папка|папки|папок}' },
}

/** What is wrong with messages of a kind, without what becomes of them where another column has it. */
export function troubleTold({ code, says }: Pick<MessageTrouble, 'code' | 'says'>, language: Language): string {
  return language === 'en' ? says : (told(code, language) ?? says)
}

/** What was found, about what: in the language of the report as far as it is known there, else as it was said. */
export function findingTold(
  { code, says, about }: Pick<AssessFinding, 'code' | 'says' | 'about'>,
  troubles: readonly Pick<MessageTrouble, 'code' | 'says' | 'outcome'>[],
  format: Format,
): { readonly about: string; readonly says: string } {
  const { language } = format
  if (language === 'en') return { about, says }
  const known = told(code, language)
  const outcome = troubles.find((one) => one.code === code && one.says === says)?.outcome
  const after = outcome === undefined ? '' : ` ${ANALYSIS[language][outcome]}.`
  return { about: counted(about, format), says: known === undefined ? says : `${known}${after}` }
}

function told(code: string, language: Exclude<Language, 'en'>): string | undefined {
  return Object.hasOwn(FOUND, code) ? FOUND[code]?.[language] : undefined
}

function counted(about: string, format: Format): string {
  const [, figure, noun] = /^(\d+) (message|folder)s?$/.exec(about) ?? []
  if (figure === undefined || (noun !== 'message' && noun !== 'folder') || format.language === 'en') return about
  return filled(COUNTS[noun][format.language], format, { n: Number(figure) })
}
