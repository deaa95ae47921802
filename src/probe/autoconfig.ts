import { SaxesParser } from 'saxes'
import type { Encryption } from './target.ts'

export type AutoconfigServer = { readonly host: string; readonly port: number; readonly tls: Encryption }

type Draft = { type: string; hostname: string; port: string; socketType: string }

const MOST_SERVERS = 10

/**
 * The IMAP servers of a configuration file as mail programs read it (Mozilla's autoconfig, version 1.1), in its order. What is no such
 * file is an empty list. Entities that a document defines are not resolved.
 */
export function parseAutoconfig(xml: string, domain: string): readonly AutoconfigServer[] {
  const servers: AutoconfigServer[] = []
  const path: string[] = []
  let draft: Draft | null = null
  let broken = false
  const parser = new SaxesParser()
  parser.on('error', () => {
    broken = true
  })
  parser.on('doctype', () => {
    broken = true
  })
  parser.on('opentag', ({ name, attributes }) => {
    path.push(name)
    if (name === 'incomingServer') draft = { type: attributes['type'] ?? '', hostname: '', port: '', socketType: '' }
  })
  parser.on('text', (text) => {
    const name = path.at(-1)
    if (draft !== null && path.at(-2) === 'incomingServer' && (name === 'hostname' || name === 'port' || name === 'socketType'))
      draft[name] += text
  })
  parser.on('closetag', ({ name }) => {
    path.pop()
    if (name !== 'incomingServer' || draft === null) return
    const server = serverOf(draft, domain)
    if (server !== null && servers.length < MOST_SERVERS) servers.push(server)
    draft = null
  })
  parser.write(xml.trimStart()).close()
  return broken ? [] : servers
}

function serverOf({ type, hostname, port, socketType }: Draft, domain: string): AutoconfigServer | null {
  const host = hostname.trim().replaceAll('%EMAILDOMAIN%', domain).toLowerCase()
  const number = /^\d{1,5}$/.test(port.trim()) ? Number(port) : 0
  const tls = ({ SSL: 'implicit', STARTTLS: 'starttls', plain: 'none' } as const)[socketType.trim()]
  if (type.toLowerCase() !== 'imap' || tls === undefined || number < 1 || number > 65_535) return null
  return /^[a-z0-9_][a-z0-9._-]{0,252}$/.test(host) ? { host, port: number, tls } : null
}
