import { Failure } from '../../model/failure.ts'
import { account, type Found, type Kind, type Problem, type Reading } from '../found.ts'
import { purposesOf } from '../graph-purposes.ts'
import { apiBase } from '../http.ts'
import { jsonDocuments, objectsIn, stringAt, stringsAt, valueAt } from '../json.ts'
import type { Listing, ListingFile, LivePorts, LiveSettings } from '../listing.ts'
import { proxiesOf } from '../proxy-addresses.ts'

const SELECT = 'id,displayName,mail,userPrincipalName,mailNickname,proxyAddresses,accountEnabled,userType,assignedLicenses'
const GROUPS = 'id,displayName,mail,mailNickname,mailEnabled,groupTypes,proxyAddresses'

/** Microsoft 365: pages of `GET /users` and `GET /groups` of Microsoft Graph, or Graph itself. */
export const graph: Listing = {
  name: 'graph',
  title: 'Microsoft 365 (Graph /users)',
  command: `GET https://graph.microsoft.com/v1.0/users?$select=${SELECT}&$top=999`,
  file: {
    recognises: ({ text }) => /^\s*[{[]/.test(text) && /"(?:userPrincipalName|mailNickname)"\s*:/.test(text.slice(0, 20_000)),
    read,
  },
  live: { url: 'graph:', uses: [], needs: [], secret: null, list: listUsers },
}

async function listUsers(url: string, _: LiveSettings, { graph: graphAt, progress }: LivePorts): Promise<Reading> {
  const client = await graphAt(apiBase(url, '') || null)
  const pages = async (path: string, select: string): Promise<readonly object[]> => {
    const entries: object[] = []
    for await (const { rows } of client.pages(path, { query: { $select: select, $top: '999' } })) {
      entries.push(...rows)
      progress(entries.length)
    }
    return entries
  }
  const problems: Problem[] = []
  const users = await pages('/users', SELECT)
  const groups = await pages('/groups', GROUPS).catch((error: unknown) => {
    if (!(error instanceof Failure) || error.code !== 'permission-missing') throw error
    problems.push({ line: null, says: 'groups are not listed: the application may not read them (Group.Read.All)' })
    return []
  })
  const unclear = users.filter((user) => entryOf(user, null)?.kind === 'shared').flatMap((user) => stringAt(user, 'id') ?? [])
  const purposes = await purposesOf(unclear, client)
  return { found: [...users, ...groups].flatMap((each) => entryOf(each, null, purposes.get(stringAt(each, 'id') ?? '')) ?? []), problems }
}

function read(file: ListingFile): Reading {
  const { values, problems: broken } = jsonDocuments(file.text)
  const problems: Problem[] = [...broken]
  const found: Found[] = []
  let more: number | null = null
  for (const { line, value } of values) {
    const pages = objectsIn(value)
    for (const page of pages) {
      const entries = Array.isArray(valueAt(page, 'value')) ? objectsIn(valueAt(page, 'value')) : [page]
      found.push(...entries.flatMap((each) => entryOf(each, line) ?? []))
      more = Object.keys(page).includes('@odata.nextLink') ? line : null
    }
  }
  if (more !== null)
    problems.push({ line: more, says: 'the page says that more pages follow (@odata.nextLink), and the next one is not here' })
  return { found, problems }
}

/** null for what has no mail at all: guests, accounts of devices and services. */
function entryOf(entry: object, line: number | null, purpose?: Kind): Found | null {
  const principal = stringAt(entry, 'userPrincipalName')
  const proxies = proxiesOf(stringsAt(entry, 'proxyAddresses'))
  const mail = stringAt(entry, 'mail') ?? proxies.primary
  const name = stringAt(entry, 'displayName')
  const mailAlias = stringAt(entry, 'mailNickname')
  if (mail === null) return null
  if (principal === null) {
    if (valueAt(entry, 'mailEnabled') === false) return null
    return account({ login: mail, name, kind: 'group', mailAlias, aliases: proxies.others, line })
  }
  const guest = stringAt(entry, 'userType') === 'Guest' || principal.includes('#EXT#')
  const enabled = valueAt(entry, 'accountEnabled') !== false
  const licences = valueAt(entry, 'assignedLicenses')
  const unlicensed = Array.isArray(licences) && licences.length === 0
  // Shared, room and equipment mailboxes are accounts that nobody signs in to, without a licence; the list does not tell them apart.
  const shared = !enabled && unlicensed
  const guess = purpose ?? 'shared'
  return account({
    login: principal,
    address: mail,
    name,
    kind: guest ? 'contact' : shared ? guess : 'user',
    mailAlias,
    aliases: [...proxies.others, ...(proxies.primary === null ? [] : [proxies.primary])],
    disabled: !enabled && (!shared || guess === 'user'),
    remarks: guest
      ? ['guest of another organisation']
      : shared && purpose === undefined
        ? ['sign-in off and no licence: shared mailbox, room or equipment']
        : [],
    line,
  })
}
