import { listFolders } from '../imap/list-folders.ts'
import { textOf } from '../imap/response.ts'
import type { DataResponse, Token } from '../imap/response.ts'
import type { Session } from '../imap/session.ts'
import { roleOf } from '../mapping/roles.ts'
import { Failure } from '../model/failure.ts'
import type { ListedFolder } from '../model/folder.ts'
import type { SpecialUse } from '../model/special-use.ts'

export type Quota = { readonly root: string; readonly resource: string; readonly used: number; readonly limit: number }

/** What can be seen of one mailbox once it is open. Nothing in it was changed. */
export type Inside = {
  readonly capabilities: readonly string[]
  /** null where the server has no NAMESPACE. */
  readonly namespaces: {
    readonly personal: readonly { readonly prefix: string; readonly separator: string | null }[]
    readonly others: readonly { readonly prefix: string; readonly separator: string | null }[]
    readonly shared: readonly { readonly prefix: string; readonly separator: string | null }[]
  } | null
  readonly folders: number
  /** Folders that hold nothing but others. */
  readonly containers: number
  readonly messages: number
  /** null where the server does not tell sizes. */
  readonly sizeBytes: number | null
  /** By mark of the server, or by name. */
  readonly special: readonly { readonly role: SpecialUse; readonly folder: string; readonly by: 'mark' | 'name' }[]
  /** Storage in units of 1024 bytes, messages by number; empty where nothing is told. */
  readonly quota: readonly Quota[]
  /** Our rights on INBOX (RFC 4314); null where they are not told. */
  readonly rights: string | null
}

/** Looks around in an open mailbox. What a server refuses to tell is left out; throws only where the connection breaks or the folders cannot be listed. */
export async function inside(session: Session): Promise<Inside> {
  const [folders, quota, rights] = await Promise.all([listFolders(session), quotaOf(session), rightsOf(session)])
  const stored = folders.filter(({ selectable }) => selectable)
  const sizes = stored.map(({ status }) => status?.sizeBytes ?? null)
  const { namespaces } = session.state
  return {
    capabilities: [...session.capabilities].sort(),
    namespaces:
      namespaces === null
        ? null
        : {
            personal: namespaces.personal,
            others: namespaces.others.filter((one) => !namespaces.shared.includes(one)),
            shared: namespaces.shared,
          },
    folders: stored.length,
    containers: folders.length - stored.length,
    messages: stored.reduce((sum, { status }) => sum + (status?.messages ?? 0), 0),
    sizeBytes: sizes.includes(null) ? null : sizes.reduce<number>((sum, one) => sum + (one ?? 0), 0),
    special: folders.flatMap((folder) => specialOf(folder, namespaces?.personal[0]?.prefix ?? '')),
    quota,
    rights,
  }
}

function specialOf(folder: ListedFolder, prefix: string): Inside['special'] {
  if (folder.specialUse === 'inbox') return []
  // "INBOX." in front of everything is no level of the tree
  const root = folder.separator === null ? '' : prefix.replace(folder.separator, '')
  const path = root !== '' && folder.path[0]?.toLowerCase() === root.toLowerCase() ? folder.path.slice(1) : folder.path
  const role = roleOf(folder.specialUse, path)
  if (role === null) return []
  return [{ role, folder: folder.path.join(folder.separator ?? '/'), by: folder.specialUse === role ? 'mark' : 'name' }]
}

async function quotaOf(session: Session): Promise<readonly Quota[]> {
  if (!session.has('QUOTA')) return []
  const found: Quota[] = []
  await tolerant(session, ['GETQUOTAROOT INBOX'], (response) => {
    const [root, list] = response.values
    if (response.name !== 'QUOTA' || !Array.isArray(list)) return
    const words = (list as readonly Token[]).map((token) => textOf(token) ?? '')
    for (let at = 0; at + 2 < words.length; at += 3) {
      const [resource = '', used = '', limit = ''] = words.slice(at, at + 3)
      found.push({ root: textOf(root) ?? '', resource: resource.toUpperCase(), used: Number(used), limit: Number(limit) })
    }
  })
  return found.filter(({ used, limit }) => Number.isFinite(used) && Number.isFinite(limit))
}

async function rightsOf(session: Session): Promise<string | null> {
  if (!session.has('ACL')) return null
  let rights: string | null = null
  await tolerant(session, ['MYRIGHTS INBOX'], (response) => {
    if (response.name === 'MYRIGHTS') rights = textOf(response.values[1])
  })
  return rights
}

/** A server may advertise what it then refuses; that says nothing of the mailbox. */
async function tolerant(session: Session, parts: readonly string[], onData: (response: DataResponse) => void): Promise<void> {
  try {
    await session.run({
      verb: parts[0]?.split(' ')[0] ?? '',
      parts,
      onUntagged: (response) => {
        if (response.kind === 'data') onData(response)
      },
    })
  } catch (error) {
    if (!(error instanceof Failure) || !session.alive) throw error
  }
}
