import { Failure } from '../../model/failure.ts'
import { account, sizeOf, type Found, type Problem, type Reading } from '../found.ts'
import { askJson } from '../http.ts'
import { isObject, isTrue, jsonDocuments, objectsIn, stringAt, valueAt } from '../json.ts'
import { secretOf, type Listing, type ListingFile } from '../listing.ts'

/** mailcow: the answers of its API for mailboxes, aliases and resources, or the API itself. */
export const mailcow: Listing = {
  name: 'mailcow',
  title: 'mailcow (API: get/mailbox/all, get/alias/all)',
  command: "curl -H 'X-API-Key: …' https://mail.example.org/api/v1/get/mailbox/all",
  file: {
    recognises: ({ text }) => /^\s*\[/.test(text) && /"(?:local_part|goto|quota_used)"\s*:/.test(text.slice(0, 20_000)),
    read,
  },
  live: {
    url: 'https://mail.example.org',
    uses: [],
    needs: [],
    secret: 'an API key (read-only is enough)',
    async list(url, settings, { ctx, progress }) {
      const headers = { 'x-api-key': secretOf(settings).reveal() }
      const found: Found[] = []
      for (const what of ['mailbox', 'alias']) {
        const target = new URL(`/api/v1/get/${what}/all`, url).href
        const answer = await askJson({ url: target, headers, body: null, ca: settings.ca, who: 'mailcow' }, ctx)
        if (isObject(answer) && stringAt(answer, 'type') === 'error')
          throw new Failure('auth-rejected', 'mailcow does not accept the API key, or not from this address.', { side: 'source' })
        found.push(...objectsIn(answer).flatMap((each) => entryOf(each, null) ?? []))
        progress(found.length)
      }
      return { found, problems: [] }
    },
  },
}

function read(file: ListingFile): Reading {
  const { values, problems: broken } = jsonDocuments(file.text)
  const problems: Problem[] = [...broken]
  const found: Found[] = []
  for (const { line, value } of values)
    for (const each of objectsIn(value)) {
      const entry = entryOf(each, line)
      if (entry === null) problems.push({ line, says: 'an entry is neither a mailbox nor an alias' })
      else found.push(entry)
    }
  return { found, problems }
}

function entryOf(entry: object, line: number | null): Found | null {
  const active = valueAt(entry, 'active')
  const disabled = active !== undefined && !isTrue(active) && active !== 2
  const goto = stringAt(entry, 'goto')
  const address = stringAt(entry, 'address')
  if (goto !== null && address !== null)
    return account({ login: address, kind: 'alias', leadsTo: goto.split(',').map((each) => each.trim()), disabled, line })
  const login = stringAt(entry, 'username') ?? stringAt(entry, 'name')
  if (login === null) return null
  const resource = stringAt(entry, 'kind')
  return account({
    login,
    name: stringAt(entry, 'name') ?? stringAt(entry, 'description'),
    kind: resource === 'location' ? 'room' : resource === null || resource === '' ? 'user' : 'equipment',
    sizeBytes: sizeOf(valueAt(entry, 'quota_used')),
    messages: sizeOf(valueAt(entry, 'messages')),
    disabled,
    line,
  })
}
