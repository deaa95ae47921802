import { canonicalName } from '../record-set.ts'

/** Whether DNS can hold a name of this text: records name all kinds of things. */
export function isName(text: string): boolean {
  try {
    canonicalName(text)
    return true
  } catch {
    return false
  }
}
