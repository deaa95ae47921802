import { Failure } from '../model/failure.ts'
import type { Trouble } from './results.ts'

/** A failure as data. Anything else thrown is a bug and goes on its way. */
export function troubleOf(error: unknown): Trouble {
  if (!(error instanceof Failure)) throw error
  const { code, message, help, side, serverText } = error
  return { code, message, help, side: side ?? null, serverText: serverText ?? null }
}
