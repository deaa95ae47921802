import { PHASE_ORDER, type PhaseName } from '../project/phase-names.ts'
import type { Block, ReportOptions, Tone } from './document.ts'
import { PHASE_WORDS } from './phase-words.ts'
import { WORDS } from './words.ts'

/** What happened, as the project wrote it down: its sentences are English. */
export type TimelineEntry = {
  readonly at: number
  readonly kind: string
  readonly who: string | null
  readonly says: string
  /** Where it is about a step of the move. */
  readonly phase: PhaseName | null
  /** Where it is about a domain. */
  readonly domain: string | null
}

type Titles = readonly [de: string, fr: string, es: string, ru: string]

const TITLES: Readonly<Record<string, Titles>> = {
  assessed: ['Altes System untersucht', 'Ancien système analysé', 'Sistema antiguo analizado', 'Старая система изучена'],
  'project-made': ['Projekt angelegt', 'Projet créé', 'Proyecto creado', 'Проект создан'],
  'definition-imported': ['Festlegung übernommen', 'Définition importée', 'Definición importada', 'Описание загружено'],
  'cutover-postponed': ['Umschaltung verschoben', 'Bascule reportée', 'Cambio aplazado', 'Переключение перенесено'],
  'phase-entered': ['Schritt begonnen', 'Étape commencée', 'Paso comenzado', 'Начат шаг'],
  'phase-over': ['Schritt beendet', 'Étape terminée', 'Paso terminado', 'Шаг завершён'],
  'task-signed-off': ['Aufgabe abgezeichnet', 'Tâche validée', 'Tarea firmada', 'Задача подписана'],
  'sign-off-withdrawn': ['Abzeichnung zurückgezogen', 'Validation retirée', 'Firma retirada', 'Подпись отозвана'],
  'gate-waived': ['Anforderung erlassen', 'Exigence levée', 'Requisito dispensado', 'Требование снято'],
  'waiver-withdrawn': ['Erlass zurückgezogen', 'Dispense retirée', 'Dispensa retirada', 'Снятие требования отозвано'],
  approved: ['Plan freigegeben', 'Plan approuvé', 'Plan aprobado', 'План одобрен'],
  'pass-ended': ['Kopierlauf beendet', 'Passage de copie terminé', 'Pasada de copia terminada', 'Проход копирования завершён'],
  verified: ['Prüfung beendet', 'Vérification terminée', 'Verificación terminada', 'Проверка завершена'],
  'tenant-changed': ['Neue Seite eingerichtet', 'Nouveau côté configuré', 'Lado nuevo configurado', 'Новая сторона настроена'],
  'message-sent': ['Benutzer benachrichtigt', 'Utilisateurs informés', 'Usuarios avisados', 'Пользователи оповещены'],
  'switch-ready': ['Alles ist bereit', 'Tout est prêt', 'Todo está listo', 'Всё готово'],
  'switch-switching': [
    'Die neuen Einträge werden geschrieben',
    'Les nouveaux enregistrements sont écrits',
    'Se escriben los registros nuevos',
    'Записываются новые записи',
  ],
  'switch-draining': [
    'Post kommt auf der neuen Seite an',
    'Le courrier arrive du nouveau côté',
    'El correo llega al lado nuevo',
    'Почта приходит на новую сторону',
  ],
  'switch-quiet': [
    'Es kommt keine späte Post mehr',
    'Plus de courrier tardif',
    'Ya no llega correo rezagado',
    'Запоздавшей почты больше нет',
  ],
  'switch-finalised': [
    'Die Einträge sind, wie sie bleiben',
    'Les enregistrements sont définitifs',
    'Los registros son definitivos',
    'Записи окончательные',
  ],
  'switch-decommissioned': [
    'Der alte Server darf abgeschaltet werden',
    'L’ancien serveur peut être éteint',
    'El servidor antiguo se puede apagar',
    'Старый сервер можно отключить',
  ],
  'switch-rolling-back': [
    'Es geht zurück zur alten Seite',
    'Retour à l’ancien côté',
    'Se vuelve al lado antiguo',
    'Возврат на старую сторону',
  ],
  'switch-restored': ['Alles ist wie zuvor', 'Tout est comme avant', 'Todo está como antes', 'Всё как прежде'],
  reconciled: ['Bücher verglichen', 'Comptes vérifiés', 'Cuentas comprobadas', 'Учёт сверен'],
  'acceptance-checked': ['Abnahme geprüft', 'Recette vérifiée', 'Aceptación comprobada', 'Приёмка проверена'],
  'transfer-held': ['Kopieren angehalten', 'Copie suspendue', 'Copia detenida', 'Копирование приостановлено'],
  'transfer-released': ['Kopieren fortgesetzt', 'Copie reprise', 'Copia reanudada', 'Копирование продолжено'],
  'issue-said': ['Zu einem Punkt entschieden', 'Point tranché', 'Asunto decidido', 'Решение по вопросу'],
  'project-closed': ['Projekt abgeschlossen', 'Projet clôturé', 'Proyecto cerrado', 'Проект закрыт'],
}
/** Nobody wants to read them in the story of a project: there are hundreds. */
const UNTOLD: ReadonlySet<string> = new Set(['report-made', 'budget-told'])
const TONES: Readonly<Record<string, Tone>> = {
  'cutover-postponed': 'warning',
  'gate-waived': 'warning',
  'sign-off-withdrawn': 'warning',
  'switch-rolling-back': 'bad',
  'switch-draining': 'good',
  'switch-finalised': 'good',
  'project-closed': 'good',
}

/** The story of a project; what came again and again (copies, messages) is told once for a day. */
export function timeline(entries: readonly TimelineEntry[], { language, timeZone }: ReportOptions): Block {
  const day = new Intl.DateTimeFormat('sv-SE', { timeZone })
  const seen = new Set<string>()
  const told = entries.filter(({ kind, at }) => {
    if (UNTOLD.has(kind)) return false
    if (kind !== 'pass-ended' && kind !== 'message-sent') return true
    const key = `${kind} ${day.format(at)}`
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
  const said = told.map((one) => ({ at: one.at, tone: TONES[one.kind] ?? ('plain' as const), says: sayOf(one) }))
  // In other languages than English two things may read the same.
  const once = said.filter(({ at, says }, index) => said[index - 1]?.says !== says || day.format(said[index - 1]?.at) !== day.format(at))
  return { kind: 'timeline', entries: once }

  function sayOf(one: TimelineEntry): string {
    const index = (['de', 'fr', 'es', 'ru'] as const).findIndex((each) => each === language)
    const title = TITLES[one.kind]?.[index]
    const who = one.who === null || one.says.includes(one.who) ? '' : ` (${one.who})`
    if (title === undefined) return `${one.kind === 'approved' ? 'Approved: ' : ''}${one.says}${who}`
    const about = one.phase !== null ? `: ${PHASE_WORDS[language][one.phase]}` : one.domain === null ? '' : `: ${one.domain}`
    return `${title}${about}${one.who === null ? '' : ` (${one.who})`}`
  }
}

export function isPhaseName(word: unknown): word is PhaseName {
  return PHASE_ORDER.some((name) => name === word)
}

/** A side by its word in the definition. */
export function sideWord(side: string, { language }: ReportOptions): string {
  const words = WORDS[language]
  return side === 'customer' || side === 'us' || side === 'vendor' ? words[side] : side
}
