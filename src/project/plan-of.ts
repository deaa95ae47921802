import type { Definition } from '../definition/definition.ts'
import type { MailboxLine } from '../definition/mailbox-list.ts'
import type { Sections } from '../definition/sections.ts'
import { daysLater, instantOf } from '../lib/local-time.ts'
import { Failure } from '../model/failure.ts'
import { MOMENTS } from '../model/moment.ts'
import { dueAt, type Anchors } from './plan-times.ts'
import type { Batch, MessagesPlan, PlannedMailbox, PricePlan, ProjectPlan, Task, TransferPlan } from './plan.ts'
import { STANDARD_TASKS } from './standard-tasks.ts'

const [MINUTE, HOUR, GB] = [60_000, 3_600_000, 2 ** 30]
/** The batch of mailboxes that name none, where no batches are defined. */
export const ONE_BATCH = 'all'

/** What a definition and its list say of the project. Both were checked (`planProblems`). Throws `bad-input` where there is no `project`. */
export function projectPlan(definition: Pick<Definition, 'sections' | 'fileName' | 'file'>, list: readonly MailboxLine[]): ProjectPlan {
  const { sections } = definition
  const { project } = sections
  if (project === undefined)
    throw new Failure('bad-input', `${definition.fileName} has no section "project": it needs at least name, customer and time_zone.`)
  const timeZone = project.time_zone
  const kickoffAt = project.kickoff === undefined ? null : instantOf(`${project.kickoff}T00:00`, timeZone)
  const cutoverAt = project.cutover === undefined ? null : instantOf(project.cutover, timeZone)
  const anchors = { kickoffAt, cutoverAt, timeZone }
  const vip = project.risks?.vip ?? []
  const batches = batchesOf(sections, list, timeZone)
  const { protocols, sample = null, without = [] } = sections.acceptance ?? {}
  return {
    name: project.name,
    customer: project.customer,
    language: project.language,
    logoFile: project.logo === undefined ? null : definition.file(project.logo),
    timeZone,
    kickoffAt,
    cutoverAt,
    lagMs: (project.lag_minutes ?? sections.switch?.lag_minutes ?? 30) * MINUTE,
    domains: domainsOf(sections, list),
    price: priceOf(project),
    risks: { mailboxBytes: project.risks?.mailbox ?? 50 * GB, deletedBytes: project.risks?.deleted ?? 30 * GB, vip },
    people: (sections.people ?? []).map(({ phone = null, ...person }) => ({ ...person, phone })),
    tasks: tasksOf(sections, project.language, anchors),
    batches,
    mailboxes: list.map((line) => mailboxOf(line, batches, vip)),
    transfer: transferOf(sections.transfer),
    messages: messagesOf(sections.messages, anchors),
    acceptance: { protocols: protocols ?? ['imap', 'owa', 'mapi', 'activesync'], sample, without },
  }
}

function priceOf({ currency, price }: NonNullable<Sections['project']>): PricePlan {
  const { base = 90, per_mailbox: perMailbox = 10, hours = null, extras = [], costs = [] } = price ?? {}
  return { currency, base, perMailbox, hours, extras, costs }
}

function domainsOf(sections: Sections, list: readonly MailboxLine[]): readonly string[] {
  const named = (sections.domains ?? []).map(({ name }) => name)
  const lived = list.map(({ target }) => target.slice(target.lastIndexOf('@') + 1).toLowerCase())
  return [...new Set(named.length > 0 ? named : lived)].filter((domain) => !domain.endsWith('.onmicrosoft.com'))
}

/** The standard list with what the definition changes in it, then its own tasks. */
export function tasksOf({ tasks: given }: Pick<Sections, 'tasks'>, language: ProjectPlan['language'], anchors: Anchors): readonly Task[] {
  const without = new Set<string>(given?.without)
  const entries = given?.entries ?? []
  const standard = STANDARD_TASKS.filter(({ id }) => !without.has(id)).map((each) => {
    const entry = entries.find(({ id }) => id === each.id)
    const phase = entry?.phase ?? each.phase
    return {
      id: each.id,
      says: entry?.says ?? each.says[language],
      side: entry?.side ?? each.side,
      owner: entry?.owner ?? null,
      due: entry?.due ?? each.due,
      phase,
      signsOff: entry?.signs_off ?? phase !== null,
    }
  })
  const own = entries
    .filter(({ id }) => !STANDARD_TASKS.some((each) => each.id === id))
    .map(({ id, says = id, side = 'us', owner = null, due = null, phase = null, signs_off: signsOff = true }) => ({
      id,
      says,
      side,
      owner,
      due,
      phase,
      signsOff,
    }))
  return [...standard, ...own].map((task) => ({ ...task, dueAt: task.due === null ? null : taskDueAt(task.due, anchors) }))
}

