import type { ReportOptions, ReportTable } from './document.ts'
import type { PhraseTable } from './phrase.ts'
import { CLOSEOUT } from './closeout-words.ts'
import { WORDS } from './words.ts'

const DAY = 24 * 3_600_000

/** What is done with the old system after a move, in its order. */
export const STEPS = {
  /** After the switch, in days; null: at once. */
  stay: { days: 3, side: 'customer' },
  last: { days: 3, side: 'us' },
  records: { days: 14, side: 'us' },
  access: { days: 14, side: 'us' },
  secrets: { days: 14, side: 'us' },
  archive: { days: 14, side: 'customer' },
  backup: { days: 30, side: 'customer' },
  off: { days: 30, side: 'customer' },
} as const

export type DecommissionStep = keyof typeof STEPS

const SAYS: PhraseTable<DecommissionStep> = {
  en: {
    stay: 'Keep the old server up, taking mail and readable, with its passwords unchanged.',
    last: 'Carry the last late mail over, and compare once more.',
    records: 'Lengthen the times to live of the records again, and take away those that only the old side needed.',
    access: 'Take back the rights, accounts and connectors that were made for the move.',
    secrets: 'Erase the passwords and keys that were stored for the move.',
    archive: 'Keep this report, the verification certificate and its proof with the company’s records.',
    backup: 'Take a last backup of the old system, and keep it as long as the law asks.',
    off: 'Switch the old system off and end its contract, when nobody has missed anything.',
  },
  de: {
    stay: 'Den alten Server laufen, Post annehmen und lesbar lassen, mit unveränderten Kennwörtern.',
    last: 'Die letzte späte Post nachholen und noch einmal vergleichen.',
    records: 'Die Gültigkeitszeiten der Einträge wieder verlängern und entfernen, was nur die alte Seite brauchte.',
    access: 'Rechte, Konten und Konnektoren zurücknehmen, die für den Umzug angelegt wurden.',
    secrets: 'Die für den Umzug gespeicherten Kennwörter und Schlüssel löschen.',
    archive: 'Diesen Bericht, die Prüfbescheinigung und ihren Nachweis zu den Unterlagen nehmen.',
    backup: 'Eine letzte Sicherung des alten Systems anlegen und so lange aufbewahren, wie das Gesetz es verlangt.',
    off: 'Das alte System abschalten und seinen Vertrag kündigen, wenn niemand etwas vermisst hat.',
  },
  fr: {
    stay: 'Laisser l’ancien serveur en marche, recevant le courrier et lisible, mots de passe inchangés.',
    last: 'Reprendre le dernier courrier tardif et comparer une fois encore.',
    records: 'Rallonger les durées de vie des enregistrements et retirer ceux dont seul l’ancien côté avait besoin.',
    access: 'Retirer les droits, comptes et connecteurs créés pour le déménagement.',
    secrets: 'Effacer les mots de passe et clés enregistrés pour le déménagement.',
    archive: 'Archiver ce rapport, le certificat de vérification et sa preuve.',
    backup: 'Faire une dernière sauvegarde de l’ancien système et la garder aussi longtemps que la loi l’exige.',
    off: 'Éteindre l’ancien système et résilier son contrat, quand plus rien ne manque à personne.',
  },
  es: {
    stay: 'Mantener el servidor antiguo en marcha, aceptando correo y legible, con sus contraseñas sin cambios.',
    last: 'Trasladar el último correo rezagado y comparar una vez más.',
    records: 'Volver a alargar los tiempos de vida de los registros y quitar los que solo necesitaba el lado antiguo.',
    access: 'Retirar los permisos, cuentas y conectores creados para el traslado.',
    secrets: 'Borrar las contraseñas y claves guardadas para el traslado.',
    archive: 'Archivar este informe, el certificado de verificación y su prueba.',
    backup: 'Hacer una última copia de seguridad del sistema antiguo y guardarla el tiempo que exija la ley.',
    off: 'Apagar el sistema antiguo y terminar su contrato cuando nadie eche nada en falta.',
  },
  ru: {
    stay: 'Оставить старый сервер включённым: он принимает почту, читается, пароли не меняются.',
    last: 'Перенести последнюю запоздавшую почту и сверить ещё раз.',
    records: 'Снова удлинить сроки жизни записей и убрать те, что были нужны только старой стороне.',
    access: 'Отозвать права, учётные записи и соединители, созданные для переезда.',
    secrets: 'Стереть пароли и ключи, сохранённые для переезда.',
    archive: 'Сохранить этот отчёт, свидетельство о проверке и доказательство в архиве организации.',
    backup: 'Сделать последнюю резервную копию старой системы и хранить её, сколько требует закон.',
    off: 'Отключить старую систему и расторгнуть договор, когда никому ничего не недостаёт.',
  },
}

/** The plan, counted from the switch; without a switch there are no dates yet. */
export function decommissionTable(switchedAt: number | null, { language }: ReportOptions): ReportTable {
  const [says, words] = [CLOSEOUT[language], WORDS[language]]
  return {
    kind: 'table',
    name: 'decommission',
    columns: [
      { label: words.what, width: 6, align: 'left' },
      { label: words.who, width: 1.8, align: 'left' },
      { label: says['not-before'], width: 1.6, align: 'left' },
      { label: words.done, width: 1.2, align: 'left' },
    ],
    rows: Object.entries(STEPS).map(([step, { days, side }]) => ({
      tone: 'plain',
      cells: [SAYS[language][step as DecommissionStep], words[side], switchedAt === null ? null : { day: switchedAt + days * DAY }, '☐'],
    })),
    empty: '',
  }
}
