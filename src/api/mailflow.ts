import { readFile } from 'node:fs/promises'
import type { Context } from '../lib/context.ts'
import { imapAccount, portsOf, resolverAt, submissionAt } from '../mailflow/accounts.ts'
import { runFlowTest, type FlowReport } from '../mailflow/run-flow-test.ts'
import type { Outcome, RouteResult } from '../mailflow/route-result.ts'
import type { FlowSetup, OldHostAccess, Reflector } from '../mailflow/setup.ts'
import { targetOf } from '../mailflow/mx-route.ts'
import { autodiscovered } from '../microsoft/autodiscover.ts'
import { CLOUDS } from '../microsoft/clouds.ts'
import { Failure } from '../model/failure.ts'
import { isAddress } from '../model/mail-address.ts'
import type { Secret } from '../model/secret.ts'
import { parseEndpointUrl } from './endpoint-url.ts'
import { betweenSides } from './mailflow-between.ts'
import { withDefinedFlow, type MailflowTestInput } from './mailflow-defined.ts'
import { openAddress, type TenantAddress } from './tenant-access.ts'
import { quicker } from './tenant-open.ts'
import type { World } from './world.ts'

/** A mailbox by IMAP, and perhaps where it hands in mail. */
export type MailAccount = {
  readonly address: string
  readonly login: string
  readonly password: Secret
  readonly imapUrl: string | null
  readonly smtpUrl: string | null
}

export type MailflowInput = TenantAddress & {
  readonly user: string
  readonly second: string | null
  /** Each `address=mailbox`. */
  readonly aliases: readonly string[]
  readonly groups: readonly string[]
  readonly unmoved: string | null
  readonly reflector: MailAccount | null
  /** `mx.old.example`, or `mx.old.example=192.0.2.1` to go by the address. */
  readonly oldMx: string | null
  readonly oldAccount: MailAccount | null
  readonly sender: string | null
  readonly helo: string | null
  /** `2525`, `mx.example.org=2525`. */
  readonly ports: readonly string[]
  /** [] for three well-known ones. */
  readonly resolvers: readonly string[]
  readonly caFile: string | null
  readonly protection: boolean
  readonly largeBytes: number | null
  readonly windowMs: number
  readonly traceMs: number
  readonly signal: AbortSignal
  readonly onRoute: (route: RouteResult) => void
}

export type MailflowResult = FlowReport & {
  /** `failed`: a way of the mail does not work. `not-run`: none could be tried from here. */
  readonly outcome: Outcome
  /** Sentences on what of it is to be expected now. */
  readonly notes: readonly string[]
}

const RESOLVERS = ['1.1.1.1', '8.8.8.8', '9.9.9.9']
const POLL_MS = 10_000
const SLOW_MS = 5 * 60_000

/** Sends probes over every way of the mail and finds them again. The tenant is changed by nothing but these messages, which are removed. */
export async function mailflowTest(world: World, given: MailflowTestInput): Promise<MailflowResult> {
  const input = await withDefinedFlow(given)
  const { setup: base, service } = await setupOf(world, input)
  // Time runs faster in a simulated tenant.
  const clock = service === null ? world.clock : quicker(world.clock, world.simulatedHaste)
  const ctx: Context = { clock, log: world.log, signal: input.signal }
  const setup: FlowSetup = { ...base, between: betweenSides(world, input, base, ctx) }
  const report = await runFlowTest(setup, ctx, (result) => input.onRoute(result))
  const outcomes = report.routes.map(({ outcome }) => outcome)
  const worst = (['failed', 'warning', 'passed'] as const).find((one) => outcomes.includes(one)) ?? 'not-run'
  return { ...report, outcome: worst, notes: notesOn(report) }
}

/** Before the switch some of it cannot be otherwise. */
function notesOn({ routes }: FlowReport): readonly string[] {
  const records = routes.find(({ route }) => route === 'records')
  if (records?.says.some((text) => text.startsWith('MX names')) !== true) return []
  return [
    'MX does not lead to the tenant alone. Before the switch that is as it should be; what then fails of A5, D3, D5 and D6 passes after it.',
  ]
}

