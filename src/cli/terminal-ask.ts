import { createInterface } from 'node:readline'

/**
 * One line typed at a terminal. Ctrl-D is an empty line; Ctrl-C is passed on to `interrupt`, as a terminal that is being read line by
 * line keeps it for itself. Throws the reason when the signal is aborted.
 */
export async function askAtTerminal(
  question: string,
  input: NodeJS.ReadStream,
  output: NodeJS.WriteStream,
  interrupt: () => void,
  signal: AbortSignal,
): Promise<string> {
  signal.throwIfAborted()
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const lines = createInterface({ input, output })
  const onAbort = (): void => reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  lines.on('SIGINT', interrupt)
  lines.once('line', resolve)
  lines.once('close', () => resolve(''))
  lines.setPrompt(question)
  lines.prompt()
  try {
    return await promise
  } finally {
    signal.removeEventListener('abort', onAbort)
    lines.close()
  }
}
