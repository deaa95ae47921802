import { isIPv6 } from 'node:net'
import { domainToASCII } from 'node:url'
import { Failure } from '../model/failure.ts'

export type ImapUrl = {
  readonly kind: 'imap'
  readonly host: string
  readonly port: number
  readonly tls: 'implicit' | 'starttls' | 'none'
  readonly options: {
    /** PEM file of a certificate authority to trust besides the well-known ones. */
    readonly caFile: string | null
    /** Use COMPRESS=DEFLATE where the server has it. */
    readonly compress: boolean
    /** Also TLS versions, ciphers and keys that are no longer safe. */
    readonly oldTls: boolean
  }
}

export type ExchangeUrl = {
  readonly kind: 'exchange'
  /** Origin of a simulator ("http://127.0.0.1:8080"); null: the real endpoints. */
  readonly simulator: string | null
  readonly cloud: 'global' | 'gcc-high' | 'dod' | 'china'
}

export type EndpointUrl = ImapUrl | ExchangeUrl

const EXAMPLES = 'Right are for example imaps://mail.example.org, imap://mail.example.org:143 and exchange:'
const CLOUDS = ['global', 'gcc-high', 'dod', 'china'] as const

/**
 * Reads the address of one end. Throws `Failure('bad-input')` with a sentence that says what is wrong and shows a right example; an address
 * with a login or password in it is refused and never repeated.
 */
export function parseEndpointUrl(text: string): EndpointUrl {
  const [address = '', ...queries] = text.trim().split('?')
  refuseLogin(text)
  const query = parseQuery(queries.join('?'))
  const exchange = /^exchange:(.*)$/is.exec(address)
  if (exchange !== null) return exchangeUrl(exchange[1] ?? '', query)
  const imap = /^(imaps?):\/\/(\[[^\]]*\]|[^:/#]*)(?::([^/#]*))?(\/?)(.*)$/is.exec(address)
  if (imap === null) throw unknownScheme(address)
  const [, scheme = '', host = '', port, , rest = ''] = imap
  if (rest !== '') throw bad(`Nothing may follow the port in "${address}".`)
  return imapUrl(scheme.toLowerCase(), hostOf(host, address), port, query)
}

function refuseLogin(text: string): void {
  const [, authority = ''] = /^[a-z]+:\/\/([^/?]*)/i.exec(text.trim()) ?? []
  if (isIPv6(authority)) throw bad('An IPv6 address stands in brackets.', `imaps://[${authority}]:993`)
  const withoutFile = text.replace(/([?&])ca=[^&]*/i, '$1')
  if (withoutFile.includes('@') || authority.replace(/^\[[^\]]*\]/, '').split(':').length > 2)
    throw bad('The address holds a login or password. Put them into the list of mailboxes, and write the address without them.')
}

function imapUrl(scheme: string, host: string, port: string | undefined, query: Map<string, string>): ImapUrl {
  const given = take(query, 'tls')
  const oldTls = given === 'old'
  const url: ImapUrl = {
    kind: 'imap',
    host,
    port: portOf(port, scheme === 'imaps' ? 993 : 143),
    tls: tlsOf(scheme, oldTls ? null : given),
    options: { caFile: caOf(take(query, 'ca')), compress: compressOf(take(query, 'compress')), oldTls },
  }
  refuseRest(query, 'tls, ca and compress')
  return url
}

function exchangeUrl(rest: string, query: Map<string, string>): ExchangeUrl {
  const given = take(query, 'cloud') ?? 'global'
  const cloud = CLOUDS.find((one) => one === given)
  if (cloud === undefined) throw bad(`The cloud "${given}" is not known: it is one of ${CLOUDS.join(', ')}.`, 'exchange:?cloud=gcc-high')
  refuseRest(query, 'cloud')
  if (rest === '' || rest === '//') return { kind: 'exchange', simulator: null, cloud }
  const simulator = /^http:\/\/(127\.0\.0\.1|localhost|\[::1\]):([^/]*)\/?$/i.exec(rest)
  if (simulator === null)
    throw bad(
      'After "exchange:" stands nothing (the real Exchange Online) or the address of a simulator on this machine.',
      'exchange:http://127.0.0.1:8080',
    )
  return { kind: 'exchange', simulator: `http://${simulator[1]?.toLowerCase() ?? ''}:${portOf(simulator[2], 0)}`, cloud }
}

