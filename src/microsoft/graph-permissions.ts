/** One application permission of Microsoft Graph, for what it is needed, and the calls that it opens (Graph: permissions-reference). */
export type GraphPermission = {
  readonly name: string
  /** Stronger ones that would do as well. */
  readonly orElse: readonly string[]
  readonly why: string
  readonly reads: boolean
  readonly writes: boolean
  /** The path below the version, without a query. */
  readonly paths: RegExp
}

const MAIL = /^\/users\/[^/]+\/(?:mailFolders|messages)/

/** The first that fits a call is the least one it needs. */
export const GRAPH_PERMISSIONS: readonly GraphPermission[] = [
  one('LicenseAssignment.ReadWrite.All', ['User.ReadWrite.All', 'Directory.ReadWrite.All'], 'to give licences', 'w', /\/assignLicense$/),
  one('Mail.Read', ['Mail.ReadWrite'], 'to read folders and count mail', 'r', MAIL),
  one('Mail.ReadWrite', [], 'to create folders and write categories', 'w', MAIL),
  one('Mail.Send', [], 'to send test mail', 'w', /^\/users\/[^/]+\/sendMail$/),
  one(
    'MailboxSettings.Read',
    ['MailboxSettings.ReadWrite'],
    'to tell rooms and shared mailboxes from people',
    'r',
    /^\/users\/[^/]+\/mailboxSettings/,
  ),
  one('Organization.Read.All', ['Directory.Read.All'], 'to see which licences there are', 'r', /^\/(?:subscribedSkus|organization)/),
  one('Domain.Read.All', ['Domain.ReadWrite.All'], 'to see domains and their DNS records', 'r', /^\/domains/),
  one('Domain.ReadWrite.All', [], 'to add and verify domains', 'w', /^\/domains/),
  one('Group.Read.All', ['Group.ReadWrite.All'], 'to see groups and their members', 'r', /^\/groups/),
  one('User.Read.All', ['User.ReadWrite.All', 'Directory.Read.All'], 'to see users', 'r', /^\/(?:users|directory\/deletedItems)/),
  one('User.ReadWrite.All', ['Directory.ReadWrite.All'], 'to create and change users', 'w', /^\/(?:users|directory\/deletedItems)/),
  one('ExchangeMessageTrace.Read.All', [], 'to follow test mail', 'r', /^\/admin\/exchange\/tracing\//),
  one(
    'Application.Read.All',
    ['Directory.Read.All'],
    'to see what was granted to the application, and when its secret runs out',
    'r',
    /^\/(?:applications|servicePrincipals)/,
  ),
]

/** The least permission that opens a call; null where the table does not know the call. */
export function permissionFor(method: string, path: string): GraphPermission | null {
  const writes = method !== 'GET'
  const bare = path.split('?')[0] ?? ''
  return GRAPH_PERMISSIONS.find((each) => (writes ? each.writes : each.reads) && each.paths.test(bare)) ?? null
}

function one(name: string, orElse: readonly string[], why: string, access: 'r' | 'w' | 'rw', paths: RegExp): GraphPermission {
  return { name, orElse, why, reads: access !== 'w', writes: access !== 'r', paths }
}
