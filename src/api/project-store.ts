import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { ProjectPlan } from '../project/plan.ts'
import type { PhaseName } from '../project/phase-names.ts'
import { STORE_FILE, type StoredProject } from '../project/store.ts'

/** A project on one line. */
export type ProjectSummary = {
  readonly name: string
  readonly customer: string
  readonly folder: string
  readonly definitionFile: string
  readonly domains: readonly string[]
  readonly mailboxes: number
  readonly batches: readonly {
    readonly name: string
    readonly mailboxes: number
    readonly startsAt: number | null
    readonly cutoverAt: number | null
  }[]
  readonly timeZone: string
  readonly kickoffAt: number | null
  readonly cutoverAt: number | null
  /** The highest that was entered; null: not looked at. */
  readonly phase: PhaseName | null
}

/** Where the files of a project are, also of one that is not made yet. */
export function projectIn(store: string, name: string): Pick<StoredProject, 'name' | 'folder' | 'definitionFile' | 'mailboxesFile'> {
  const folder = join(resolve(store), name)
  return { name, folder, definitionFile: join(folder, 'cutover.yaml'), mailboxesFile: join(folder, 'mailboxes.csv') }
}

export function isStore(store: string): boolean {
  return existsSync(join(resolve(store), STORE_FILE))
}

export function summaryOf(
  { name, folder, definitionFile }: Pick<StoredProject, 'name' | 'folder' | 'definitionFile'>,
  plan: ProjectPlan,
  phase: PhaseName | null,
): ProjectSummary {
  const { customer, domains, mailboxes, batches, timeZone, kickoffAt, cutoverAt } = plan
  return {
    name,
    customer,
    folder,
    definitionFile,
    domains,
    mailboxes: mailboxes.length,
    batches: batches.map((batch) => ({
      name: batch.name,
      mailboxes: batch.targets.length,
      startsAt: batch.startsAt,
      cutoverAt: batch.cutoverAt,
    })),
    timeZone,
    kickoffAt,
    cutoverAt,
    phase,
  }
}
