import type { Checked } from '../values/checked.ts'

/** A secret that somebody wrote into the file is refused, so that the file can be shown to others. */
export function secretPlaceOf(given: string): Checked<string> {
  if (/^(?:env|file):\s*\S/.test(given)) return { value: given }
  return { says: 'a secret does not stand in this file: put it into an environment variable (env:NAME) or a file of its own (file:PATH)' }
}

export function pemFileOf(given: string): Checked<string> {
  const path = given.replace(/^file:/, '').trim()
  if (/-----BEGIN|[\r\n]/.test(path) || path === '')
    return { says: 'the path of a PEM file: put certificate and key into files of their own' }
  return { value: path }
}
