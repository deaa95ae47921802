import type { DnsAssessment, DnsFinding, Rank } from '../api/dns-assess.ts'
import { bullet } from './plan-text.ts'
import { cut, printable, wrapped } from './printable.ts'
import { table } from './table.ts'
import { counted, duration } from './units.ts'
import type { Shell } from './world.ts'

const TITLES: Readonly<Record<Rank, string>> = {
  block: 'Must be solved first',
  'must-fix': 'Is put right before the switch',
  warn: 'Look at this',
  info: 'Good to know',
}
const RANKS: readonly Rank[] = ['block', 'must-fix', 'warn', 'info']
const RECORDS_SHOWN = 30

/** Everything about one domain. */
export function printAssessment(shell: Shell, seen: DnsAssessment, all: boolean): void {
  const fact = (title: string, text: string): void => {
    for (const [at, line] of wrapped(printable(text), shell.columns, ' '.repeat(12)).entries())
      shell.print(at === 0 ? `${title.padEnd(11)} ${line.trimStart()}` : line)
  }
  shell.print(printable(seen.domain))
  shell.print('='.repeat(Math.min(seen.domain.length, shell.columns)))
  const { zone, hosts, mail, spf, dmarc, dkim, mtaSts, dnssec } = seen
  if ('apex' in zone) {
    fact('Zone', `${zone.apex}${zone.soa === null ? '' : `, serial ${zone.soa.serial}`}, ${DNSSEC[dnssec.state]}`)
    fact(
      'DNS at',
      hosts.dns === null
        ? 'unknown'
        : `${hosts.dns.name}${hosts.provider === null ? '' : ` (provider "${hosts.provider}")`}${doubt(hosts.dns.mark)}`,
    )
    fact(
      'Mail at',
      hosts.mail === null ? MAIL[mail.kind] : `${hosts.mail.name}, ${hosts.mail.kind}; ${hosts.mail.because}${doubt(hosts.mail.mark)}`,
    )
    const [tree] = spf.trees
    fact('SPF', tree === undefined ? 'none' : `${counted(spf.records.length, 'record')}, ${tree.lookups} of 10 look-ups`)
    fact('DMARC', dmarc.at === null ? 'none' : `p=${dmarc.policy ?? '?'}${dmarc.at === seen.domain ? '' : ` (of ${dmarc.at})`}`)
    fact(
      'DKIM',
      dkim.length === 0
        ? 'no key found (names can only be guessed)'
        : dkim.map(({ selector, key }) => `${selector}${key === 'published' ? '' : ` (${key})`}`).join(', '),
    )
    fact('MTA-STS', mtaSts.record === null ? 'none' : (mtaSts.policy?.mode ?? mtaSts.problem ?? 'record only, policy not asked for'))
    printServers(shell, zone)
    printMail(shell, seen)
    printSenders(shell, seen)
    printRecords(shell, seen, all)
  }
  printFindings(shell, seen.findings)
}

const DNSSEC: Readonly<Record<DnsAssessment['dnssec']['state'], string>> = {
  unsigned: 'not signed',
  signed: 'signed (DNSSEC)',
  island: 'signed, but nobody checks it',
  broken: 'DNSSEC is broken',
  unknown: 'DNSSEC unknown',
}
const MAIL: Readonly<Record<DnsAssessment['mail']['kind'], string>> = {
  mx: 'unknown',
  null: 'nobody: the domain takes no mail',
  implicit: 'its own address, without MX',
  none: 'nobody: neither MX nor an address',
  unknown: 'unknown: no answer',
}

function doubt(mark: 'seen' | 'documented' | 'unverified'): string {
  return mark === 'unverified' ? ' (a guess)' : ''
}

type ZoneSeen = Extract<DnsAssessment['zone'], { readonly apex: string }>
const STATES: Readonly<Record<ZoneSeen['servers'][number]['state'], string>> = {
  serves: 'serves',
  lame: 'knows nothing of it',
  refuses: 'refuses',
  fails: 'fails',
  silent: 'does not answer',
  'no-path': 'not asked: no IPv6',
}

function printServers(shell: Shell, zone: ZoneSeen): void {
  shell.print()
  const rows = zone.servers.map(({ name, server, state, serial }) => [
    name === addressText(server) ? '' : printable(name),
    addressText(server),
    STATES[state],
    serial === null ? '' : String(serial),
  ])
  const head = [
    { title: 'Name server', side: 'left', shrinks: true },
    { title: 'Address', side: 'left', shrinks: true },
    { title: 'State', side: 'left' },
    { title: 'Serial', side: 'right' },
  ] as const
  for (const line of table(head, rows, shell.columns)) shell.print(line)
}

