import { parseArgs, type ParseArgsConfig } from 'node:util'

/** As `parseArgs`; a command line that is wrong is told in a sentence, and the script ends with exit code 2. */
export function scriptOptions<T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config)
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    return process.exit(2)
  }
}
