import { Failure } from '../../model/failure.ts'
import { account, type Found, type Problem, type Reading } from '../found.ts'
import { apiBase, askJson } from '../http.ts'
import { isTrue, jsonDocuments, objectsIn, stringAt, stringsAt, valueAt } from '../json.ts'
import { secretOf, unreadable, type Listing, type ListingFile } from '../listing.ts'

const HOST = 'https://admin.googleapis.com'
/** Directory API: users.list. */
const SCOPE = 'https://www.googleapis.com/auth/admin.directory.user.readonly'
const PAGES = 10_000

/** Google Workspace: pages of the Directory API (users.list, groups.list), or the API itself through a service account. */
export const google: Listing = {
  name: 'google',
  title: 'Google Workspace (Directory API)',
  command: 'gam print users allfields formatjson   or the pages of users.list, one after the other in one file',
  file: {
    recognises: ({ text }) => /^\s*[{[]/.test(text) && /"(?:primaryEmail|admin#directory#(?:users|groups))"/.test(text.slice(0, 20_000)),
    read,
  },
  live: {
    url: 'google:',
    uses: ['login'],
    needs: ['login'],
    secret: 'the key file (JSON) of the service account',
    async list(url, settings, { ctx, googleToken, progress }) {
      const administrator = settings.text.login ?? ''
      const token = await googleToken(secretOf(settings), administrator, SCOPE)
      const found: Found[] = []
      let next: string | null = null
      for (let page = 0; page < PAGES; page++) {
        const target = new URL('/admin/directory/v1/users', apiBase(url, HOST))
        for (const [key, value] of Object.entries({ customer: 'my_customer', maxResults: '500', orderBy: 'email' }))
          target.searchParams.set(key, value)
        if (next !== null) target.searchParams.set('pageToken', next)
        const headers = { authorization: `Bearer ${token.reveal()}` }
        const answer = await askJson({ url: target.href, headers, body: null, ca: settings.ca, who: 'Google' }, ctx)
        found.push(...objectsIn(valueAt(answer, 'users')).flatMap((user) => userOf(user, null) ?? []))
        progress(found.length)
        next = stringAt(answer, 'nextPageToken')
        if (next === null) return { found, problems: [] }
      }
      throw new Failure('protocol', 'Google hands out pages without end.')
    },
  },
}

function read(file: ListingFile): Reading {
  const { values, problems: broken } = jsonDocuments(file.text)
  const problems: Problem[] = [...broken]
  const found: Found[] = []
  let more: number | null = null
  for (const { line, value } of values) {
    for (const page of objectsIn(value)) {
      const entries = ['users', 'groups'].flatMap((key) => objectsIn(valueAt(page, key)))
      const single = stringAt(page, 'primaryEmail') === null && stringAt(page, 'email') === null ? [] : [page]
      if (entries.length === 0 && single.length === 0 && stringAt(page, 'kind')?.startsWith('admin#directory#') !== true)
        problems.push({ line, says: 'this is no page of users.list or groups.list: "users" is missing' })
      for (const each of [...entries, ...single]) {
        const one = userOf(each, line) ?? groupOf(each, line)
        if (one === null) problems.push({ line, says: 'a user has no primaryEmail' })
        else found.push(one)
      }
      more = stringAt(page, 'nextPageToken') === null ? null : line
    }
  }
  if (more !== null)
    problems.push({ line: more, says: 'the page says that more pages follow (nextPageToken), and the next one is not here' })
  return found.length === 0 && problems.length === 0 ? unreadable(null, 'there is no user in it') : { found, problems }
}

function userOf(user: object, line: number | null): Found | null {
  const login = stringAt(user, 'primaryEmail')
  if (login === null) return null
  const remarks: string[] = []
  if (isTrue(valueAt(user, 'suspended'))) remarks.push('suspended: unsuspend it, or its mail cannot be read')
  if (isTrue(valueAt(user, 'archived'))) remarks.push('archived user')
  if (valueAt(user, 'isMailboxSetup') === false) remarks.push('has no mailbox')
  return account({
    login,
    name: stringAt(user, 'name.fullName'),
    aliases: [...stringsAt(user, 'aliases'), ...stringsAt(user, 'nonEditableAliases')].filter(
      (each) => !/\.test-google-a\.com$/i.test(each),
    ),
    disabled: isTrue(valueAt(user, 'suspended')) || isTrue(valueAt(user, 'archived')),
    remarks,
    line,
  })
}

function groupOf(group: object, line: number | null): Found | null {
  const login = stringAt(group, 'email')
  if (login === null) return null
  return account({ login, name: stringAt(group, 'name'), kind: 'group', aliases: stringsAt(group, 'aliases'), line })
}