function addressText({ address, port }: { readonly address: string; readonly port: number }): string {
  return port === 53 ? address : `${address.includes(':') ? `[${address}]` : address}:${port}`
}

function printMail(shell: Shell, { mail }: DnsAssessment): void {
  if (mail.exchangers.length === 0) return
  shell.print()
  shell.print(`Receives mail${mail.ttlSeconds === null ? '' : `, remembered for ${duration(mail.ttlSeconds)}`}:`)
  for (const { host, preference, addresses, reverse, owner, tlsa } of mail.exchangers) {
    const notes = [
      ...(owner === null ? [] : [owner]),
      ...(addresses.length === 0 ? ['no address'] : addresses),
      ...(reverse.length === 0 ? [] : [`is ${reverse.join(', ')}`]),
    ]
    for (const line of bullet(printable(`${preference} ${host}: ${notes.join('; ')}${tlsa.length > 0 ? '; DANE' : ''}`), shell.columns))
      shell.print(line)
  }
}

function printSenders(shell: Shell, { senders }: DnsAssessment): void {
  if (senders.length === 0) return
  shell.print()
  shell.print('May send for it:')
  for (const { name, because, mark } of senders)
    for (const line of bullet(printable(`${name}: ${because.join(', ')}${doubt(mark)}`), shell.columns)) shell.print(line)
}

function printRecords(shell: Shell, { records, domain }: DnsAssessment, all: boolean): void {
  if (records.length === 0) return
  shell.print()
  shell.print(`Records (TTL in seconds; names without .${printable(domain)}):`)
  const short = (name: string): string => (name === domain ? '@' : name.endsWith(`.${domain}`) ? name.slice(0, -domain.length - 1) : name)
  const rows = records.flatMap(({ name, type, ttlSeconds, data }) =>
    data.map((one, at) => ({
      name: at === 0 ? printable(short(name)) : '',
      ttlSeconds: at === 0 ? String(ttlSeconds) : '',
      type,
      one: printable(one),
    })),
  )
  const shown = all ? rows : rows.slice(0, RECORDS_SHOWN)
  const width = Math.min(24, Math.max(...shown.map(({ name }) => name.length)))
  const indent = width + 18
  for (const { name, ttlSeconds, type, one } of shown) {
    const front = `  ${cut(name, width).padEnd(width)} ${ttlSeconds.padStart(6)} ${type.padEnd(6)}`
    const lines = all ? wrapped(one, shell.columns, ' '.repeat(indent)) : [cut(one, shell.columns - indent)]
    for (const [at, line] of lines.entries()) shell.print(at === 0 ? `${front.padEnd(indent)}${line.trimStart()}`.trimEnd() : line)
  }
  if (shown.length < rows.length) shell.print(`  ... and ${counted(rows.length - shown.length, 'more record')}; --all shows everything.`)
}

function printFindings(shell: Shell, findings: readonly DnsFinding[]): void {
  for (const rank of RANKS) {
    const some = findings.filter((one) => one.rank === rank)
    if (some.length === 0) continue
    shell.print()
    shell.print(`${TITLES[rank]}:`)
    for (const { says, remedy } of some) {
      for (const line of bullet(printable(says), shell.columns)) shell.print(line)
      for (const line of bullet(printable(`What to do: ${remedy}`), shell.columns, ' ')) shell.print(line)
    }
  }
}

/** One line for each domain; where their pages are not shown, what stands in the way too. */
export function printSummary(shell: Shell, domains: readonly DnsAssessment[], pagesShown: boolean): void {
  if (pagesShown) shell.print()
  const of = ({ findings }: DnsAssessment, rank: Rank): string => String(findings.filter((one) => one.rank === rank).length)
  const head = [
    { title: 'Domain', side: 'left', shrinks: true },
    { title: 'Mail at', side: 'left', shrinks: true },
    { title: 'DNS at', side: 'left', shrinks: true },
    { title: 'Block', side: 'right' },
    { title: 'Fix', side: 'right' },
    { title: 'Warn', side: 'right' },
  ] as const
  const rows = domains.map((one) => [
    printable(one.domain),
    printable(one.hosts.mail?.name ?? '-'),
    printable(one.hosts.dns?.name ?? '-'),
    of(one, 'block'),
    of(one, 'must-fix'),
    of(one, 'warn'),
  ])
  for (const line of table(head, rows, shell.columns)) shell.print(line)
  if (pagesShown) return
  printFindings(
    shell,
    domains.flatMap(({ domain, findings }) =>
      findings
        .filter(({ rank }) => rank === 'block')
        .map((one) => ({ ...one, says: one.says.includes(domain) ? one.says : `${domain}: ${one.says}` })),
    ),
  )
  shell.print()
  shell.print('--all shows each domain whole.')
}
