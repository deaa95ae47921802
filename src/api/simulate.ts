import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SimulateInput, Simulation } from './operations.ts'
import type { SimulatedWorld, World } from './world.ts'

/** Starts the simulator and writes the list of its mailboxes, ready for `copy`. */
export async function simulate(world: World, input: SimulateInput): Promise<Simulation> {
  const { mailboxes, messages, seed, personality } = input
  const simulated = await world.startSimulator({ mailboxes, messages, seed, personality, faulty: true })
  try {
    const directory = input.directory ?? (await mkdtemp(join(tmpdir(), 'cutover-simulator-')))
    await mkdir(directory, { recursive: true })
    const mailboxesFile = join(directory, 'mailboxes.csv')
    await writeMailboxList(mailboxesFile, simulated)
    return {
      sourceUrl: simulated.sourceUrl,
      destinationUrl: simulated.destinationUrl,
      mailboxesFile,
      stateDir: join(directory, 'state'),
      logins: simulated.accounts,
      async [Symbol.asyncDispose]() {
        await simulated[Symbol.asyncDispose]()
        if (input.directory === null) await rm(directory, { recursive: true, force: true })
      },
    }
  } catch (error) {
    await simulated[Symbol.asyncDispose]()
    throw error
  }
}

export async function writeMailboxList(file: string, simulated: SimulatedWorld): Promise<void> {
  const rows = simulated.accounts.map(({ name, sourceLogin, sourcePassword, target }) =>
    [name, sourceLogin, sourcePassword, target].join(','),
  )
  await writeFile(file, ['name,source_login,source_password,target', ...rows, ''].join('\n'), { mode: 0o600 })
}
