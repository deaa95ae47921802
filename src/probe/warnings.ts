import { isIPv6 } from 'node:net'
import type { ImapEndpoint } from '../imap/endpoint.ts'
import { recognise } from '../source/profiles.ts'
import type { Sight } from './first-server.ts'
import type { Inside } from './inside.ts'
import { judged, mechanismsOf } from './offered-logins.ts'

const DAY_MS = 86_400_000
/** A migration takes weeks. */
const SOON_DAYS = 30

/** How the server is written as --source. */
export function sourceUrl({ host, port, tls }: ImapEndpoint, oldTls: boolean): string {
  const scheme = tls === 'implicit' ? 'imaps' : 'imap'
  const usual = port === (tls === 'implicit' ? 993 : 143)
  const query = tls === 'none' ? '?tls=none' : oldTls ? '?tls=old' : ''
  return `${scheme}://${isIPv6(host) ? `[${host}]` : host}${usual ? '' : `:${port}`}${query}`
}

/** What is wrong with a server, or needs a person's eye. */
export function warningsOf({ endpoint, peer, seen, preauth }: Sight, look: Inside | null, now: number): readonly string[] {
  const warnings: string[] = []
  const { host } = endpoint
  if (endpoint.tls === 'none') {
    const starttls = seen.capabilities.has('STARTTLS')
    const so = starttls ? `was asked in plain text, and offers STARTTLS (imap:// without ?tls=none)` : 'offers no encryption here'
    warnings.push(`${host} ${so}: passwords and mail would travel in plain text.`)
  }
  if (peer !== null) {
    if (peer.objection !== null)
      warnings.push(`${peer.objection} A migration needs --ca FILE, the right host name, or another certificate.`)
    if (/^(?:TLSv1|TLSv1\.1|SSLv3)$/.test(peer.protocol)) warnings.push(`${host} speaks ${peer.protocol}, which is no longer safe.`)
    const days = Math.floor((peer.certificate.notAfterMs - now) / DAY_MS)
    if (days >= 0 && days < SOON_DAYS) warnings.push(`The certificate of ${host} runs out in ${days === 1 ? 'a day' : `${days} days`}.`)
  }
  const { capabilities } = seen
  const { access } = recognise(seen).profile
  if (!preauth && judged(access, capabilities).every(({ verdict }) => verdict === 'not-offered')) {
    const offered = mechanismsOf(capabilities).join(', ')
    warnings.push(`${host} offers none of the ways in that cutover has; it offers ${offered === '' ? 'nothing' : offered}.`)
  }
  if (preauth) warnings.push(`${host} lets in without a login (PREAUTH): whose mail that is, it does not say.`)
  if (!capabilities.has('IMAP4REV1') && !capabilities.has('IMAP4REV2'))
    warnings.push(`${host} does not say that it speaks IMAP4rev1 or later: it may be too old to be read.`)
  if (look !== null && look.folders === 1 && look.messages === 0)
    warnings.push('The mailbox shows nothing but an empty inbox. If that is wrong, who signed in may lack the right to see its folders.')
  if (look !== null && look.rights !== null && !/(?=.*l)(?=.*r)/.test(look.rights))
    warnings.push(`Who signed in may not read INBOX (rights: ${look.rights || 'none'}).`)
  return warnings
}
