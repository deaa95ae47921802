/** An assessment under test: the operation of the real product, in this process. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AssessInput, Assessment, AssessedMailbox } from '../../src/api/assess.ts'
import { operationsIn } from '../../src/api/operations-in.ts'
import type { ProjectRehearsal, RehearseProjectInput } from '../../src/api/rehearse-project.ts'
import { realWorld } from '../../src/app.ts'
import { hastyClock, mailboxList, type Person } from '../scenario/migration.ts'

export type AssessRig = AsyncDisposable & {
  readonly stateDir: string
  assess(options?: Partial<AssessInput>): Promise<Assessment>
  rehearse(options?: Partial<RehearseProjectInput>): Promise<ProjectRehearsal>
}

export async function assessRig(source: string, people: readonly Person[]): Promise<AssessRig> {
  const folder = await mkdtemp(join(tmpdir(), 'cutover-assess-'))
  const mailboxesFile = join(folder, 'people.csv')
  const stateDir = join(folder, 'state')
  await writeFile(mailboxesFile, mailboxList(people))
  const operations = operationsIn({ ...realWorld(), clock: hastyClock() })
  const watch = { signal: new AbortController().signal, onMailboxes: () => {}, onProgress: () => {} }
  const place = { project: null, definitionFile: null, source, mailboxesFile, stateDir, only: [], env: {}, caFile: null }
  return {
    stateDir,
    assess: (options = {}) =>
      operations.assess({
        ...watch,
        ...place,
        sample: 'full',
        also: { dns: false, tenant: false },
        domains: [],
        dns: { servers: [], resolvers: [], dnsOnly: true },
        mailboxesAtOnce: null,
        price: { base: null, perMailbox: null },
        risks: { mailboxBytes: null, deletedBytes: null, vip: [] },
        maxMessageBytes: null,
        ...options,
      }),
    rehearse: (options = {}) =>
      operations.rehearseProject({ ...watch, ...place, sample: 'full', mailboxesAtOnce: null, maxMessageBytes: null, ...options }),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

/** "outcome code: seen" of each kind of trouble. */
export function troubles({ troubles: all }: Pick<AssessedMailbox, 'troubles'>): readonly string[] {
  return all.map(({ outcome, code, messages }) => `${outcome} ${code}: ${messages.seen}`).sort()
}
