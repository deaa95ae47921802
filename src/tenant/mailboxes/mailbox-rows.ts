import type { CmdletParameters } from '../../microsoft/cmdlet.ts'
import type { ExchangeAdmin } from '../../microsoft/exchange-admin.ts'
import { Failure } from '../../model/failure.ts'
import type { Row } from '../settings.ts'
import { rowsIn } from '../settings.ts'

/** All rows of a Get cmdlet; none where the object that it names is not there. */
export async function rowsOf(admin: ExchangeAdmin, cmdlet: string, parameters: CmdletParameters): Promise<readonly Row[]> {
  try {
    return rowsIn((await admin.invoke(cmdlet, parameters)).rows)
  } catch (error) {
    // Gone since the list was read, or not known everywhere yet.
    if (error instanceof Failure && error.code === 'object-unknown') return []
    throw error
  }
}

export async function rowOrNull(admin: ExchangeAdmin, cmdlet: string, parameters: CmdletParameters): Promise<Row | null> {
  return (await rowsOf(admin, cmdlet, parameters))[0] ?? null
}
