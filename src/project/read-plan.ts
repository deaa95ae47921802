import { readDefinition, type Definition } from '../definition/definition.ts'
import { readMailboxList, type MailboxLine } from '../definition/mailbox-list.ts'
import { projectPlan } from './plan-of.ts'
import type { ProjectPlan } from './plan.ts'
import { settleFiles } from './store-definitions.ts'
import type { StoredProject } from './store.ts'

export type ReadPlan = {
  readonly plan: ProjectPlan
  /** What the plan was made of; its secrets were not read. */
  readonly definition: Definition
  readonly list: readonly MailboxLine[]
}

/** The plan of a project as its store has it now. No secret is read, and no password. */
export async function readPlan(project: StoredProject, env: Readonly<Record<string, string | undefined>>): Promise<ReadPlan> {
  settleFiles(project)
  const definition = await readDefinition(project.definitionFile, env, { secrets: false })
  const { mailboxesFile } = definition
  const list = mailboxesFile === null ? [] : await readMailboxList(mailboxesFile, env, { source: false, target: false, tenantOnly: true })
  return { plan: projectPlan(definition, list), definition, list }
}
