import { writeFile } from 'node:fs/promises'
import { definitionText } from '../definition/starter.ts'
import { Failure } from '../model/failure.ts'
import { translated } from '../report/write-whole.ts'

/** Writes a definition to begin with; one that is there is never overwritten. */
export async function tenantInit({ file }: { readonly file: string }): Promise<{ readonly file: string }> {
  try {
    await writeFile(file, definitionText(), { flag: 'wx' })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST')
      throw new Failure('bad-input', `"${file}" is there already and is not overwritten. Name another one with -f.`)
    throw translated(error, file)
  }
  return { file }
}
