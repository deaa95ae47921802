import { isIP } from 'node:net'
import { domainToASCII } from 'node:url'
import { Failure } from '../model/failure.ts'

export type Encryption = 'implicit' | 'starttls' | 'none'

/** What to look at. `server`: exactly that host; `domain`: whatever keeps its mail; `name`: a host or a domain, nobody said which. */
export type Target =
  | { readonly kind: 'server'; readonly host: string; readonly port: number | null; readonly tls: Encryption | null }
  | { readonly kind: 'domain' | 'name'; readonly domain: string; readonly address: string | null }

/** Reads "mail.example.org", "mail.example.org:993", "example.org", "anna@example.org", or an IP address. Throws `bad-input`. */
export function parseTarget(text: string): Target {
  const trimmed = text.trim()
  if (trimmed === '') throw bad('There is nothing to look at.')
  const at = trimmed.lastIndexOf('@')
  if (at >= 0) {
    const domain = nameOf(trimmed.slice(at + 1), trimmed)
    if (at === 0) throw bad(`"${trimmed}" is no mail address: nothing stands before the @.`)
    return { kind: 'domain', domain, address: `${trimmed.slice(0, at)}@${domain}` }
  }
  const bare = trimmed.startsWith('[') && trimmed.endsWith(']') ? trimmed.slice(1, -1) : trimmed
  if (isIP(bare) !== 0) return { kind: 'server', host: bare, port: null, tls: null }
  const withPort = /^(\[[^\]]+\]|[^:]+):([^:]*)$/.exec(trimmed)
  if (withPort !== null) {
    const [, host = '', port = ''] = withPort
    const name = host.startsWith('[') ? host.slice(1, -1) : host
    return { kind: 'server', host: isIP(name) === 0 ? nameOf(name, trimmed) : name, port: portOf(port), tls: null }
  }
  const domain = nameOf(trimmed, trimmed)
  if (!domain.includes('.')) return { kind: 'server', host: domain, port: null, tls: null }
  return { kind: 'name', domain, address: null }
}

function nameOf(text: string, whole: string): string {
  const name = domainToASCII(text.replace(/\.$/, '')).toLowerCase()
  if (!/^(?=.{1,253}$)[a-z0-9_]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9_]([a-z0-9-]{0,61}[a-z0-9])?)*$/.test(name))
    throw bad(`"${whole}" is neither a host name nor a mail address.`)
  return name
}

function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (port < 1 || port > 65_535) throw bad(`"${text}" is not a port: a port is a number from 1 to 65535.`)
  return port
}

function bad(says: string): Failure {
  return new Failure('bad-input', `${says} Right are for example mail.example.org, mail.example.org:993, example.org and anna@example.org.`)
}
