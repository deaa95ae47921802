import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { timeText } from '../lib/local-time.ts'
import { Failure } from '../model/failure.ts'
import type { Moment } from '../model/moment.ts'
import { deliver, type Sent } from '../notify/deliver.ts'
import { htmlMaker } from '../notify/html.ts'
import { deliveriesOf, isTheirs, STANDINGS, type Standing } from '../notify/standing.ts'
import { RULES } from '../notify/schedule.ts'
import { addEvent } from '../project/store-records.ts'
import { carrierFor } from './notify-carrier.ts'
import { nobody, viewOf } from './notify.ts'
import { openMessages, standings, type OpenMessages } from './notify-open.ts'
import type { MessageSent, MessagesSendResult, MessageView } from './notify-results.ts'
import type { ProjectAddress, Question } from './project-scene.ts'
import type { World } from './world.ts'

export type SendInput = ProjectAddress & {
  /** null: every moment, of those that are due. */
  readonly moment: Moment | null
  /** Only what is due and not late; else also what is late, or not due yet. */
  readonly due: boolean
  /** The one person; null: all. */
  readonly only: string | null
  /** Once more, though it was sent: only for one person and one moment. */
  readonly again: boolean
  /** Sends nothing: the person says that it arrived. Only for one person and one moment; needs a name from `agreed`. */
  readonly arrived: boolean
  readonly retries: number
  readonly signal: AbortSignal
  readonly show: (message: string) => void
  /** Shown what would be sent; the name of who agrees, null: nobody does. */
  readonly agreed: (question: Question, messages: readonly MessageView[]) => Promise<string | null>
  readonly onSent?: (sent: MessageSent, done: number, of: number) => void
  readonly onWait?: (ms: number, waiting: number) => void
}

/**
 * Shows what it would send, asks, and sends it: each message once to each person, written down before it goes. One process at a time
 * for a project. What an earlier run was sending when it ended is a person's to look at, and is not sent.
 */
export async function messagesSend(world: World, input: SendInput): Promise<MessagesSendResult> {
  using open = await openMessages(world, input, { readOnly: false })
  using _ = open.journal.lock(join(open.stored.folder, 'messages'))
  if (input.arrived) return await settle(open, input)
  const wanted = wantedOf(open, input)
  const { timeZone } = open.plan
  const asks = (): readonly MessageView[] =>
    standings(open)
      .filter(({ state }) => state === 'overdue' || state === 'doubt' || state === 'refused' || state === 'blocked')
      .map(viewOf)
  if (wanted.length === 0) return { name: null, sent: [], left: 0, asks: asks(), timeZone }
  const name = await input.agreed(questionOf(open, wanted), wanted.map(viewOf))
  const deliveries = wanted.reduce((sum, one) => sum + one.deliveries.length, 0)
  if (name === null) return { name: null, sent: [], left: deliveries, asks: asks(), timeZone }
  const sent: Sent[] = []
  // What is being handed in when a stop is asked for comes to its end: cut off, nobody would know whether it arrived.
  const ctx = { clock: world.clock, log: world.log, signal: input.signal }
  await using carrier = await carrierFor(world, open, { ...input, ctx: { ...ctx, signal: new AbortController().signal } })
  try {
    await deliver(wanted, {
      desk: { project: open.project, templates: open.templates, html: htmlMaker() },
      journal: open.journal,
      carrier,
      perMinute: open.plan.messages.perMinute,
      ctx,
      retries: input.retries,
      onOutcome: (one, done, of) => {
        sent.push(one)
        input.onSent?.(sentView(one), done, of)
      },
      onWait: (ms, waiting) => input.onWait?.(ms, waiting),
    })
  } finally {
    tell(open, sent, name)
  }
  const last = new Map(sent.map((one) => [`${one.standing.moment} ${one.standing.to.person} ${one.delivery.way}`, one]))
  const settled = [...last.values()].filter(({ outcome }) => outcome.kind !== 'later')
  return { name, sent: [...last.values()].map(sentView), left: deliveries - settled.length, asks: asks(), timeZone }
}

/** What is due now, for `cutover run`: nothing that is late, nothing twice. Asks as every change does. */
export async function sendDue(
  world: World,
  input: Pick<SendInput, 'store' | 'name' | 'env' | 'signal' | 'show' | 'agreed'> & Partial<Pick<SendInput, 'onSent'>>,
): Promise<MessagesSendResult> {
  return messagesSend(world, { ...input, moment: null, due: true, only: null, again: false, arrived: false, retries: 0 })
}

