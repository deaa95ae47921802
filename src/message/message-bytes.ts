/** The bytes of one message, wherever they are. */
export type MessageBytes = {
  readonly bytes: number
  /** From the first byte on; may be called again. */
  chunks(): AsyncIterable<Buffer>
  /** The same bytes in memory; null when they are on disk. */
  readonly held: readonly Buffer[] | null
}

/** A message that is in memory already. */
export function heldMessage(held: readonly Buffer[]): MessageBytes {
  let bytes = 0
  for (const chunk of held) bytes += chunk.length
  return {
    bytes,
    held,
    async *chunks() {
      yield* held
    },
  }
}
