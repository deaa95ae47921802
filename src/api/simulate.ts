import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SimulateInput, Simulation } from './simulation.ts'
import type { SimulatedWorld, World } from './world.ts'

/** Starts the simulator and writes the list of its mailboxes, ready for `copy`. */
export async function simulate(world: World, input: SimulateInput): Promise<Simulation> {
  const { mailboxes, messages, seed, personality } = input
  if (input.project === true) return (await import('./simulate-company.ts')).simulateCompany(world, input)
  const simulated = await world.startSimulator({
    mailboxes,
    messages,
    seed,
    personality,
    faulty: true,
    emptyTenant: input.emptyTenant ?? false,
  })
  try {
    const directory = input.directory ?? (await mkdtemp(join(tmpdir(), 'cutover-simulator-')))
    await mkdir(directory, { recursive: true })
    const mailboxesFile = join(directory, 'mailboxes.csv')
    await writeMailboxList(mailboxesFile, simulated)
    const definitionFile = simulated.tenant === null ? null : join(directory, 'cutover.yaml')
    if (definitionFile !== null && simulated.tenant !== null) {
      await writeFile(join(directory, 'secret'), `${simulated.tenant.clientSecret}\n`, { mode: 0o600 })
      await writeFile(definitionFile, definitionOf(simulated.tenant))
    }
    return {
      sourceUrl: simulated.sourceUrl,
      destinationUrl: simulated.destinationUrl,
      mailboxesFile,
      definitionFile,
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

/** A small customer: half of the people with one licence, half with another, a shared mailbox and a group. */
function definitionOf({ service, id, clientId }: NonNullable<SimulatedWorld['tenant']>): string {
  return `version: 1
tenant:
  id: ${id}
  client_id: ${clientId}
  secret: file:secret
  service: ${service}
mailboxes:
  list: mailboxes.csv
  defaults:
    licence: Office 365 E3
    location: DE
    language: de-DE
shared:
  - address: info@example.test
    name: Info
groups:
  - address: team@example.test
    name: Team
    members: [info@example.test]
organisation:
  focused_inbox: false
migration:
  app: Cutover
  receive_size: 150 MB
`
}

export async function writeMailboxList(file: string, simulated: SimulatedWorld): Promise<void> {
  const rows = simulated.accounts.map(({ name, sourceLogin, sourcePassword, target }) =>
    [name, sourceLogin, sourcePassword, target].join(','),
  )
  await writeFile(file, ['name,source_login,source_password,target', ...rows, ''].join('\n'), { mode: 0o600 })
}