/** In a short project what counts back from the cutover is not due before the project has begun. */
function taskDueAt(due: string, anchors: Anchors): number | null {
  const at = dueAt(due, anchors)
  const first = due.startsWith('cutover') ? dueAt('kickoff', anchors) : null
  return at === null || first === null ? at : Math.max(at, first)
}

/** By address of the target, in small letters: what the definition says of it, else the list. */
function batchesOf({ batches }: Sections, list: readonly MailboxLine[], timeZone: string): readonly Batch[] {
  const only = batches?.length === 1 ? batches[0]?.name : undefined
  const of = (line: MailboxLine): string =>
    batches?.find(({ mailboxes = [] }) => mailboxes.includes(line.target.toLowerCase()))?.name ?? line.batch ?? only ?? ONE_BATCH
  const known = batches ?? [...new Set(list.map(of))].map((name) => ({ name, starts: undefined, cutover: undefined }))
  return known.map(({ name, starts, cutover }) => ({
    name,
    startsAt: starts === undefined ? null : instantOf(`${starts}T00:00`, timeZone),
    cutoverAt: cutover === undefined ? null : instantOf(cutover, timeZone),
    targets: list.filter((line) => of(line) === name).map(({ target }) => target),
  }))
}

function mailboxOf(line: MailboxLine, batches: readonly Batch[], vip: readonly string[]): PlannedMailbox {
  const { name, target, sourceLogin, kind, tenant, aliases, notes } = line
  return {
    name,
    target,
    sourceLogin,
    kind: kind ?? 'user',
    displayName: tenant.display_name ?? name,
    batch: batches.find(({ targets }) => targets.includes(target))?.name ?? ONE_BATCH,
    vip: [target, ...aliases].some((address) => vip.includes(address.toLowerCase())),
    notes,
  }
}

function transferOf(given: Sections['transfer']): TransferPlan {
  const hours = given?.deltas_every_hours ?? 4
  return {
    bytesPerSecond: given?.rate ?? null,
    connections: given?.connections ?? null,
    mailboxesAtOnce: given?.mailboxes_at_once ?? null,
    bytesPerDay: given?.per_day ?? null,
    blackouts: given?.between ?? [],
    deltaEveryMs: hours === 0 ? null : hours * HOUR,
    oldestFirst: given?.oldest_first ?? false,
    deletions: given?.deletions ?? 'follow',
  }
}

function messagesOf(given: Sections['messages'], anchors: Anchors): MessagesPlan {
  const templates = MOMENTS.flatMap((moment) => {
    const template = given?.templates?.[moment]
    if (template === undefined) return []
    const { off, subject = null, text = null, extra = null, when = null } = template
    return [[moment, { off, subject, text, extra, when, at: when === null ? null : sentAt(when, anchors) }] as const]
  })
  const { smtp } = given ?? {}
  return {
    from: given?.from ?? null,
    replyTo: given?.reply_to ?? null,
    by: given?.by ?? 'smtp',
    smtp: smtp === undefined ? null : { url: smtp.url, login: smtp.login ?? null, secret: smtp.secret ?? null },
    perMinute: given?.per_minute ?? 30,
    contact: given?.contact ?? null,
    webAddress: given?.web_address ?? 'https://outlook.office.com',
    templates: Object.fromEntries(templates),
    optOut: given?.opt_out ?? [],
    kinds: given?.kinds ?? ['user'],
  }
}

/** Messages keep the time of the day of what they hang on; on a day alone they go out in the morning. */
function sentAt(when: string, anchors: Anchors): number | null {
  const [, days] = /^cutover([+-]\d+)d$/.exec(when) ?? []
  if (days !== undefined) return anchors.cutoverAt === null ? null : daysLater(anchors.cutoverAt, Number(days), anchors.timeZone)
  return dueAt(when, anchors, '09:00')
}
