import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { projectSection } from './rehearsed-definition.ts'
import type { SimulateInput, Simulation } from './simulation.ts'
import type { World } from './world.ts'

const ARRIVES_MS = 20_000

/** A company to try a whole project on, in real time, with mail that arrives every few seconds. */
export async function simulateCompany(world: World, { mailboxes, messages, seed, directory: given }: SimulateInput): Promise<Simulation> {
  const company = await world.startProjectSimulator({ mailboxes, messages, seed, now: null })
  const arriving = setInterval(() => void company.arrive().catch(() => {}), ARRIVES_MS).unref()
  const directory = given ?? (await mkdtemp(join(tmpdir(), 'cutover-company-')))
  const end = async (): Promise<void> => {
    clearInterval(arriving)
    await company[Symbol.asyncDispose]()
    if (given === null) await rm(directory, { recursive: true, force: true })
  }
  try {
    const secrets = join(directory, 'secrets')
    await mkdir(secrets, { recursive: true, mode: 0o700 })
    for (const [name, value] of Object.entries(company.env)) await writeFile(join(secrets, name), `${value}\n`, { mode: 0o600 })
    // Who runs the commands has none of them in the environment.
    const inFiles = (text: string): string => text.replaceAll(/\benv:([A-Z_\d]+)/g, 'file:secrets/$1')
    const mailboxesFile = join(directory, 'mailboxes.csv')
    const definitionFile = join(directory, 'cutover.yaml')
    await writeFile(mailboxesFile, inFiles(company.mailboxes), { mode: 0o600 })
    await writeFile(definitionFile, inFiles(company.definition) + projectSection(company, world.clock.now()))
    return {
      sourceUrl: company.sourceUrl,
      destinationUrl: company.destinationUrl,
      mailboxesFile,
      definitionFile,
      stateDir: join(directory, 'state'),
      logins: company.people.map(({ name, address, login, password }) => ({
        name,
        sourceLogin: login,
        sourcePassword: password,
        target: address,
        shows: null,
      })),
      [Symbol.asyncDispose]: end,
    }
  } catch (error) {
    await end()
    throw error
  }
}
