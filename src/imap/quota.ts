import { imapString } from './encoder.ts'
import { folderNameOf } from './list-response.ts'
import type { Token } from './response.ts'
import { textOf } from './response.ts'
import type { Session } from './session.ts'

/** One limit. STORAGE is told in bytes, whatever unit the server uses (RFC 9208: 1,024 octets); other resources are counted. */
export type QuotaResource = { readonly name: string; readonly used: number; readonly limit: number }

/** A quota root with its limits, [] where it has none. Several roots may count the same mail: they are never added up. */
export type Quota = { readonly root: string; readonly resources: readonly QuotaResource[] }

/** The quotas that hold for INBOX (GETQUOTAROOT, RFC 9208); null where the server has none. Throws a `Failure`. */
export async function quotasOf(session: Session): Promise<readonly Quota[] | null> {
  if (!session.has('QUOTA')) return null
  const found = new Map<string, Quota>()
  await session.run({
    verb: 'GETQUOTAROOT',
    parts: ['GETQUOTAROOT ', imapString('INBOX')],
    onUntagged: (response) => {
      if (response.kind !== 'data' || response.name !== 'QUOTA') return
      const root = folderNameOf(response.values[0])
      found.set(root, { root, resources: resourcesIn(response.values[1]) })
    },
  })
  return [...found.values()]
}

/** Courier sends no list at all where nothing is limited. */
function resourcesIn(token: Token | undefined): readonly QuotaResource[] {
  if (typeof token !== 'object' || !Array.isArray(token)) return []
  const list = token as readonly Token[]
  const resources: QuotaResource[] = []
  for (let at = 0; at + 2 < list.length; at += 3) {
    const name = (textOf(list[at]) ?? '').toUpperCase()
    const [used, limit] = [Number(textOf(list[at + 1])), Number(textOf(list[at + 2]))]
    const unit = name === 'STORAGE' ? 1024 : 1
    if (name !== '' && used >= 0 && limit >= 0) resources.push({ name, used: used * unit, limit: limit * unit })
  }
  return resources
}
