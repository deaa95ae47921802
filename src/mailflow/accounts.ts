import { isIP } from 'node:net'
import { imapEndpoint, type ImapEndpoint, type ImapLogin } from '../imap/endpoint.ts'
import { Failure } from '../model/failure.ts'
import type { Secret } from '../model/secret.ts'
import type { DnsServer } from '../dns/dns-tcp.ts'
import type { Ports } from './mx-route.ts'
import type { Submission } from './setup.ts'

/** The IMAP side of a mailbox that probes are looked for in. */
export function imapAccount(
  at: { readonly host: string; readonly port: number; readonly tls: ImapEndpoint['tls']; readonly ca: string | null },
  user: string,
  password: Secret,
): { readonly imap: ImapEndpoint; readonly login: ImapLogin } {
  return { imap: imapEndpoint(at), login: { kind: 'password', user, password, authzid: null } }
}

/** `smtp://mail.example.org` (587, STARTTLS), `smtps://mail.example.org` (465); `?tls=none` only on this machine. Throws `bad-input`. */
export function submissionAt(url: string, user: string, password: Secret, ca: string | null): Submission {
  const parsed = URL.canParse(url) ? new URL(url) : null
  const wrong = parsed === null || !/^smtps?:$/.test(parsed.protocol) || parsed.hostname === '' || !['', '/'].includes(parsed.pathname)
  if (wrong || parsed.username !== '' || parsed.password !== '')
    throw new Failure(
      'bad-input',
      'Mail is handed in at an address such as smtp://mail.example.org:587 or smtps://mail.example.org:465, without login.',
    )
  const implicit = parsed.protocol === 'smtps:'
  const clear = parsed.searchParams.get('tls') === 'none'
  const host = parsed.hostname.replace(/^\[|\]$/g, '')
  if (clear && !/^(?:127\.|localhost$|::1$)/.test(host))
    throw new Failure('bad-input', 'A password is not sent without encryption, except on this machine.')
  const port = parsed.port === '' ? (implicit ? 465 : 587) : Number(parsed.port)
  return { target: { host, address: null, port, ca }, tls: implicit ? 'implicit' : clear ? 'none' : 'starttls', user, password }
}

/** `192.0.2.53` or `192.0.2.53:5353`; an IPv6 address with a port stands in brackets. Throws `bad-input`. */
export function resolverAt(text: string): DnsServer {
  if (isIP(text) !== 0) return { address: text, port: 53 }
  const [, bracketed, plain, port = ''] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? []
  const address = bracketed ?? plain ?? ''
  if (isIP(address) === 0 || Number(port) < 1 || Number(port) > 65_535)
    throw new Failure('bad-input', `"${text}" is no resolver: write its address, such as 9.9.9.9 or 127.0.0.1:5353.`)
  return { address, port: Number(port) }
}

/** `2525` for all mail hosts, `mx.example.org=2525` for one. Throws `bad-input`. */
export function portsOf(texts: readonly string[]): Ports {
  let all = 25
  const of: Record<string, number> = {}
  for (const text of texts) {
    const [, host, number = ''] = /^(?:([^=\s]+)=)?(\d{1,5})$/.exec(text) ?? []
    const port = Number(number)
    if (number === '' || port < 1 || port > 65_535)
      throw new Failure('bad-input', `"${text}" is no port: write 2525, or mx.example.org=2525.`)
    if (host === undefined) all = port
    else of[host.toLowerCase()] = port
  }
  return { all, of }
}
