import type { Context } from '../lib/context.ts'
import { Failure } from '../model/failure.ts'
import { forEachAtOnce } from './at-once.ts'
import { MAILBOXES_AT_ONCE } from './copy.ts'
import { parseEndpointUrl } from './endpoint-url.ts'
import { destinationOptions, listedMailboxes, sourceOptions } from './mailboxes.ts'
import type { Addresses } from './operations.ts'
import type { World } from './world.ts'

/**
 * Whether mail could be carried back now: every old mailbox is opened as one that is written to, every new one as one that is read.
 * Writes nothing. Returns what stands in the way, as sentences; [] when nothing does.
 */
export async function tryWayBack(world: World, input: Addresses, signal: AbortSignal): Promise<readonly string[]> {
  const ctx: Context = { clock: world.clock, log: world.log, signal }
  const to = parseEndpointUrl(input.destination)
  const { from, mailboxes } = await listedMailboxes(input, true, to.kind === 'imap')
  if (from.kind !== 'imap') return ['Mail can be carried back to a server that speaks IMAP only.']
  const newOf = await world.newSides(to, await destinationOptions(to, input), ctx)
  const oldOf = await world.oldSides(from, await sourceOptions(from, input), ctx)
  const problems = new Map<string, readonly string[]>()
  await forEachAtOnce(mailboxes, MAILBOXES_AT_ONCE, signal, async (line) => {
    const old = oldOf({ user: line.sourceLogin, password: line.sourcePassword, alias: line.alias, root: line.sourceRoot })
    const found = [
      await problemOf(`The old mailbox of ${line.name} cannot be written to`, async () => {
        await using session = await old.connect(ctx)
        await session.folders()
      }),
      await problemOf(`The new mailbox of ${line.name} cannot be read`, async () => {
        await newOf({ user: line.target, password: line.targetPassword }).look(ctx)
      }),
    ]
    problems.set(
      line.name,
      found.filter((one) => one !== null),
    )
  })
  return mailboxes.flatMap(({ name }) => problems.get(name) ?? [`${name} was not tried.`])
}

async function problemOf(what: string, work: () => Promise<void>): Promise<string | null> {
  try {
    await work()
    return null
  } catch (error) {
    if (!(error instanceof Failure) || error.code === 'stopped') throw error
    return `${what}: ${error.message}`
  }
}
