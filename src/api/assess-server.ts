import type { AssessedServer } from '../assess/assessment.ts'
import { Failure } from '../model/failure.ts'
import type { Fact } from '../source/profile.ts'
import { exchangeOnline } from '../source/profiles/exchange-online.ts'
import type { AssessInput } from './assess.ts'
import type { OpenAssessment } from './assess-open.ts'
import { probe, type ProbeResult } from './probe.ts'
import type { World } from './world.ts'

const LIMIT_MS = 30_000

/** What kind of system the source is. A server that cannot be told is no reason to give up: its mailboxes may open all the same. */
export async function lookAtServer(
  world: World,
  input: Pick<AssessInput, 'env' | 'signal'>,
  open: OpenAssessment,
): Promise<{ readonly server: AssessedServer | null; readonly failure: { readonly message: string; readonly help: string } | null }> {
  if (open.from.kind !== 'imap') return { server: exchangeServer(open.addresses.source, open.accessKind), failure: null }
  try {
    const { source, stateDir, caFile } = open.addresses
    const probed = await probe(world, {
      target: source,
      mailbox: null,
      password: null,
      allowOldTls: false,
      resolvers: [],
      limitMs: LIMIT_MS,
      cloud: 'global',
      env: input.env,
      signal: input.signal,
      stateDir,
      caFile,
    })
    return { server: serverOf(probed, open.accessKind), failure: null }
  } catch (error) {
    if (input.signal.aborted) return { server: null, failure: null }
    if (!(error instanceof Failure)) throw error
    return { server: null, failure: { message: error.message, help: error.help } }
  }
}

function serverOf(probed: ProbeResult, access: string): AssessedServer {
  const { url, server, system, tls, limits, warnings, advice, tell } = probed
  return {
    url,
    host: server.host,
    system: system.name,
    title: system.title,
    version: system.version,
    tls: tls === null ? null : `${tls.protocol}, ${tls.daysLeft} days left`,
    access,
    limits: limits.map((limit) => LIMITS[limit.name](limit.value)),
    warnings,
    advice: advice.map(({ says }) => says),
    tell: tell.map(({ says }) => says),
  }
}

/** There is one, and its name is known. */
function exchangeServer(url: string, access: string): AssessedServer {
  const { name, title, limits, advice, tell } = exchangeOnline
  const told = Object.entries(limits).flatMap(([limit, value]) => (value === null || !isLimit(limit) ? [] : [LIMITS[limit](value.value)]))
  const says = ({ says }: Fact): string => says
  return {
    url,
    host: 'outlook.office365.com',
    system: name,
    title,
    version: null,
    tls: 'TLS',
    access,
    limits: told,
    warnings: [],
    advice: advice.map(says),
    tell: tell.map(says),
  }
}

function isLimit(name: string): name is keyof typeof LIMITS {
  return Object.hasOwn(LIMITS, name)
}

const LIMITS: Readonly<Record<ProbeResult['limits'][number]['name'], (value: number) => string>> = {
  connectionsPerMailbox: (value) => `${value} connections to a mailbox at a time.`,
  bytesPerDay: (value) => `A mailbox hands out ${Math.round(value / 1e6)} MB a day.`,
  maxCommandBytes: (value) => `Commands of at most ${value} bytes.`,
  messagesPerCommand: (value) => `At most ${value} messages in one command.`,
  messagesShown: (value) => `Only the newest ${value} messages of a folder are shown: older mail has to be moved into other folders first.`,
  idleTimeoutMs: (value) => `Quiet connections are closed after ${Math.round(value / 60_000)} minutes.`,
}
