import type { Certainty, Limits, SourceProfile } from './profile.ts'
import { PROFILES } from './profiles.ts'

const MARKS: Readonly<Record<Certainty, string>> = { tested: 't', documented: 'd', reported: 'r', guess: '?' }
const MINUTE_MS = 60_000

const LIMITS: Readonly<Record<keyof Limits, (value: number) => string>> = {
  connectionsPerMailbox: (value) => `${figure(value)} connection${value === 1 ? '' : 's'}`,
  bytesPerDay: (value) => `${figure(value / 1_000_000)} MB a day`,
  maxCommandBytes: (value) => `lines of ${figure(value)} bytes`,
  messagesPerCommand: (value) => `${figure(value)} messages a command`,
  messagesShown: (value) => `the newest ${figure(value)} messages of a folder`,
  idleTimeoutMs: (value) => `idle for ${figure(value / MINUTE_MS)} minutes`,
}

const HEAD = `# Systems that mail comes from

<!-- Generated from src/source/profiles by \`npm run guide\`: change a profile, not this page. -->

\`cutover probe example.org\` says which of these a server is. What is known of each stands in one file of \`src/source/profiles/\`.
Marks: **t** seen at a real server, **d** in a standard, documentation or source code, **r** reported by users or other programs, **?** not verified.
Limits are defaults that hosts change without notice: \`cutover limit\` and \`--connections\` set others.
\`--access\` is explained in [access.md](access.md), \`cutover discover --from\` in [list-of-mailboxes.md](list-of-mailboxes.md).
"Tested against" says what the tests of cutover run on: a real server, a personality of its simulator, or written dialogues.

| system | \`--access\` | \`--from\` | limits | tested against |
| --- | --- | --- | --- | --- |
`

/** The page docs/guide/sources.md: one table, and a part for each system. */
export function sourcesGuide(): string {
  const profiles = [...PROFILES].sort((a, b) => rank(a) - rank(b) || a.title.localeCompare(b.title, 'en'))
  return `${HEAD}${profiles.map(row).join('')}\n${profiles.map(part).join('\n')}`
}

/** The general one last. */
function rank({ name }: SourceProfile): number {
  return name === 'generic' ? 1 : 0
}

function row(profile: SourceProfile): string {
  const access = profile.access.map(({ kind, certainty }) => `\`${kind}\` ${MARKS[certainty]}`).join(', ')
  const listing = profile.listing.map(({ kind }) => `\`${kind}\``).join(', ')
  return `| [${cell(profile.title)}](#${profile.name}) | ${access} | ${listing} | ${cell(limitsOf(profile)) || '–'} | ${cell(testedOf(profile))} |\n`
}

function part(profile: SourceProfile): string {
  const { name, title, access, listing, advice, tell, limits } = profile
  const lines = [
    `<a id="${name}"></a>`,
    '',
    `## ${title}`,
    '',
    `${knownBy(profile)} Tested against: ${testedOf(profile)}.`,
    '',
    ...advice.map(({ says, certainty }) => `- ${escaped(says)} (${MARKS[certainty]})`),
  ]
  const notes = Object.entries(limits).flatMap(([key, limit]) => {
    const known = keyOf(key)
    if (limit === null || known === null) return []
    return [`- ${LIMITS[known](limit.value)}${limit.note === undefined ? '' : `: ${escaped(limit.note)}`} (${MARKS[limit.certainty]})`]
  })
  if (notes.length > 0) lines.push('', 'Limits:', '', ...notes)
  lines.push('', 'Ways in:', '')
  for (const { kind, advice: how, certainty, template } of access) {
    const form = template === undefined ? '' : ` with \`--access-template '${template}'\``
    lines.push(`- \`--access ${kind}\`${form}: ${escaped(how)} (${MARKS[certainty]})`)
  }
  lines.push('', 'The list of mailboxes:', '')
  for (const { kind, advice: how, certainty } of listing) lines.push(`- \`--from ${kind}\`: ${escaped(how)} (${MARKS[certainty]})`)
  if (tell.length > 0)
    lines.push('', 'For the customer:', '', ...tell.map(({ says, certainty }) => `- ${escaped(says)} (${MARKS[certainty]})`))
  return `${lines.join('\n')}\n`
}

function knownBy({ signs, variantOf, name }: SourceProfile): string {
  if (variantOf !== undefined) return `Nothing in what it says tells it from [${variantOf}](#${variantOf}).`
  if (name === 'generic') return 'What is done with a server that nobody knows.'
  const ways = [
    signs.some(({ greeting }) => greeting !== undefined) ? 'greeting' : '',
    signs.some(({ id }) => id !== undefined) ? 'answer to ID' : '',
    signs.some(({ capabilities }) => capabilities !== undefined) ? 'capabilities' : '',
  ].filter((way) => way !== '')
  if (ways.length === 0) return 'Known by the name of its host only.'
  return `Known by its ${ways.join(' or ')}${signs.every(({ host, domain }) => host !== undefined || domain !== undefined) ? ', together with its host' : ''}.`
}

function testedOf({ tested, testedWhat }: SourceProfile): string {
  const words = { 'real server': 'a real server', personality: 'a personality', dialogue: 'dialogues', not: 'nothing yet' } as const
  return `${words[tested]}${testedWhat === undefined ? '' : ` (${testedWhat})`}`
}

function limitsOf({ limits }: SourceProfile): string {
  return Object.entries(limits)
    .flatMap(([key, limit]) => {
      const known = keyOf(key)
      return limit === null || known === null ? [] : [`${LIMITS[known](limit.value)} ${MARKS[limit.certainty]}`]
    })
    .join(', ')
}

function keyOf(key: string): keyof Limits | null {
  return key in LIMITS ? (key as keyof Limits) : null
}

function figure(value: number): string {
  return value.toLocaleString('en-US')
}

function cell(text: string): string {
  return escaped(text).replaceAll('|', '\\|')
}

/** Markdown would take a star or an underscore for emphasis. */
function escaped(text: string): string {
  return text.replaceAll(/[*_<]/g, (char) => `\\${char}`)
}
