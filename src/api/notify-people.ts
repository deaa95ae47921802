import type { MailboxLine } from '../definition/mailbox-list.ts'
import { stays } from '../definition/staying.ts'
import { languageOf, type Language } from '../model/language.ts'
import { addressees, type Addressee, type Known } from '../notify/addressee.ts'
import type { Anchors } from '../notify/schedule.ts'
import type { ReadPlan } from '../project/read-plan.ts'
import { sideOf, type ProjectState } from '../project/state.ts'

export type People = {
  /** Users and the customer's contacts, each once. */
  readonly all: readonly Addressee[]
  /** Mailboxes of the list that get none: shared ones, rooms, those that the definition leaves out or that stay for now. */
  readonly without: number
}

/** Who gets messages of a project, with the instants that theirs are counted from. */
export function peopleOf({ plan, definition, list }: ReadPlan, state: ProjectState): People {
  const staying = stays(definition)
  const { optOut, kinds } = plan.messages
  const isMeant = (line: MailboxLine): boolean =>
    kinds.includes(line.kind ?? 'user') &&
    ![line.target, ...line.aliases].some((one) => optOut.includes(one.toLowerCase())) &&
    !staying(line)
  const lines = list.filter(isMeant)
  const users = addressees(lines.map((line) => userOf(line, { plan, definition, list }, state)))
  const contacts = addressees(
    plan.people
      .filter(({ side }) => side === 'customer')
      .map(({ name, address }): Known => {
        const lower = address.toLowerCase()
        const locale = plan.language
        const anchors = { kickoff: plan.kickoffAt, cutover: plan.cutoverAt, switched: null, done: null }
        const rest = { login: lower, newSide: null, elsewhere: null, needsPassword: false, role: 'customer' as const }
        return { ...rest, addresses: [lower], name, address: lower, locale, language: plan.language, anchors }
      }),
  )
  return { all: [...contacts, ...users], without: list.length - lines.length }
}

function userOf(line: MailboxLine, { plan, definition }: ReadPlan, state: ProjectState): Known {
  const { source, messages, tenant } = definition.sections
  const target = line.target.toLowerCase()
  const login = line.tenant.upn ?? target
  const { language, locale } = localeOf(line.tenant.language, plan.language)
  const newSide = messages?.new_side ?? (/\.onmicrosoft\.com$/i.test(tenant.id) ? tenant.id : null)
  return {
    addresses: [...new Set([target, login, ...line.aliases].map((one) => one.toLowerCase()))],
    name: line.tenant.display_name ?? line.name,
    address: target,
    login,
    locale,
    language,
    newSide: newSide === null ? null : `${line.alias ?? target.slice(0, target.lastIndexOf('@'))}@${newSide}`.toLowerCase(),
    elsewhere: line.privateAddress?.toLowerCase() ?? null,
    needsPassword: source?.url !== undefined && (source.access?.method ?? 'own') === 'own' && !line.hasSourcePassword,
    anchors: anchorsOf(line, plan, state),
    role: 'user',
  }
}

function localeOf(given: string | undefined, usual: Language): { readonly language: Language; readonly locale: string } {
  const language = given === undefined ? null : languageOf(given)
  return language === null ? { language: usual, locale: usual } : { language, locale: given ?? language }
}

function anchorsOf({ target, name }: MailboxLine, plan: ReadPlan['plan'], state: ProjectState): Anchors {
  const own = plan.batches.find(({ targets }) => targets.includes(target))?.cutoverAt ?? null
  const domain = state.domains.find((one) => one.name === target.slice(target.lastIndexOf('@') + 1).toLowerCase())
  const at = domain !== undefined && sideOf(domain) === 'new' ? domain.switchedAt : null
  // A batch that moves later than its domain is live when its turn comes.
  const begun = own !== null && own > state.now ? null : at
  const switched = begun !== null && own !== null ? Math.max(begun, own) : begun
  const books = state.facts.reconciliation?.data.mailboxes.find((one) => one.name === name)
  const whole = books !== undefined && books.missing === 0 && books.unexplained === 0 && books.trouble === null
  return {
    kickoff: plan.kickoffAt,
    cutover: own ?? plan.cutoverAt,
    switched,
    done: switched !== null && whole ? Math.max(books.at, switched) : null,
  }
}
