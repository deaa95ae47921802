import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { realWorld } from '../app.ts'
import { HandClock } from '../lib/hand-clock.fixture.ts'
import { Failure } from '../model/failure.ts'
import type { ProjectImportInput, ProjectImportResult } from './project-import.ts'
import { projectOperations, type ProjectOperations } from './project-operations.ts'

/** 1 December 2026, noon in Berlin. */
export const NOW = Date.parse('2026-12-01T11:00:00Z')

export const HEAD = `version: 1
tenant:
  id: contoso.onmicrosoft.com
  client_id: 11111111-2222-3333-4444-555555555555
  sign_in: device
`
export const PROJECT = `project:
  name: acme
  customer: Acme GmbH
  time_zone: Europe/Berlin
  kickoff: 2026-11-02
  cutover: 2026-12-11T18:00 # a Friday
`
export const LIST = `source_login,source_password,target,batch
anna,env:ANNA,anna@example.org,first
bert,s3cret,bert@example.org,second
`

/** A directory for files, a store of projects in it, and a clock that stands still. */
export class Desk implements Disposable {
  readonly directory = mkdtempSync(join(tmpdir(), 'cutover-project-'))
  readonly store = join(this.directory, 'projects')
  readonly clock = new HandClock(NOW)
  readonly projects: ProjectOperations = projectOperations({ ...realWorld(), clock: this.clock })
  readonly place = { store: this.store, name: null, env: {} }

  path(name: string): string {
    return join(this.directory, name)
  }

  write(name: string, text: string): string {
    writeFileSync(this.path(name), text)
    return this.path(name)
  }

  /** Brings in a definition with its list. */
  async import(yaml: string, list: string | null = LIST, more: Partial<ProjectImportInput> = {}): Promise<ProjectImportResult> {
    if (list !== null) this.write('people.csv', list)
    const file = this.write('cutover.yaml', list === null ? yaml : `${yaml}mailboxes: { list: people.csv }\n`)
    return this.projects.import({ ...this.place, file, who: null, check: false, ...more })
  }

  [Symbol.dispose](): void {
    rmSync(this.directory, { recursive: true, force: true })
  }
}

/** The lines of a complaint about the input, without its head. */
export async function mistakes(doing: Promise<unknown>): Promise<readonly string[]> {
  const failure = await doing.then(
    () => assert.fail('it was accepted'),
    (error: unknown) => error,
  )
  if (!(failure instanceof Failure) || failure.code !== 'bad-input') throw failure
  const [head = '', ...lines] = failure.message.split('\n')
  return lines.length === 0 ? [head] : lines
}