/** Reads what is given, and signs in to the tenant. Sends nothing. */
export async function setupOf(world: World, input: MailflowInput): Promise<{ readonly setup: FlowSetup; readonly service: string | null }> {
  const ca = input.caFile === null ? null : await readFile(input.caFile, 'utf8').catch(() => unreadable(input.caFile ?? ''))
  const { user, second, unmoved } = input
  for (const address of [user, second, unmoved, input.sender, input.reflector?.address ?? null])
    if (address !== null && !isAddress(address)) throw new Failure('bad-input', `"${address}" is no mail address.`)
  const ports = portsOf(input.ports)
  const service = await openAddress(input)
  // Its own signal: after a stop the probes are taken out by it.
  const clients: Context = { clock: world.clock, log: world.log, signal: new AbortController().signal }
  const door = await world.tenant(service.identity, service.cloud, service.service, clients)
  const outside = await world.dnsOutside({ servers: [], resolvers: [], dnsOnly: false, cloud: service.cloud }, clients)
  const setup: FlowSetup = {
    domain: user.slice(user.lastIndexOf('@') + 1).toLowerCase(),
    user,
    second,
    unmoved,
    aliases: input.aliases.map((text) => pairOf(text, '--alias')).map(({ address, mailbox }) => ({ address, owner: mailbox })),
    groups: input.groups.map((text) => pairOf(text, '--group')).map(({ address, mailbox }) => ({ address, member: mailbox })),
    graph: door.graph,
    admin: door.admin,
    reflector: reflectorOf(input.reflector, ca),
    old: oldOf(input, ca),
    resolvers: (input.resolvers.length === 0 ? RESOLVERS : input.resolvers).map(resolverAt),
    ports,
    demand: { kind: 'opportunistic' },
    page: outside.page,
    autodiscover: (address, protocol) => autodiscovered(address, protocol, CLOUDS[service.cloud], service.service, clients),
    ca,
    helo: input.helo,
    sender: input.sender,
    protection: input.protection,
    largeBytes: input.largeBytes,
    times: {
      pollMs: POLL_MS,
      slowMs: SLOW_MS,
      windowMs: input.windowMs,
      traceMs: input.traceMs,
      greylistMs: input.windowMs,
    },
  }
  return { setup, service: service.service }
}

function reflectorOf(account: MailAccount | null, ca: string | null): Reflector | null {
  if (account === null) return null
  if (account.imapUrl === null) throw new Failure('bad-input', 'The mailbox outside is read by IMAP: give --reflector-imap.')
  const { imap, login } = imapOf(account, ca)
  return { address: account.address, imap, login, submission: submissionOf(account, ca) }
}

function oldOf({ oldMx, oldAccount, ports }: MailflowInput, ca: string | null): OldHostAccess | null {
  if (oldMx === null) {
    if (oldAccount !== null) throw new Failure('bad-input', 'Where is the old mail host? Give --old-mx.')
    return null
  }
  const [host = '', address] = oldMx.split('=')
  return {
    target: targetOf(host, address ?? null, portsOf(ports), ca),
    submission: oldAccount === null ? null : submissionOf(oldAccount, ca),
    mailbox: oldAccount === null || oldAccount.imapUrl === null ? null : { address: oldAccount.address, ...imapOf(oldAccount, ca) },
  }
}

function imapOf({ imapUrl, login, password }: MailAccount, ca: string | null): ReturnType<typeof imapAccount> {
  const at = parseEndpointUrl(imapUrl ?? '')
  if (at.kind !== 'imap') throw new Failure('bad-input', 'A mailbox by IMAP has an address such as imaps://mail.example.org.')
  return imapAccount({ host: at.host, port: at.port, tls: at.tls, ca }, login, password)
}

function submissionOf({ smtpUrl, login, password }: MailAccount, ca: string | null): Reflector['submission'] {
  return smtpUrl === null ? null : submissionAt(smtpUrl, login, password, ca)
}

function pairOf(text: string, option: string): { readonly address: string; readonly mailbox: string } {
  const [address = '', mailbox = '', more] = text.split('=')
  if (!isAddress(address) || !isAddress(mailbox) || more !== undefined)
    throw new Failure('bad-input', `${option} takes an address and the mailbox where its mail arrives: sales@example.org=anna@example.org.`)
  return { address, mailbox }
}

function unreadable(file: string): never {
  throw new Failure('bad-input', `The file ${file} cannot be read.`)
}
