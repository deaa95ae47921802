import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { addAbortSignal } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { operationsIn } from './api/operations-in.ts'
import { realWorld } from './app.ts'
import { runCli } from './cli/run.ts'
import { systemClock } from './lib/clock.ts'

const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8')) as { version: string }

// `cutover folders | head` closes the pipe early: no reason to complain.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit()
  throw error
})

process.exitCode = await runCli(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  stdin: (signal) => buffer(addAbortSignal(signal, process.stdin)),
  ask: async (question, signal) => {
    if (!process.stdin.isTTY) return null
    const { askAtTerminal } = await import('./cli/terminal-ask.ts')
    return await askAtTerminal(question, process.stdin, process.stderr, () => process.kill(process.pid, 'SIGINT'), signal)
  },
  operations: operationsIn(realWorld()),
  clock: systemClock,
  program: process.env['CUTOVER_PROGRAM'] ?? './cutover',
  version,
  onSignal(listener) {
    process.on('SIGINT', listener)
    process.on('SIGTERM', listener)
    return () => {
      process.off('SIGINT', listener)
      process.off('SIGTERM', listener)
    }
  },
})
// Nothing is left to be done then. Tearing its handles down one by one is something Node can turn round in for ever.
process.once('beforeExit', () => process.exit())
// After a second Ctrl-C work is still under way: leave it.
if (process.exitCode === 130) process.exit()
