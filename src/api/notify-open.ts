import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Definition } from '../definition/definition.ts'
import { Failure } from '../model/failure.ts'
import { MOMENTS, type Moment } from '../model/moment.ts'
import type { Picture } from '../notify/carrier.ts'
import type { Project } from '../notify/compose.ts'
import { Journal, type JournalRow } from '../notify/journal.ts'
import { standingOf, type Circumstances, type Standing } from '../notify/standing.ts'
import { RULES } from '../notify/schedule.ts'
import { openTemplates, type Override, type Templates } from '../notify/templates.ts'
import { dueAt } from '../project/plan-times.ts'
import type { ProjectPlan } from '../project/plan.ts'
import { readPlan } from '../project/read-plan.ts'
import type { ProjectState } from '../project/state.ts'
import type { StoredProject } from '../project/store.ts'
import { peopleOf, type People } from './notify-people.ts'
import { openProject, type ProjectAddress } from './project-scene.ts'
import type { OpenProject } from './project-state.ts'
import type { World } from './world.ts'

export type OpenMessages = {
  readonly stored: StoredProject
  readonly definition: Definition
  readonly plan: ProjectPlan
  readonly people: People
  readonly journal: Journal
  readonly about: Circumstances
  readonly templates: Templates
  readonly project: Project
  /** What a person should know before anything is sent. */
  readonly notes: readonly string[]
}

/** The messages of a project: who, what and when, and what was sent. Opens no socket; all that is wrong with templates comes at once. */
export async function openMessages(
  world: World,
  address: ProjectAddress,
  { readOnly }: { readonly readOnly: boolean },
): Promise<OpenMessages & Disposable> {
  const { store, open, state } = await openProject(world, address, { readOnly })
  try {
    return { ...(await messagesIn(open, state, address.env)), [Symbol.dispose]: () => store.close() }
  } catch (error) {
    store.close()
    throw error
  }
}

/** The same of a project that is open already. */
export async function messagesIn(
  { project: stored }: Pick<OpenProject, 'project'>,
  state: ProjectState,
  env: ProjectAddress['env'],
): Promise<OpenMessages> {
  const read = await readPlan(stored, env)
  const { plan, definition } = read
  const { messages } = definition.sections
  const notes: string[] = []
  if (plan.messages.from === null) notes.push('Nobody is named as the sender: messages.from in the definition. Until then nothing is sent.')
  if (plan.messages.by === 'smtp' && plan.messages.smtp === null)
    notes.push('No mail host is named that takes messages: messages.smtp in the definition.')
  const templates = await openTemplates({
    folder: messages?.folder === undefined ? null : definition.file(messages.folder),
    overrides: overridesIn(plan, definition),
    language: plan.language,
  })
  const from = plan.messages.from ?? ''
  const { timeZone } = plan
  return {
    stored,
    definition,
    plan,
    people: peopleOf(read, state),
    journal: new Journal(stored.db, stored.id, stored.now),
    about: {
      now: state.now,
      timeZone,
      by: plan.messages.by,
      off: new Set(MOMENTS.filter((moment) => plan.messages.templates[moment]?.off === true)),
      ownTime: (moment, cutoverAt) => {
        const when = plan.messages.templates[moment]?.when ?? null
        return when === null ? null : dueAt(when, { kickoffAt: plan.kickoffAt, cutoverAt, timeZone }, '09:00')
      },
    },
    templates,
    project: {
      name: plan.name,
      customer: plan.customer,
      domains: plan.domains,
      mailboxes: plan.mailboxes.length,
      timeZone,
      from,
      replyTo: plan.messages.replyTo,
      sender: plan.people.find((one) => one.address.toLowerCase() === from.toLowerCase())?.name ?? plan.customer,
      webmail: plan.messages.webAddress,
      contact: contactOf(plan),
      safeWay: messages?.safe_way ?? null,
      oldUntil: messages?.old_until ?? null,
      survey: messages?.survey ?? null,
      logo: await pictureOf(plan.logoFile, notes),
    },
    notes,
  }
}

/** Where every message to everybody stands now. */
export function standings({ people, journal, about }: Pick<OpenMessages, 'people' | 'journal' | 'about'>): readonly Standing[] {
  const byAddress = new Map<string, Set<JournalRow>>()
  for (const row of journal.rows())
    for (const one of [row.person, row.address]) byAddress.set(one, (byAddress.get(one) ?? new Set()).add(row))
  // In the order of the journal, as it is told from the last line what stands.
  const theirs = new Map(
    people.all.map((to) => {
      const rows = new Set(to.addresses.flatMap((one) => [...(byAddress.get(one) ?? [])]))
      return [to, [...rows].toSorted((a, b) => a.id - b.id)]
    }),
  )
  return MOMENTS.flatMap((moment) =>
    people.all
      .filter(({ role }) => (RULES[moment].to === 'customer') === (role === 'customer'))
      .map((to) => standingOf(moment, to, theirs.get(to) ?? [], about)),
  )
}

/** Nobody is left without somebody to ask. */
function contactOf({ messages, people }: ProjectPlan): string | null {
  const helper = people.find(({ side, phone }) => side === 'us' && phone !== null)
  const named = helper === undefined ? null : `${helper.name}, ${helper.phone ?? ''}`
  return messages.contact ?? named ?? messages.replyTo ?? messages.from
}

function overridesIn(plan: ProjectPlan, definition: Definition): readonly Override[] {
  return MOMENTS.flatMap((moment: Moment) => {
    const given = plan.messages.templates[moment]
    if (given === undefined) return []
    const { subject, text, extra } = given
    return [{ moment, subject, text, extra, where: definition.where(['messages', 'templates', moment]) }]
  })
}

const LARGEST_LOGO = 300_000

/** The logo, where mail programs can show it. */
async function pictureOf(file: string | null, notes: string[]): Promise<Picture | null> {
  if (file === null) return null
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new Failure('bad-input', `The logo cannot be read: "${file}" (project.logo).`, { cause })
  })
  const type = typeOf(bytes)
  if (type === null)
    notes.push('The logo is no PNG, JPEG or GIF: mail programs do not show it, and the name of the customer stands in its place.')
  else if (bytes.length > LARGEST_LOGO)
    notes.push(
      `The logo has ${Math.round(bytes.length / 1000)} kB: too much for every message; the name of the customer stands in its place.`,
    )
  else return { type, name: basename(file), bytes }
  return null
}

function typeOf(bytes: Buffer): Picture['type'] | null {
  if (bytes.subarray(0, 4).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47]))) return 'image/png'
  if (bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))) return 'image/jpeg'
  return bytes.subarray(0, 4).toString('latin1') === 'GIF8' ? 'image/gif' : null
}
