import type { Can, DnsProvider } from './provider.ts'
import { PROVIDERS } from './providers.ts'
import { RECORD_TYPES } from './record-set.ts'

const HEAD = `# Hosts of DNS

<!-- Generated from src/dns/providers.ts by \`npm run guide\`: change an adapter, not this page. -->

Who hosts the DNS of a domain stands in cutover.yaml under \`dns\`: \`provider\` is a name of this table, and its settings are those below. A secret does not stand in the
file: write \`env:NAME\` or \`file:PATH\`.

However a host works, a record set is changed only where it is what was read when the plan was made; otherwise nothing is done and the three versions are shown.
What was there is kept and can be put back. "Seen by the host" says who notices somebody else's change at the very same moment: the host itself, or cutover by
reading once more right before and after. "Before and after": cutover reads so too, but in between the host replaces the whole zone.

| host | provider | changes at once | seen by the host | time to live | text | tested against |
| --- | --- | --- | --- | --- | --- | --- |
`

/** The page docs/guide/dns-hosts.md: one table, and a part for each host. */
export function dnsHostsGuide(): string {
  return `${HEAD}${PROVIDERS.map(row).join('')}\n${PROVIDERS.map(part).join('\n')}`
}

const AT_ONCE: Readonly<Record<Can['atomic'], string>> = {
  zone: 'all sets',
  name: 'one name',
  set: 'one set',
  record: 'one record',
  nothing: '–',
}

function row({ name, title, can, about }: DnsProvider): string {
  const seen = !can.automatic ? '–' : can.replacesZone === true ? 'before and after' : can.compareAndSet === 'native' ? 'yes' : 'by cutover'
  const time =
    can.highestTtlSeconds > 1_000_000_000 ? `from ${can.lowestTtlSeconds} s` : `${can.lowestTtlSeconds} to ${can.highestTtlSeconds} s`
  const text = can.longestTxtBytes === null ? 'any' : `${can.longestTxtBytes} bytes`
  return `| [${title}](#${name}) | \`${name}\` | ${AT_ONCE[can.atomic]} | ${seen} | ${time} | ${text} | ${about.tested} |\n`
}

function part({ name, title, nameServers, settings, can, about }: DnsProvider): string {
  const missing = RECORD_TYPES.filter((type) => !can.types.includes(type))
  return [
    `<a id="${name}"></a>`,
    '',
    `## ${title[0]?.toUpperCase()}${title.slice(1)}`,
    '',
    `\`provider: ${name}\`. ${known(nameServers)}`,
    '',
    '| setting | what it is | |',
    '| --- | --- | --- |',
    ...settings.map(({ key, label, hint, required, secret }) => {
      const marks = [required ? '' : 'may be left out', secret ? 'secret' : ''].filter((mark) => mark !== '')
      return `| \`${key}\` | ${label}${hint === undefined ? '' : `: ${hint}`} | ${marks.join(', ')} |`
    }),
    '',
    `Rights: ${about.rights}`,
    '',
    ...about.notes.map((note) => `- ${note}`),
    ...(missing.length === 0 ? [] : [`- Not changed here, but by hand: ${missing.join(', ')}.`]),
    '',
  ].join('\n')
}

function known(nameServers: readonly string[]): string {
  return nameServers.length === 0
    ? 'Its name servers can have any name.'
    : `Its name servers end in ${nameServers.map((one) => `\`${one}\``).join(', ')}.`
}
