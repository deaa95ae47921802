import type { ProbeResult } from '../api/probe.ts'
import { padded, printable, wrapped } from './printable.ts'
import { count, counted, size } from './units.ts'

const KNOWN_BY: Readonly<Record<ProbeResult['system']['knownBy'], string>> = {
  greeting: 'by its greeting',
  id: 'by what it says of itself (ID)',
  capabilities: 'by its capabilities',
  host: 'by the name of its host only: a hint, not a proof',
  none: 'no system that we know: it is treated as an ordinary IMAP server',
}
const SURE: Readonly<Record<string, string>> = {
  tested: 'tested',
  documented: 'documented',
  reported: 'reported by others',
  guess: 'not verified',
}
const TESTED: Readonly<Record<string, string>> = {
  'real server': 'cutover is tested against a real one',
  personality: 'cutover is tested against a simulation of it',
  dialogue: 'cutover is tested against dialogues with it',
  not: 'cutover was not tested with it: start with one mailbox',
}
const LIMITS: Readonly<Record<ProbeResult['limits'][number]['name'], (value: number) => string>> = {
  connectionsPerMailbox: (value) => `${counted(value, 'connection')} at a time`,
  bytesPerDay: (value) => `${size(value)} a day for each mailbox`,
  maxCommandBytes: (value) => `command lines of ${size(value)}`,
  messagesPerCommand: (value) => `${counted(value, 'message')} for each command`,
  messagesShown: (value) => `only the newest ${counted(value, 'message')} of a folder are shown`,
  idleTimeoutMs: (value) => `closes after ${count(value / 60_000)} minutes without a command`,
}
const VERDICT = { offered: '+', 'not-offered': '-', untold: '?' } as const
const ENCRYPTION = { implicit: 'TLS from the start', starttls: 'STARTTLS', none: 'no encryption' } as const

/** The lines of a probe for people, none wider than `columns`. */
export function probeReport(result: ProbeResult, columns: number): readonly string[] {
  const { server, system, warnings } = result
  const lines: string[] = []
  const say = (text: string, indent = ''): void => void lines.push(...wrapped(printable(text), columns, indent))
  const item = (mark: string, text: string): void => {
    const [first = '', ...rest] = wrapped(printable(text), columns, '    ')
    lines.push(`  ${mark} ${first.slice(4)}`, ...rest)
  }
  const head = (title: string): void => void lines.push('', title)

  say(`${system.title}${system.version === null ? '' : ` ${system.version}`}`)
  item('-', `${server.host}:${server.port}, ${ENCRYPTION[server.tls]}${server.because === 'given' ? '' : ` (${server.because})`}`)
  item('-', `known ${KNOWN_BY[system.knownBy]}`.replace('known no', 'no'))
  if (system.maybe.length > 0) item('-', `may also be part of ${system.maybe.map(({ title }) => title).join(', ')}`)
  item('-', TESTED[system.tested] ?? '')
  item('-', `it greets: ${result.greeting === '' ? '(nothing)' : result.greeting}`)
  if (result.tls !== null) item('-', certificateOf(result.tls))
  item('-', `write it as: --source ${result.url}`)

  if (warnings.length > 0) head('Mind this')
  for (const warning of warnings) item('!', warning)

  head(`What it can do${result.capabilities.afterLogin === null ? ' (it may tell more after a login: --login)' : ''}`)
  const width = Math.max(...result.meanings.map(({ capability }) => capability.length))
  for (const { capability, has, means } of result.meanings) item(has ? '+' : '-', `${padded(capability, width, 'left')}  ${means}`)

  if (result.limits.length > 0) head('Limits known of it (defaults; hosts change them)')
  for (const limit of result.limits) {
    const note = limit.note === null ? '' : `; ${limit.note}`
    item('-', `${LIMITS[limit.name](limit.value)} (${SURE[limit.certainty] ?? ''}${note})`)
  }

  head('Ways in (+ it offers what that takes, - it does not, ? only a try tells)')
  item(' ', `it offers: ${result.logins.length === 0 ? 'nothing' : result.logins.join(', ')}`)
  for (const { kind, advice, verdict, template } of result.access)
    item(VERDICT[verdict], `--access ${kind}${template === undefined ? '' : ` --access-template '${template}'`}: ${advice}`)

  head('The list of mailboxes')
  for (const { kind, advice } of result.listing) item('-', `${advice} (cutover discover --from ${kind})`)

  if (result.inside !== null) lines.push('', ...insideLines(result.inside, columns))

  head('For the migration')
  for (const { says, certainty } of result.advice) item('-', certainty === 'guess' ? `${says} (not verified)` : says)
  if (result.tell.length > 0) head('For the customer')
  for (const { says, certainty } of result.tell) item('-', certainty === 'guess' ? `${says} (not verified)` : says)
  return lines
}

function certificateOf({ protocol, names, issuer, validUntil, selfSigned }: NonNullable<ProbeResult['tls']>): string {
  const shown = names.length > 4 ? `${names.slice(0, 4).join(', ')} and ${count(names.length - 4)} more` : names.join(', ')
  const by = selfSigned ? 'self-signed' : `from ${issuer}`
  return `${protocol}; certificate for ${shown === '' ? 'no name' : shown}, ${by}, until ${validUntil.slice(0, 10)}`
}

function insideLines(inside: NonNullable<ProbeResult['inside']>, columns: number): readonly string[] {
  const facts = [
    `${counted(inside.folders, 'folder')}, ${counted(inside.messages, 'message')}${inside.sizeBytes === null ? '' : `, ${size(inside.sizeBytes)}`}`,
    ...inside.special.map(({ role, folder, by }) => `${role}: ${folder}${by === 'name' ? ' (by its name)' : ''}`),
    ...(inside.namespaces === null ? [] : [namespacesOf(inside.namespaces)]),
    ...inside.quota.map(
      ({ resource, used, limit }) =>
        `quota: ${resource === 'STORAGE' ? `${size(used * 1024)} of ${size(limit * 1024)}` : `${count(used)} of ${count(limit)} ${resource}`}`,
    ),
    ...(inside.rights === null ? [] : [`rights on INBOX: ${inside.rights}`]),
  ]
  return ['The mailbox', ...facts.flatMap((fact) => wrapped(`- ${printable(fact)}`, columns, '  '))]
}

function namespacesOf({ personal, others, shared }: NonNullable<NonNullable<ProbeResult['inside']>['namespaces']>): string {
  const shown = (all: typeof personal): string =>
    all.length === 0
      ? 'none'
      : all.map(({ prefix, separator }) => `"${prefix}" with ${separator === null ? 'no levels' : `"${separator}"`}`).join(', ')
  return `own folders: ${shown(personal)}; of other persons: ${shown(others)}; of everybody: ${shown(shared)}`
}
