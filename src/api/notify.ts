import { Failure } from '../model/failure.ts'
import type { Language } from '../model/language.ts'
import { MOMENTS, type Moment } from '../model/moment.ts'
import type { Addressee } from '../notify/addressee.ts'
import { LOGO, type Letter } from '../notify/carrier.ts'
import { compose } from '../notify/compose.ts'
import { htmlMaker } from '../notify/html.ts'
import { isTheirs, type Standing, type StandingState } from '../notify/standing.ts'
import { RULES } from '../notify/schedule.ts'
import { standardText } from '../notify/templates.ts'
import { writeWhole } from '../report/write-whole.ts'
import { openMessages, standings, type OpenMessages } from './notify-open.ts'
import type { MessagePreview, MessagesPlanResult, MessagesStatusResult, MessageView, MomentView } from './notify-results.ts'
import type { ProjectAddress } from './project-scene.ts'
import type { World } from './world.ts'

/** States that no run gets further with. */
const ASKS: ReadonlySet<StandingState> = new Set(['overdue', 'doubt', 'refused', 'blocked', 'by-hand'])
const TO_COME: ReadonlySet<StandingState> = new Set(['due', 'overdue', 'planned', 'blocked'])

/** What the phases go by: pure beyond the store, opens no socket. */
export type MessagesDue = {
  /** What `sendDue` would send now, by moment. */
  readonly due: readonly { readonly moment: Moment; readonly says: string; readonly people: number }[]
  readonly asks: readonly MessageView[]
  /** When the next message is due; null: none is to come, or it waits for something else. */
  readonly nextAt: number | null
}

/** What goes when to how many, what was sent, and what needs a person. Sends nothing. */
export async function messagesPlan(world: World, address: ProjectAddress): Promise<MessagesPlanResult> {
  using open = await openMessages(world, address, { readOnly: true })
  const { plan, people, notes } = open
  const all = standings(open)
  const users = people.all.filter(({ role }) => role === 'user')
  return {
    project: plan.name,
    customer: plan.customer,
    timeZone: plan.timeZone,
    cutoverAt: plan.cutoverAt,
    from: plan.messages.from,
    by: plan.messages.by,
    perMinute: plan.messages.perMinute,
    users: users.length,
    contacts: people.all.length - users.length,
    without: people.without,
    languages: counted(users.map(({ language }) => language)),
    moments: MOMENTS.map((moment) =>
      momentView(
        moment,
        all.filter((one) => one.moment === moment),
      ),
    ),
    asks: all.filter(({ state }) => ASKS.has(state)).map(viewOf),
    notes,
  }
}

export async function messagesDue(world: World, address: ProjectAddress): Promise<MessagesDue> {
  using open = await openMessages(world, address, { readOnly: true })
  return dueIn(open)
}

export function dueIn(open: Pick<OpenMessages, 'people' | 'journal' | 'about' | 'plan'>): MessagesDue {
  const all = open.plan.messages.from === null ? [] : standings(open)
  const due = Map.groupBy(
    all.filter(({ state }) => state === 'due'),
    ({ moment }) => moment,
  )
  const next = all.flatMap(({ state, dueAt }) => (state === 'planned' && dueAt !== null ? [dueAt] : []))
  return {
    due: [...due].map(([moment, some]) => ({ moment, says: RULES[moment].says, people: some.length })),
    asks: all.filter(({ state }) => ASKS.has(state)).map(viewOf),
    nextAt: next.length === 0 ? null : Math.min(...next),
  }
}

export type PreviewInput = ProjectAddress & {
  readonly moment: Moment
  /** Whose; null: the first one who gets it. */
  readonly to: string | null
  readonly language: Language | null
  /** Where its HTML is written, with the logo in it, to be looked at in a browser; null: nowhere. */
  readonly htmlFile: string | null
}

/** The message as it would be sent now, in whole. Sends nothing. */
export async function messagesPreview(world: World, input: PreviewInput): Promise<MessagePreview> {
  using open = await openMessages(world, input, { readOnly: true })
  const { moment, to, language } = input
  const wanted = RULES[moment].to === 'customer' ? 'customer' : 'user'
  const them = open.people.all.filter(({ role }) => role === wanted)
  const found = to === null ? them[0] : them.find((one) => one.addresses.includes(to.toLowerCase()) || one.elsewhere === to.toLowerCase())
  if (found === undefined) throw new Failure('bad-input', nobody(to, wanted))
  const shown: Addressee = language === null ? found : { ...found, language, locale: language }
  const desk = { project: open.project, templates: open.templates, html: htmlMaker() }
  const letter = await compose(desk, moment, shown, 1)
  if (input.htmlFile !== null) await writeWhole(input.htmlFile, pageOf(letter))
  return {
    moment,
    language: shown.language,
    from: letter.from.address,
    to: shown.address,
    subject: letter.subject,
    text: letter.text,
    html: letter.html,
    source: await standardText(moment, shown.language),
  }
}

/** As a browser shows it, which knows no attachments. */
function pageOf({ html, logo }: Letter): string {
  return logo === null ? html : html.replaceAll(`cid:${LOGO}`, `data:${logo.type};base64,${Buffer.from(logo.bytes).toString('base64')}`)
}

/** Every line of the journal, newest first, and what needs a person. */
export async function messagesStatus(world: World, address: ProjectAddress): Promise<MessagesStatusResult> {
  using open = await openMessages(world, address, { readOnly: true })
  const rows = open.journal.rows().map((row) => {
    const { at, moment, person, address, way, version, state, tries, says, messageId } = row
    const name = open.people.all.find((one) => isTheirs(row, one))?.name ?? person
    return { at, moment, person, name, address, way, version, state, tries, says, messageId }
  })
  const asks = standings(open).filter(({ state }) => ASKS.has(state))
  return { project: open.plan.name, timeZone: open.plan.timeZone, rows: rows.toReversed(), asks: asks.map(viewOf) }
}

export function viewOf({ moment, to, state, dueAt, version, deliveries, says }: Standing): MessageView {
  return { moment, name: to.name, address: to.address, language: to.language, state, dueAt, version, to: deliveries, says }
}

export function nobody(to: string | null, wanted: 'customer' | 'user'): string {
  if (to !== null) return `Nobody who gets this message has the address ${to}.`
  return wanted === 'customer'
    ? 'No contact of the customer is named: people with `side: customer` in the definition.'
    : 'Nobody of the list of mailboxes gets messages.'
}

function momentView(moment: Moment, some: readonly Standing[]): MomentView {
  const dates = some.flatMap(({ state, dueAt }) => (TO_COME.has(state) && dueAt !== null ? [dueAt] : []))
  return {
    moment,
    says: RULES[moment].says,
    to: RULES[moment].to,
    from: dates.length === 0 ? null : Math.min(...dates),
    until: dates.length === 0 ? null : Math.max(...dates),
    counts: counted(some.map(({ state }) => state)),
  }
}

function counted<Word extends string>(words: readonly Word[]): Partial<Record<Word, number>> {
  const counts: Partial<Record<Word, number>> = {}
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1
  return counts
}
