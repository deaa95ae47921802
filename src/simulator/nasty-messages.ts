/** A message that breaks something somewhere. */
export type NastyMessage = {
  readonly name: string
  readonly flags: readonly string[]
  readonly internalDate: Date
  bytes(): Buffer
}

export function nastyMessages(): readonly NastyMessage[] {
  return []
}
