import { Failure } from '../model/failure.ts'
import { imapString } from '../imap/encoder.ts'
import { textOf } from '../imap/response.ts'
import type { Token } from '../imap/response.ts'
import type { Session } from '../imap/session.ts'
import type { CyrusName } from './cyrus-names.ts'

/** So many GETQUOTA in flight at once. */
const AT_ONCE = 32

/** The INBOX of every user and the top of every shared folder, as an administrator sees them, with what the quota says of their sizes. */
export async function listCyrus(session: Session): Promise<readonly CyrusName[]> {
  const separator = (await list(session, '""'))[0]?.separator ?? '/'
  const users = await list(session, `"user${separator}%"`)
  if (users.length === 0) {
    const says = 'The server lists no users to this login: it must be an administrator (`admins` in imapd.conf).'
    throw new Failure('auth-rejected', says, { side: 'source' })
  }
  const top = await list(session, '"%"')
  const sizes = await quotas(session, users)
  return [...users, ...top.filter(({ name }) => name !== 'user' && name !== 'INBOX')].map((each) => ({
    ...each,
    sizeBytes: sizes.get(each.name) ?? null,
  }))
}

async function list(session: Session, pattern: string): Promise<readonly CyrusName[]> {
  const names: CyrusName[] = []
  await session.run({
    verb: 'LIST',
    parts: [`LIST "" ${pattern}`],
    onUntagged: (response) => {
      if (response.kind !== 'data' || response.name !== 'LIST') return
      const [attributes, separator, name] = response.values
      names.push({
        line: null,
        name: textOf(name) ?? '',
        separator: textOf(separator),
        attributes: Array.isArray(attributes) ? (attributes as readonly Token[]).map((each) => textOf(each) ?? '').join(' ') : '',
        sizeBytes: null,
      })
    },
  })
  return names
}

/** What GETQUOTAROOT tells of the storage used (RFC 9208: units of 1024 octets); nothing where there is no quota. */
async function quotas(session: Session, names: readonly CyrusName[]): Promise<ReadonlyMap<string, number>> {
  const sizes = new Map<string, number>()
  if (!session.has('QUOTA')) return sizes
  const waiting = [...names]
  const ask = async (): Promise<void> => {
    for (let each = waiting.shift(); each !== undefined; each = waiting.shift()) {
      const { name } = each
      await session
        .run({
          verb: 'GETQUOTA',
          parts: ['GETQUOTAROOT ', imapString(name)],
          onUntagged: (response) => {
            if (response.kind !== 'data' || response.name !== 'QUOTA') return
            const used = /STORAGE (\d+) /i.exec(response.text)?.[1]
            if (used !== undefined && textOf(response.values[0]) === name) sizes.set(name, Number(used) * 1024)
          },
        })
        .catch((error: unknown) => {
          if (!session.alive) throw error
        })
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, ask))
  return sizes
}
