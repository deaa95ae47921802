import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Failure } from '../model/failure.ts'
import { readDefinition } from './definition.ts'
import type { Definition } from './definition.ts'
import { readMailboxList } from './mailbox-list.ts'
import { wantedTenant } from './wanted.ts'
import type { Wanted } from './wanted.ts'

/** Line 1 to 5 of a definition that is right so far. */
export const TENANT = `version: 1
tenant:
  id: contoso.onmicrosoft.com
  client_id: 11111111-2222-3333-4444-555555555555
  sign_in: device
`

/** A directory with a definition and its list. */
export class Desk implements AsyncDisposable {
  readonly directory: string

  private constructor(directory: string) {
    this.directory = directory
  }

  static async make(): Promise<Desk> {
    return new Desk(await mkdtemp(join(tmpdir(), 'definition-')))
  }

  async definition(text: string | Uint8Array, env: Record<string, string> = {}): Promise<Definition> {
    const path = join(this.directory, 'cutover.yaml')
    await writeFile(path, text)
    return readDefinition(path, env)
  }

  /** What the two want together. */
  async wanted(text: string, list: string | null = null, besides = ''): Promise<Wanted> {
    const definition = await this.definition(list === null ? text : `${text}mailboxes: { list: mailboxes.csv${besides} }\n`)
    if (list === null) return wantedTenant(definition, [])
    const path = join(this.directory, 'mailboxes.csv')
    await writeFile(path, list)
    return wantedTenant(definition, await readMailboxList(path, {}, { source: false, target: false, tenantOnly: true }))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.directory, { recursive: true })
  }
}

/** The lines of the complaint, without `cutover.yaml line `. */
export async function complaints(reading: Promise<unknown>): Promise<readonly string[]> {
  const failure = await reading.then(
    () => assert.fail('it was accepted'),
    (error: unknown) => error,
  )
  if (!(failure instanceof Failure) || failure.code !== 'bad-input') throw failure
  const [head = '', ...lines] = failure.message.split('\n')
  if (lines.length === 0) return [head]
  const more = Number(/^and (\d+) more$/.exec(lines.at(-1) ?? '')?.[1] ?? 1)
  const count = lines.length - 1 + more
  assert.equal(head, `The definition cutover.yaml has ${count === 1 ? 'a mistake' : `${count} mistakes`}:`)
  return lines.map((line) => line.replace(/^cutover\.yaml line /, ''))
}
