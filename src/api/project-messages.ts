import { Failure } from '../model/failure.ts'
import { RULES } from '../notify/schedule.ts'
import { dueIn } from './notify.ts'
import { messagesIn } from './notify-open.ts'
import type { MessagesSendResult } from './notify-results.ts'
import { sendDue } from './notify-send.ts'
import type { Scene } from './project-scene.ts'
import type { Outcome } from './project-work.ts'
import { troubleOf } from './trouble.ts'

/** `due`: something is to be sent now; `nextAt`: when the next message is due, null: none is. Opens no socket. */
export type MessagesTurn = { readonly due: boolean; readonly nextAt: number | null }

export async function messagesTurn({ open, state, env }: Pick<Scene, 'open' | 'state' | 'env'>): Promise<MessagesTurn> {
  if (open.plan.messages.from === null) return { due: false, nextAt: null }
  try {
    const { due, nextAt } = dueIn(await messagesIn(open, state, env))
    return { due: due.length > 0, nextAt }
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    // A template that is wrong is told where messages are sent, and keeps no mail from being copied.
    return { due: true, nextAt: null }
  }
}

const QUARTER = 900_000

/**
 * Sends the messages that are due, once somebody agreed. What is late, refused or in doubt is left to `cutover messages`, and holds
 * nothing else up; nor does a mail host that is away.
 */
export async function tellPeople({ world, open, store, env, signal, show, agreed }: Scene): Promise<Outcome> {
  const later = world.clock.now() + QUARTER
  try {
    const result = await sendDue(world, { store, name: open.project.name, env, signal, show, agreed: (question) => agreed(question) })
    if (result.name === null) return { says: 'Messages to people: nobody agreed to send them', failure: null, again: null }
    return { says: toldOf(result), failure: null, again: later }
  } catch (error) {
    if (!(error instanceof Failure) || error.code === 'stopped' || signal.aborted) throw error
    return { says: `Messages to people: ${error.message}`, failure: troubleOf(error), again: later }
  }
}

function toldOf({ sent, left }: MessagesSendResult): string {
  const count = (kind: string): number => sent.filter(({ outcome }) => outcome.kind === kind).length
  const moments = [...new Set(sent.map(({ message }) => RULES[message.moment].says))]
  const words = (['sent', 'refused', 'doubt'] as const).flatMap((kind) => (count(kind) === 0 ? [] : [`${count(kind)} ${WORDS[kind]}`]))
  return `Messages to people (${moments.join(', ')}): ${[...words, ...(left > 0 ? [`${left} left`] : [])].join(', ')}`
}

const WORDS = { sent: 'sent', refused: 'refused', doubt: 'in doubt' } as const
