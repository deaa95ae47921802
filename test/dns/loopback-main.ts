/** The real command line that asks nobody beyond this machine: its one resolver listens at the port NAME_SERVER. Everything else is src/main.ts. */
import { operationsIn } from '../../src/api/operations-in.ts'
import { realWorld } from '../../src/app.ts'
import { runCli } from '../../src/cli/run.ts'
import { ask } from '../../src/dns/ask.ts'
import { systemClock } from '../../src/lib/clock.ts'

const at = { address: '127.0.0.1', port: Number(process.env['NAME_SERVER']) }

process.exitCode = await runCli(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  stdin: () => Promise.resolve(Buffer.alloc(0)),
  ask: () => Promise.resolve(null),
  operations: operationsIn({
    ...realWorld(),
    dnsOutside: ({ servers }) => Promise.resolve({ ask, given: servers, resolvers: [at], at: () => at, page: null, tenantOf: null }),
  }),
  clock: systemClock,
  program: 'cutover',
  version: 'loopback',
  onSignal: () => () => {},
})
