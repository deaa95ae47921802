import { parseEntity } from '../simulator/mime-tree.ts'
import type { ZoneServer } from './zone-server.ts'

/** What a receiver finds of a message: as far as the hosts of this simulator go, and no further. */
export type Verdicts = {
  readonly spf: 'pass' | 'fail' | 'softfail' | 'neutral' | 'none'
  readonly dkim: 'pass' | 'fail' | 'none'
  /** The domain of the signature. */
  readonly signer: string
  readonly dmarc: 'pass' | 'fail' | 'none'
  readonly header: string
}

/** Judges a message by the zones. A signature counts as right when the key that it names is there: its bytes are not checked here. */
export function judgeMail(zone: ZoneServer, by: string, ip: string, sender: string, bytes: Buffer): Verdicts {
  const fields = parseEntity(bytes).fields
  const value = (name: string): string => fields.find((field) => field.name === name)?.value ?? ''
  const from = domainOf(/<([^>]+)>/.exec(value('from'))?.[1] ?? value('from'))
  const envelope = sender === '' ? from : domainOf(sender)
  const spf = spfOf(zone, envelope, ip, 0)
  const tags = new Map([...value('dkim-signature').matchAll(/(\w+)\s*=\s*([^;]*)/g)].map((match) => [match[1], (match[2] ?? '').trim()]))
  const [signer = '', selector = ''] = [tags.get('d'), tags.get('s')]
  const dkim = signer === '' ? 'none' : keyOf(zone, `${selector}._domainkey.${signer}`) ? 'pass' : 'fail'
  const policy = zone.values(`_dmarc.${from}`, 'TXT')[0] ?? zone.values(`_dmarc.${organisation(from)}`, 'TXT')[0]
  const aligned = (spf === 'pass' && same(envelope, from)) || (dkim === 'pass' && same(signer, from))
  const dmarc = policy === undefined ? 'none' : aligned ? 'pass' : 'fail'
  const header = [
    `spf=${spf} (sender IP is ${ip}) smtp.mailfrom=${envelope}`,
    dkim === 'none' ? 'dkim=none (message not signed)' : `dkim=${dkim} header.d=${signer} header.s=${selector}`,
    `dmarc=${dmarc} action=none header.from=${from}`,
  ]
  return { spf, dkim, signer, dmarc, header: `${by}; ${header.join('; ')}` }
}

function domainOf(address: string): string {
  return address
    .slice(address.lastIndexOf('@') + 1)
    .trim()
    .toLowerCase()
}

function organisation(domain: string): string {
  return domain.split('.').slice(-2).join('.')
}

function same(a: string, b: string): boolean {
  return organisation(a) === organisation(b)
}

function keyOf(zone: ZoneServer, name: string): boolean {
  const alias = zone.values(name, 'CNAME')[0]
  return [name, ...(alias === undefined ? [] : [alias])].some((one) => zone.values(one, 'TXT').some((value) => value.includes('p=')))
}

const QUALIFIED = { '+': 'pass', '-': 'fail', '~': 'softfail', '?': 'neutral' } as const

function spfOf(zone: ZoneServer, domain: string, ip: string, depth: number): Verdicts['spf'] {
  const record = zone.values(domain, 'TXT').find((value) => value.startsWith('v=spf1'))
  if (record === undefined || depth > 10) return 'none'
  for (const term of record.split(/\s+/).slice(1)) {
    const [, sign = '+', name = '', argument = ''] = /^([+?~-]?)(\w+)[:=]?(.*)$/.exec(term) ?? []
    const verdict = QUALIFIED[(sign || '+') as keyof typeof QUALIFIED]
    if (name === 'all') return verdict
    if (name === 'ip4' && within(ip, argument)) return verdict
    if (name === 'include' && spfOf(zone, argument, ip, depth + 1) === 'pass') return verdict
    if (name === 'redirect') return spfOf(zone, argument, ip, depth + 1)
  }
  return 'neutral'
}

function within(ip: string, network: string): boolean {
  const [base = '', bits = '32'] = network.split('/')
  const number = (text: string): number => text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
  const size = 2 ** (32 - Number(bits))
  return Math.floor(number(ip) / size) === Math.floor(number(base) / size)
}
