import { Failure } from '../model/failure.ts'
import type { Shell } from './world.ts'

/** Asks before something is changed. `yes`: it was said on the command line. Throws `bad-input` where nobody can be asked. */
export async function confirmed(shell: Shell, question: string, yes: boolean): Promise<boolean> {
  if (yes) return true
  shell.screen.clear()
  const answer = await shell.world.ask(`${question} [y/N] `, shell.signal)
  if (answer === null) throw new Failure('bad-input', 'Nobody is here to be asked. Look at what is planned, then say --yes.')
  return /^\s*y(es)?\s*$/i.test(answer)
}
