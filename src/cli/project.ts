import type { Command } from 'commander'
import { addProjectExport, addProjectImport, addProjectInit } from './project-definition.ts'
import { addProjectList, addProjectShow } from './project-list.ts'
import { addProjectSignOff, addProjectTasks } from './project-tasks.ts'
import { addProjectPostpone, addProjectWaive } from './project-words.ts'
import type { Runner } from './run.ts'

/** Commands about projects in their store, one line each. */
const WORDS: readonly ((project: Command, run: Runner) => void)[] = [
  addProjectInit,
  addProjectImport,
  addProjectExport,
  addProjectList,
  addProjectShow,
  addProjectTasks,
  addProjectSignOff,
  addProjectWaive,
  addProjectPostpone,
]

export function addProject(program: Command, run: Runner): void {
  const project = program.command('project').description('projects in their store: import, export, tasks, sign-off, postpone')
  for (const add of WORDS) add(project, run)
}
