import { Failure } from '../../model/failure.ts'
import { account, sizeOf, type Found, type Problem, type Reading } from '../found.ts'
import { askJson } from '../http.ts'
import { isTrue, jsonDocuments, objectsIn, stringAt, valueAt } from '../json.ts'
import { secretOf, type Listing, type ListingFile } from '../listing.ts'

/** cPanel: the answers of UAPI `Email::list_pops`, `list_pops_with_disk` and `list_forwarders`, or the API itself. */
export const cpanel: Listing = {
  name: 'cpanel',
  title: 'cPanel (UAPI Email list_pops_with_disk)',
  command: 'uapi --user=ACCOUNT --output=json Email list_pops_with_disk',
  file: {
    recognises: ({ text }) =>
      /^\s*\{/.test(text) &&
      (/"module"\s*:\s*"Email"/.test(text) || (/"data"\s*:/.test(text) && /"(?:_?diskused|suspended_login|forward)"/.test(text))),
    read,
  },
  live: {
    url: 'https://panel.example.org:2083',
    uses: ['login'],
    needs: ['login'],
    secret: 'an API token of the account (cPanel > Manage API Tokens)',
    async list(url, settings, { ctx, progress }) {
      const headers = { authorization: `cpanel ${settings.text.login ?? ''}:${secretOf(settings).reveal()}` }
      const call = async (name: string): Promise<unknown> => {
        const target = new URL(`/execute/Email/${name}`, url).href
        return askJson({ url: target, headers, body: null, ca: settings.ca, who: 'cPanel' }, ctx)
      }
      const answer = await call('list_pops_with_disk')
      const complaint = complaintOf(answer)
      if (complaint !== null) throw new Failure('auth-rejected', `cPanel does not list the mailboxes: ${complaint}`, { side: 'source' })
      const found = accountsOf(answer, null)
      progress(found.length)
      const forwarders = accountsOf(await call('list_forwarders'), null)
      return { found: [...found, ...forwarders], problems: [] }
    },
  },
}

function read(file: ListingFile): Reading {
  const { values, problems: broken } = jsonDocuments(file.text)
  const problems: Problem[] = [...broken]
  const found: Found[] = []
  for (const { line, value } of values) {
    const complaint = complaintOf(value)
    if (complaint !== null) problems.push({ line, says: `cPanel answered with an error: ${complaint}` })
    else if (!Array.isArray(dataOf(value))) problems.push({ line, says: 'this is no answer of UAPI: "data" is missing' })
    else found.push(...accountsOf(value, line))
  }
  return { found, problems }
}

/** `uapi` wraps the answer in "result", the HTTP API does not. */
function dataOf(answer: unknown): unknown {
  return valueAt(answer, 'result.data') ?? valueAt(answer, 'data')
}

function complaintOf(answer: unknown): string | null {
  const errors = valueAt(answer, 'result.errors') ?? valueAt(answer, 'errors')
  return Array.isArray(errors) && errors.length > 0 ? errors.map(String).join(' ') : null
}

function accountsOf(answer: unknown, line: number | null): readonly Found[] {
  return objectsIn(dataOf(answer)).flatMap((each) => {
    const forward = stringAt(each, 'forward')
    const dest = stringAt(each, 'dest')
    if (forward !== null && dest !== null) return account({ login: dest, kind: 'alias', leadsTo: [forward], line })
    const login = stringAt(each, 'email') ?? stringAt(each, 'login')
    // The account of the panel itself; its mailbox holds the system's mail.
    if (login === null || stringAt(each, 'login') === 'Main Account') return []
    const suspended = isTrue(valueAt(each, 'suspended_login'))
    return account({
      login,
      // `diskused` is in megabytes.
      sizeBytes: sizeOf(valueAt(each, '_diskused')) ?? sizeOf(valueAt(each, 'diskused'), 1024 * 1024),
      disabled: suspended,
      remarks: suspended ? ['sign-in suspended'] : [],
      line,
    })
  })
}
