import { createHash } from 'node:crypto'
import type { Language } from '../model/language.ts'
import type { Moment } from '../model/moment.ts'
import type { Addressee } from './addressee.ts'
import { LOGO, type Letter, type Picture } from './carrier.ts'
import { filled, NO_VALUES, oneLine, type Values } from './fields.ts'
import type { MakeHtml } from './html.ts'
import { escaped, mjmlPage } from './mjml-page.ts'
import { plainText } from './plain-text.ts'
import type { Way } from './standing.ts'
import type { Templates } from './templates.ts'

/** What all messages of a project share. */
export type Project = {
  readonly name: string
  readonly customer: string
  readonly domains: readonly string[]
  readonly mailboxes: number
  readonly timeZone: string
  readonly from: string
  readonly replyTo: string | null
  /** Who writes. */
  readonly sender: string
  readonly webmail: string
  readonly contact: string | null
  readonly safeWay: string | null
  readonly oldUntil: string | null
  readonly survey: string | null
  readonly logo: Picture | null
}

export type Desk = { readonly project: Project; readonly templates: Templates; readonly html: MakeHtml }

/** The message of a moment for one person, in their language. */
export async function compose(
  { project, templates, html }: Desk,
  moment: Moment,
  to: Addressee,
  version: number,
  way: Way = 'usual',
): Promise<Letter> {
  const { text, mjml } = await templates(moment, to.language)
  const values = valuesFor(project, to)
  const page = mjml?.source ?? mjmlPage(text, values, to.language, project.logo !== null)
  const made = await html(page, mjml?.file ?? `${moment}.${to.language}`)
  return {
    from: { name: oneLine(project.sender), address: project.from },
    replyTo: project.replyTo,
    to: { name: to.name === to.address ? '' : oneLine(to.name), address: to.address },
    messageId: messageId(project, moment, to.person, version, way),
    language: to.language,
    subject: filled(text.subject, values),
    text: plainText(text, values),
    html: filled(made, values, escaped),
    logo: project.logo,
  }
}

/**
 * The same for the same message to the same mailbox, whoever sends it and however often. Copies for two sides have two: the one in the
 * old mailbox is moved like any other, and must not be taken for the one in the new.
 */
function messageId({ name, from }: Project, moment: Moment, person: string, version: number, way: Way): string {
  const whole = [name, moment, person, String(version), way].join('\n')
  const digest = createHash('sha256').update(whole).digest('hex')
  return `${moment}.${version}.${digest.slice(0, 24)}@${from.slice(from.lastIndexOf('@') + 1)}`
}

export function valuesFor(project: Project, to: Addressee): Values {
  const { timeZone } = project
  const { kickoff, cutover } = to.anchors
  const locale = localeOf(to.locale, to.language)
  const written = (at: number | null, options: Intl.DateTimeFormatOptions): string =>
    at === null ? '' : new Intl.DateTimeFormat(locale, { timeZone, hourCycle: hoursOf(locale), ...options }).format(at)
  return {
    ...NO_VALUES,
    name: to.name,
    address: to.address,
    login: to.login,
    customer: project.customer,
    domains: new Intl.ListFormat(to.language).format(project.domains),
    mailboxes: String(project.mailboxes),
    kickoff: written(kickoff, { dateStyle: 'full' }),
    cutover: written(cutover, { dateStyle: 'full', timeStyle: 'short' }),
    cutover_day: written(cutover, { dateStyle: 'long' }),
    cutover_time: written(cutover, { timeStyle: 'short' }),
    time_zone: cutover === null ? '' : zoneName(locale, timeZone, cutover),
    undated: cutover === null ? '1' : '',
    webmail: project.webmail,
    contact: project.contact ?? '',
    safe_way: project.safeWay ?? '',
    old_until: project.oldUntil ?? '',
    survey: project.survey ?? '',
    sender: project.sender,
    logo: project.logo === null ? '' : `cid:${LOGO}`,
  }
}

const DEFAULT_LOCALES: Readonly<Record<Language, string>> = { en: 'en-GB', de: 'de-DE', fr: 'fr-FR', es: 'es-ES', ru: 'ru-RU' }

/** Days before months, hours up to 24: read the same everywhere, unless the person's own country writes otherwise. */
function localeOf(locale: string, language: Language): string {
  const known = Intl.DateTimeFormat.supportedLocalesOf(
    [locale.replace('_', '-')].filter((one) => /^[a-z]{2}(?:-[a-z\d]{2,8})*$/i.test(one)),
  )
  return known[0]?.includes('-') === true ? known[0] : DEFAULT_LOCALES[language]
}

function hoursOf(locale: string): 'h12' | 'h23' {
  return /^en-(?:US|CA|AU|NZ|IN|PH)$/i.test(locale) ? 'h12' : 'h23'
}

function zoneName(locale: string, timeZone: string, at: number): string {
  const parts = new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: 'long' }).formatToParts(at)
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? timeZone
}
