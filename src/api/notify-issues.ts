import { Failure } from '../model/failure.ts'
import { RULES } from '../notify/schedule.ts'
import { STANDINGS } from '../notify/standing.ts'
import { idOf } from '../project/blockers.ts'
import type { FoundIssue } from '../project/issues.ts'
import type { ProjectState } from '../project/state.ts'
import { dueIn } from './notify.ts'
import { messagesIn } from './notify-open.ts'
import type { MessageView } from './notify-results.ts'
import type { ProjectAddress } from './project-scene.ts'
import type { OpenProject } from './project-state.ts'

/** What a person has to look at of the messages to people: one issue where it is the same for many. Opens no socket. */
export async function messageIssues(
  open: Pick<OpenProject, 'project' | 'plan'>,
  state: ProjectState,
  env: ProjectAddress['env'],
): Promise<readonly FoundIssue[]> {
  const common = { severity: 'yellow', phase: state.entered, owner: 'us', dueAt: null } as const
  try {
    // Nobody wants any sent.
    if (open.plan.messages.from === null) return []
    const { asks } = dueIn(await messagesIn(open, state, env))
    return [...Map.groupBy(asks, keyOf)].flatMap(([id, some]) => {
      const [first] = some
      if (first === undefined) return []
      const { moment, says } = first
      const isOne = isPersonal(first)
      const whom = isOne ? first.address : `${some.length} ${some.length === 1 ? 'person' : 'people'}`
      const why = isOne && says !== null ? ` (${says})` : ''
      return [
        {
          ...common,
          id,
          about: isOne ? first.address : '',
          says: `Message "${RULES[moment].says}" to ${whom}: ${STANDINGS[first.state]}${why}.`,
          todo: 'Run `cutover messages status`: it tells of each what to do.',
          command: 'messages status',
        },
      ]
    })
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    const says = error.message.replaceAll('\n', ' ')
    return [
      { ...common, id: 'letters.templates', about: '', says, todo: 'Put it right in the definition, and import it again.', command: null },
    ]
  }
}

function isPersonal({ state }: MessageView): boolean {
  return state === 'refused' || state === 'doubt'
}

function keyOf(one: MessageView): string {
  return ['letters', one.state, one.moment, ...(isPersonal(one) ? [idOf(one.address)] : [])].join('.')
}
