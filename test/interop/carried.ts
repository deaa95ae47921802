/** What becomes of the mail of an odd server when it moves into the simulator's Exchange. */
import assert from 'node:assert/strict'

import type { CopyInput } from '../../src/api/operations.ts'
import type { CopyResult, ErrorsResult, FolderPreview, VerifyResult } from '../../src/api/results.ts'
import type { SimulatorOptions } from '../../src/simulator/simulator.ts'
import { type Mail, mailInStore } from '../scenario/mail.ts'
import { simulatedMigration } from '../scenario/migration.ts'
import type { OddServer } from './odd-server.ts'

export type Carried = {
  readonly copied: CopyResult
  readonly errors: ErrorsResult['errors']
  readonly preview: ReadonlyMap<string, FolderPreview>
  readonly landed: readonly Mail[]
  readonly verified: VerifyResult
}

/** Preview, copy, copy again (which must write nothing), verify; the books must be whole. */
export async function carried(server: OddServer, options: Partial<CopyInput> = {}, simulator: SimulatorOptions = {}): Promise<Carried> {
  const ends = { source: server.url, logins: [{ sourceLogin: 'anna', sourcePassword: 'secret' }] }
  await using world = await simulatedMigration({ mailboxes: 1, messages: 0, ...simulator }, ends)
  const { sim, move } = world
  const folders = (await move.folders()).mailboxes[0]?.folders ?? []
  const copied = await move.copy(options)
  assert.equal(copied.found, copied.copied + copied.skipped + copied.failed, JSON.stringify(copied.mailboxes[0]?.failure))
  assert.equal(copied.unexplained, 0)
  const again = await move.copy(options)
  assert.equal(again.appends, 0, 'a second pass writes nothing')
  const verified = await move.verify()
  const { errors } = await move.errors()
  const landed = mailInStore(sim.exchangeStore(sim.accounts[0]?.target ?? ''))
  return { copied, errors, preview: new Map(folders.map((one) => [one.source, one])), landed, verified }
}

/** The subjects that arrived, each with its folder. */
export function subjects(landed: readonly Mail[]): readonly string[] {
  return landed.map((mail) => `${mail.folder}: ${/^Subject: (.*?)\r?$/m.exec(mail.bytes.toString('latin1'))?.[1] ?? ''}`).sort()
}