function wantedOf(open: OpenMessages, { moment, due, only, again }: SendInput): readonly Standing[] {
  const address = only?.toLowerCase() ?? null
  const all = standings(open).filter((one) => moment === null || one.moment === moment)
  const theirs = address === null ? all : all.filter(({ to }) => to.addresses.includes(address) || to.elsewhere === address)
  if (address !== null && theirs.length === 0) throw new Failure('bad-input', nobody(only, 'user'))
  if (again) {
    const [first] = theirs
    if (moment === null || address === null || first === undefined)
      throw new Failure(
        'bad-input',
        'Once more: for one message and one person. Say which: `cutover messages send MOMENT --only ADDRESS --again`.',
      )
    const rows = open.journal.rows().filter((row) => row.moment === moment && isTheirs(row, first.to))
    const version = Math.max(0, ...rows.map((row) => row.version)) + 1
    return [{ ...first, state: 'due', version, deliveries: deliveriesOf(moment, first.to, open.about), says: null }]
  }
  const states = due ? ['due'] : moment === null ? ['due'] : ['due', 'overdue', 'planned', 'by-hand']
  const wanted = theirs.filter(({ state }) => states.includes(state))
  const [one] = theirs
  // Asked for by name, and yet nothing to do: that wants a reason.
  if (moment !== null && wanted.length === 0 && one !== undefined && theirs.every(({ state }) => state === one.state)) whyNot(one)
  return wanted
}

function whyNot({ moment, state, says }: Standing): void {
  if (state === 'blocked') throw new Failure('bad-input', `"${RULES[moment].says}" ${STANDINGS.blocked}: ${says ?? ''}.`)
  if (state === 'waits')
    throw new Failure(
      'bad-input',
      RULES[moment].from === 'cutover' || RULES[moment].from === 'kickoff'
        ? `"${RULES[moment].says}" is counted from the ${RULES[moment].from}, for which no date is planned.`
        : `"${RULES[moment].says}" would not be true yet: it is sent once ${RULES[moment].from === 'done' ? 'the mailboxes were compared and all mail is there' : 'mail goes to the new side'}.`,
    )
}

function questionOf({ project, plan }: OpenMessages, wanted: readonly Standing[]): Question {
  const groups = [...Map.groupBy(wanted, ({ moment }) => moment)]
  const lines = groups.map(([moment, some]) => {
    const early = some.flatMap(({ state, dueAt }) => (state === 'planned' && dueAt !== null ? [dueAt] : []))
    const note = early.length === 0 ? '' : `, ${early.length} of them early: due on ${timeText(Math.min(...early), plan.timeZone)}`
    return `${RULES[moment].says}: ${some.length} ${some.length === 1 ? 'person' : 'people'}${note}`
  })
  const people = wanted.map(({ moment, to, version }) => `${moment} ${to.person} ${version}`).toSorted()
  const digest = createHash('sha256').update(people.join('\n')).digest('hex').slice(0, 16)
  const count = `${wanted.length} ${wanted.length === 1 ? 'message' : 'messages'}`
  return {
    what: 'messages',
    digest,
    says: `Send ${count} as ${project.from} by ${plan.messages.by === 'graph' ? 'Microsoft 365' : 'SMTP'}?`,
    lines,
  }
}

async function settle(open: OpenMessages, { moment, only, agreed }: SendInput): Promise<MessagesSendResult> {
  const address = only?.toLowerCase() ?? null
  const to = open.people.all.find((one) => address !== null && one.addresses.includes(address))
  if (moment === null || to === undefined)
    throw new Failure(
      'bad-input',
      'Arrived: one message of one person. Say which: `cutover messages send MOMENT --only ADDRESS --arrived`.',
    )
  const rows = open.journal.rows().filter((row) => row.moment === moment && isTheirs(row, to) && ['doubt', 'refused'].includes(row.state))
  if (rows.length === 0)
    throw new Failure('bad-input', `Nothing is in doubt: "${RULES[moment].says}" to ${to.address} is as the journal says.`)
  const lines = rows.map((row) => `${row.address}: ${row.says ?? ''}`)
  const digest = rows.map(({ id }) => id).join('-')
  const name = await agreed(
    { what: 'message-arrived', digest, says: `Note that "${RULES[moment].says}" reached ${to.address}?`, lines },
    [],
  )
  if (name !== null) {
    for (const { id } of rows) open.journal.settle(id, `${name} says that it arrived`)
    addEvent(open.stored, { kind: 'message-settled', who: name, says: `"${RULES[moment].says}" reached ${to.address}` })
  }
  return { name, sent: [], left: 0, asks: [], timeZone: open.plan.timeZone }
}

/** One event for each moment, whatever the run came to. */
function tell({ stored }: OpenMessages, sent: readonly Sent[], who: string): void {
  const taken = sent.filter(({ outcome }) => outcome.kind === 'sent')
  for (const [moment, some] of Map.groupBy(taken, ({ standing }) => standing.moment)) {
    const people = new Set(some.map(({ standing }) => standing.to.person)).size
    const says = `Message "${RULES[moment].says}" sent to ${people} ${people === 1 ? 'person' : 'people'}`
    addEvent(stored, { kind: 'message-sent', who, says, data: { moment, people } })
  }
}

function sentView({ standing, delivery, outcome }: Sent): MessageSent {
  return { message: viewOf(standing), ...delivery, outcome }
}
