import { WAYS } from '../source/access/method.ts'
import type { AccessChoice } from '../source/access/method.ts'
import { ACCESS_METHODS } from '../source/access.ts'

export type AccessKind = AccessChoice['kind']
export type AccessMechanism = NonNullable<AccessChoice['way']>

/** The words of --access. */
export const ACCESS_KINDS: readonly AccessKind[] = ACCESS_METHODS.map(({ name }) => name)
/** The words of --access-mechanism. */
export const ACCESS_MECHANISMS: readonly AccessMechanism[] = WAYS
