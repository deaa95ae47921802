import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Operations } from '../../src/api/operations.ts'
import { operationsIn } from '../../src/api/operations-in.ts'
import type { TenantApplyInput } from '../../src/api/tenant-apply.ts'
import type { TenantUndoInput } from '../../src/api/tenant-undo.ts'
import { realWorld } from '../../src/app.ts'
import type { TenantSimulator } from '../../src/tenant-simulator/tenant-simulator.ts'
import type { JumpingClock } from './rig.ts'

/** A definition with its list in a folder of its own, and the real operations in a time that jumps. */
export type Customer = AsyncDisposable & {
  readonly operations: Operations
  readonly folder: string
  readonly stateDir: string
  readonly input: Omit<TenantApplyInput, 'approve' | 'waitMinutes' | 'onProgress' | 'onReading'>
  apply(more?: Partial<TenantApplyInput>): ReturnType<Operations['tenantApply']>
  undo(more?: Partial<TenantUndoInput>): ReturnType<Operations['tenantUndo']>
  plan(): ReturnType<Operations['tenantPlan']>
}

export type Wants = {
  /** Lines of the list, the first with its columns. */
  readonly list: readonly string[]
  /** Sections of the definition besides `tenant` and `mailboxes`. */
  readonly sections?: string
  readonly defaults?: string
  readonly tenant?: string
}

export async function customer(simulator: TenantSimulator, clock: JumpingClock, wants: Wants): Promise<Customer> {
  const folder = await mkdtemp(join(tmpdir(), 'cutover-customer-'))
  await writeFile(join(folder, 'mailboxes.csv'), `${wants.list.join('\n')}\n`)
  const definitionFile = join(folder, 'cutover.yaml')
  await writeFile(definitionFile, definition(simulator, wants))
  const operations = operationsIn({ ...realWorld(), clock, simulatedHaste: 1 })
  const stateDir = join(folder, 'state')
  const input = {
    definitionFile,
    identity: null,
    cloud: null,
    service: null,
    mailboxesFile: null,
    env: { SECRET: simulator.clientSecret },
    show: () => {},
    stateDir,
    signal: new AbortController().signal,
  }
  const approve = (): Promise<boolean> => Promise.resolve(true)
  return {
    operations,
    folder,
    stateDir,
    input,
    apply: (more = {}) =>
      operations.tenantApply({ ...input, approve, waitMinutes: 24 * 60, onProgress: () => {}, onReading: () => {}, ...more }),
    undo: (more = {}) => operations.tenantUndo({ ...input, what: 'all', withMail: false, approve, onProgress: () => {}, ...more }),
    plan: () => operations.tenantPlan({ ...input, asPowerShell: true }),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

function definition({ url, tenantId, clientId }: TenantSimulator, { sections = '', defaults = '', tenant = '' }: Wants): string {
  return `version: 1
tenant:
  id: ${tenantId}
  client_id: ${clientId}
  secret: env:SECRET
  service: ${url}
${tenant}
mailboxes:
  list: mailboxes.csv
${defaults === '' ? '' : `  defaults:\n${defaults}`}
${sections}
`
}
