import { FAILURES, type FailureCode } from '../model/failure-codes.ts'

/** A folder path as the ledger stores it: a JSON array of names. */
export function toPath(stored: string): readonly string[] {
  const path: unknown = JSON.parse(stored)
  if (Array.isArray(path) && path.every((part): part is string => typeof part === 'string')) return path
  throw new Error('a stored folder path is no list of names')
}

export function toFailureCode(stored: string | null): FailureCode | null {
  if (stored === null) return null
  if (isFailureCode(stored)) return stored
  throw new Error(`unknown failure code ${stored}`)
}

function isFailureCode(word: string): word is FailureCode {
  return Object.hasOwn(FAILURES, word)
}