function hostOf(text: string, address: string): string {
  if (text.startsWith('[')) {
    const host = text.slice(1, -1)
    if (!isIPv6(host)) throw bad(`"${text}" is not an IPv6 address.`, 'imaps://[2001:db8::25]:993')
    return host
  }
  const host = domainToASCII(text)
  if (text === '') throw bad(`The host is missing in "${address}".`)
  if (!/^[a-z0-9_]([a-z0-9._-]*[a-z0-9_])?\.?$/i.test(host)) throw bad(`"${text}" is not a host name.`)
  return host
}

function portOf(text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (port < 1 || port > 65_535) throw bad(`"${text}" is not a port: a port is a number from 1 to 65535.`, 'imaps://mail.example.org:993')
  return port
}

function tlsOf(scheme: string, given: string | null): ImapUrl['tls'] {
  if (scheme === 'imaps') {
    if (given === null || given === 'implicit') return 'implicit'
    throw bad(`imaps:// is always encrypted: "tls=${given}" does not go with it.`, 'imap://mail.example.org:143?tls=none')
  }
  if (given === null || given === 'starttls') return 'starttls'
  if (given === 'none') return 'none'
  throw bad(`"tls=${given}" is not known: it is tls=starttls, tls=old or tls=none.`, 'imap://mail.example.org:143?tls=none')
}

function caOf(given: string | null): string | null {
  if (given === '') throw bad('"ca=" names no file.', 'imaps://mail.example.org?ca=/etc/ssl/our-ca.pem')
  return given
}

function compressOf(given: string | null): boolean {
  if (given === null || given === '0') return false
  if (given === '1') return true
  throw bad(`"compress=${given}" is not known: it is compress=1 or compress=0.`, 'imaps://mail.example.org?compress=1')
}

function parseQuery(text: string): Map<string, string> {
  const query = new Map<string, string>()
  for (const part of text.split('&')) {
    if (part === '') continue
    const [key = '', ...values] = part.split('=')
    if (query.has(key.toLowerCase())) throw bad(`The option "${key}" is given twice.`)
    query.set(key.toLowerCase(), decoded(values.join('=')))
  }
  return query
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // A file name with a bare percent sign.
    return text
  }
}

function take(query: Map<string, string>, key: string): string | null {
  const value = query.get(key) ?? null
  query.delete(key)
  return value
}

/** Names the option and never its value, which may be a password. */
function refuseRest(query: ReadonlyMap<string, string>, known: string): void {
  const [key] = query.keys()
  if (key !== undefined) throw bad(`The option "${key}" is not known here: there are ${known}.`)
}

function unknownScheme(address: string): Failure {
  if (address === '') return bad('The address is empty.')
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(address)?.[1]
  if (scheme !== undefined) return bad(`"${scheme}://" is not known: an address is exchange: or begins with imaps:// or imap://.`)
  if (/^imaps?:/i.test(address)) return bad(`"//" is missing after "${address.split(':')[0] ?? ''}:".`)
  return bad(`"${address}" does not say how to connect: an address is exchange: or begins with imaps:// or imap://.`, exampleFor(address))
}

function exampleFor(address: string): string | undefined {
  return /^[a-z0-9.-]+(:\d+)?$/i.test(address) ? `imaps://${address}` : undefined
}

function bad(says: string, example?: string): Failure {
  return new Failure('bad-input', `${says} ${example === undefined ? EXAMPLES : `Right is for example ${example}`}`)
}
