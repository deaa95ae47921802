import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createStateDirectory } from '../db/state-directory.ts'
import { Failure } from '../model/failure.ts'
import type { Assessment } from './assessment.ts'

const FORM = 1

/** Keeps the newest assessment beside what it was made from, so that reports are made of it without asking any server. */
export function keepAssessment(stateDir: string, assessment: Assessment): void {
  const directory = join(stateDir, 'assess')
  createStateDirectory(directory)
  const file = join(directory, 'assessment.json')
  writeFileSync(`${file}.new`, JSON.stringify({ form: FORM, assessment }), { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

/** The newest assessment that was made with this state directory; null: none was. */
export function keptAssessment(stateDir: string): Assessment | null {
  const file = join(stateDir, 'assess', 'assessment.json')
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return null
  }
  try {
    const kept = JSON.parse(text) as { readonly form: number; readonly assessment: Assessment }
    if (kept.form === FORM) return kept.assessment
  } catch (error) {
    throw new Failure('state-damaged', `${file} cannot be read. Run \`cutover assess\` again.`, { cause: error })
  }
  throw new Failure('state-newer', `Another version of cutover wrote ${file}. Run \`cutover assess\` again.`)
}
