import { isIP } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { rootCertificates } from 'node:tls'
import type { Client, Entry } from 'ldapts'
import { socketFailure } from '../imap/socket-error.ts'
import type { Context } from '../lib/context.ts'
import { Failure } from '../model/failure.ts'
import type { Problem } from './found.ts'
import { LDAP_ATTRIBUTES, type LdapEntry } from './ldap-entry.ts'
import { secretOf, type LiveSettings } from './listing.ts'

const DEFAULT_FILTER = '(|(mail=*)(proxyAddresses=*)(msExchMailboxGuid=*))'
const PAGE_ENTRIES = 500
const TIMEOUT_MS = 60_000

type LdapUrl = { readonly host: string; readonly port: number; readonly scheme: string; readonly plain: boolean; readonly base: string }

/** All entries that the filter finds, asked for in pages (RFC 2696). ldap:// is encrypted by STARTTLS unless `?tls=none` says otherwise. */
export async function ldapEntries(
  url: string,
  settings: LiveSettings,
  ctx: Context,
  progress: (found: number) => void,
): Promise<{ readonly entries: readonly LdapEntry[]; readonly problems: readonly Problem[] }> {
  const at = parsed(url)
  const loginAttribute = settings.text['login-attribute']
  // Loaded only by who asks a directory.
  const { Client } = await import('ldapts')
  const tls = settings.ca === null ? {} : { ca: [...rootCertificates, settings.ca] }
  const address = `${at.scheme}://${at.host.includes(':') ? `[${at.host}]` : at.host}:${at.port}`
  const client = new Client({
    url: address,
    timeout: TIMEOUT_MS,
    connectTimeout: TIMEOUT_MS,
    ...(at.scheme === 'ldaps' ? { tlsOptions: tls } : {}),
  })
  const onAbort = (): void => void client.unbind().catch(() => {})
  ctx.signal.addEventListener('abort', onAbort, { once: true })
  try {
    if (at.scheme === 'ldap' && !at.plain)
      await client.startTLS({ ...tls, host: at.host, ...(isIP(at.host) === 0 ? { servername: at.host } : {}) })
    if (settings.text.login !== undefined) await client.bind(settings.text.login, secretOf(settings).reveal())
    const base = settings.text.base ?? (at.base || (await onlyBase(client)))
    const entries: LdapEntry[] = []
    const problems: Problem[] = []
    const pages = client.searchPaginated(base, {
      scope: 'sub',
      filter: settings.text.filter ?? DEFAULT_FILTER,
      attributes: loginAttribute === undefined ? LDAP_ATTRIBUTES : [...LDAP_ATTRIBUTES, loginAttribute],
      paged: { pageSize: PAGE_ENTRIES },
    })
    for await (const page of pages) {
      entries.push(...page.searchEntries.map(entryOf))
      if (page.searchReferences.length > 0)
        problems.push({ line: null, says: `another directory server holds a part: ${page.searchReferences[0]}` })
      progress(entries.length)
    }
    return { entries, problems }
  } catch (error) {
    throw translated(error, at, ctx)
  } finally {
    ctx.signal.removeEventListener('abort', onAbort)
    await Promise.race([client.unbind().catch(() => {}), delay(1000, undefined, { ref: false })])
  }
}

function parsed(url: string): LdapUrl {
  const match = /^(ldaps?):\/\/(\[[0-9a-f:]+\]|[^:/?#@\s]+)(?::(\d{1,5}))?(?:\/([^?]*))?(\?tls=none)?$/i.exec(url)
  if (match === null) throw new Failure('bad-input', `"${url}" is not an address like ldaps://directory.example.org/dc=example,dc=org.`)
  const [, scheme = '', host = '', port, base = '', plain] = match
  const secure = scheme.toLowerCase() === 'ldaps'
  return {
    host: host.replace(/^\[|\]$/g, ''),
    port: port === undefined ? (secure ? 636 : 389) : Number(port),
    scheme: scheme.toLowerCase(),
    plain: plain !== undefined,
    base: decodeURIComponent(base),
  }
}

/** Where the directory says that its entries begin, if it is one place. */
async function onlyBase(client: Client): Promise<string> {
  const { searchEntries } = await client.search('', {
    scope: 'base',
    filter: '(objectClass=*)',
    attributes: ['defaultNamingContext', 'namingContexts'],
  })
  const root = searchEntries[0] === undefined ? null : entryOf(searchEntries[0])
  const bases = root?.attributes.get('defaultnamingcontext') ?? root?.attributes.get('namingcontexts') ?? []
  const [base, second] = bases
  if (base !== undefined && second === undefined) return base
  const says = bases.length === 0 ? 'does not say where its entries begin' : `holds several trees (${bases.join(' and ')})`
  throw new Failure('bad-input', `The directory ${says}: name one with --base, such as --base dc=example,dc=org.`)
}

function entryOf(entry: Entry): LdapEntry {
  const attributes = new Map<string, readonly string[]>()
  for (const [name, value] of Object.entries(entry)) {
    const values: readonly unknown[] = Array.isArray(value) ? value : [value]
    const texts = values.map((each) => (Buffer.isBuffer(each) ? each.toString('utf8') : String(each)))
    if (texts.length > 0) attributes.set(name.toLowerCase().replace(/;.*$/, ''), texts)
  }
  return { line: null, attributes }
}

/** LDAP result codes (RFC 4511 appendix A) and the network's errors, as sentences. */
function translated(error: unknown, at: LdapUrl, ctx: Context): unknown {
  if (error instanceof Failure) return error
  if (ctx.signal.aborted)
    return ctx.signal.reason instanceof Failure ? ctx.signal.reason : new Failure('stopped', 'Stopped on request.', { cause: error })
  const detail = { cause: error, side: 'source' } as const
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined
  const where = `The directory ${at.host}:${at.port}`
  const words = error instanceof Error ? error.message : String(error)
  if (typeof code === 'number') {
    if (code === 49) return new Failure('auth-rejected', `${where} does not accept the bind DN or its password.`, detail)
    if (code === 1 && /bind|operations error/i.test(words))
      return new Failure('auth-rejected', `${where} lists nothing without --login.`, detail)
    if (code === 8 || code === 48 || code === 50 || code === 53)
      return new Failure('auth-rejected', `${where} does not let this login search: ${words}`, detail)
    if (code === 13) return new Failure('tls-required', `${where} wants TLS: use ldaps://, or ldap:// without ?tls=none.`, detail)
    if (code === 32 || code === 34) return new Failure('bad-input', `${where} has no entry at this --base.`, detail)
    if (code === 4 || code === 11)
      return new Failure(
        'bad-input',
        `${where} hands out only a part: it limits how much one search may find. Ask with another --login, or narrow --filter.`,
        detail,
      )
    if (code === 2 || code === 52) return new Failure('server-unavailable', `${where} cannot do what we asked: ${words}`, detail)
  }
  if (typeof code === 'string') return socketFailure(error, at.host, at.port).at('source')
  if (/filter|paren|Full string/i.test(words)) return new Failure('bad-input', `The LDAP filter is not understood: ${words}`, detail)
  if (/timeout/i.test(words)) return new Failure('connection-timeout', `${where} did not answer in time.`, detail)
  return new Failure('server-unavailable', `${where} ended the search: ${words}`, detail)
}
