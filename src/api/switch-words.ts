import { Failure } from '../model/failure.ts'
import type { Happening } from '../switch/events.ts'
import { setKey } from '../switch/fleet.ts'
import { GUARDS, isGuardName } from '../switch/guard-names.ts'
import type { SwitchLog } from '../switch/log.ts'
import { foreign } from '../switch/stages.ts'
import { mayMove } from '../switch/states.ts'

/** What a person says of a switch; written down with their name, also while another process carries it out. */
export type SwitchWord =
  | { readonly say: 'override'; readonly guard: string; readonly reason: string; readonly name: string }
  | { readonly say: 'end-override'; readonly guard: string; readonly name: string }
  | { readonly say: 'pause'; readonly reason: string; readonly name: string }
  | { readonly say: 'resume'; readonly name: string }
  /** After everything was put back: it is begun from the beginning, and nothing of before counts. */
  | { readonly say: 'again'; readonly name: string }
  /** `set`: `example.org MX`; its name or type alone where only one is meant. What was seen there last may be overwritten, and nothing else. */
  | { readonly say: 'give-up'; readonly set: string; readonly reason: string; readonly name: string }
  | { readonly say: 'rollback'; readonly scope: 'swapped' | 'all'; readonly reason: string; readonly name: string }

const ANSWERED_FOR = Object.entries(GUARDS).flatMap(([name, { overridable }]) => (overridable ? [name] : []))

/** The event that a word is written down as. Throws `bad-input` where it cannot be said now. */
export function happeningOf(log: Pick<SwitchLog, 'state'>, word: SwitchWord): Happening {
  const { phase, seen, paused } = log.state()
  const name = said(word.name, 'a name')
  switch (word.say) {
    case 'override':
    case 'end-override': {
      if (!isGuardName(word.guard))
        throw new Failure('bad-input', `There is no guard "${word.guard}". Those that a person may answer for: ${ANSWERED_FOR.join(', ')}.`)
      if (word.say === 'end-override') return { type: 'override-ended', guard: word.guard, name }
      if (!GUARDS[word.guard].overridable)
        throw new Failure('bad-input', `Nobody can let "${word.guard}" pass: ${GUARDS[word.guard].title}. It is waited for.`)
      return { type: 'overridden', guard: word.guard, reason: said(word.reason, 'a reason'), name }
    }
    case 'pause':
      return { type: 'paused', reason: said(word.reason, 'a reason'), name }
    case 'resume':
      if (paused === null) throw new Failure('bad-input', 'It is not paused.')
      return { type: 'resumed', name }
    case 'again':
      if (phase !== 'restored') throw new Failure('bad-input', `There is nothing to begin again: the switch is at "${phase}".`)
      return { type: 'moved', from: 'restored', to: 'draft' }
    case 'give-up':
      return { type: 'given-up', ...foreignSet(log, word.set), reason: said(word.reason, 'a reason'), name }
    case 'rollback':
      break
  }
  if (!mayMove(phase, 'rolling-back') || seen.snapshot === undefined)
    throw new Failure('bad-input', `There is nothing to go back from: the switch is at "${phase}".`)
  return { type: 'turned-back', scope: word.scope, reason: said(word.reason, 'a reason'), name }
}

/** What somebody else wrote, as it was seen last. */
function foreignSet(log: Pick<SwitchLog, 'state'>, given: string): { readonly set: string; readonly data: readonly string[] } {
  const { plan, seen, givenUp } = log.state()
  const all = plan === null || seen.zone === undefined ? [] : foreign(plan, seen.zone.found, givenUp)
  const words = given
    .trim()
    .toLowerCase()
    .replace(/\.(?= |$)/, '')
  const meant = all.filter((one) => [setKey(one), one.name, one.type].some((each) => each.toLowerCase() === words))
  const [only, second] = meant
  if (only === undefined || second !== undefined) {
    const named = all.map(setKey).join(', ')
    throw new Failure(
      'bad-input',
      all.length === 0 ? 'Nothing was seen that somebody else has changed.' : `Which one? Somebody else has changed: ${named}.`,
    )
  }
  return { set: setKey(only), data: only.now?.data ?? [] }
}

function said(text: string, what: string): string {
  if (text.trim() === '') throw new Failure('bad-input', `That needs ${what}: it is kept for the report.`)
  return text.trim()
}
