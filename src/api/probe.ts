import { isIP } from 'node:net'
import type { Context } from '../lib/context.ts'
import { Failure } from '../model/failure.ts'
import type { Secret } from '../model/secret.ts'
import { probe as look } from '../probe/probe.ts'
import type { ProbeSettings } from '../probe/probe.ts'
import type { Probed } from '../probe/probed.ts'
import { parseTarget } from '../probe/target.ts'
import type { Target } from '../probe/target.ts'
import { accessMethod, OWN_ACCESS } from '../source/access.ts'
import { parseEndpointUrl } from './endpoint-url.ts'
import { readCa } from './mailboxes.ts'
import type { CloudName, SourceAddresses } from './operations.ts'
import type { Trouble } from './results.ts'
import { troubleOf } from './trouble.ts'
import type { World } from './world.ts'

export type ProbeInput = Pick<SourceAddresses, 'access' | 'show' | 'env' | 'stateDir' | 'caFile'> & {
  /** A host, host:port, domain, mail address, or imap:// or imaps:// URL. */
  readonly target: string
  /** The mailbox to open; null: nobody signs in. */
  readonly mailbox: string | null
  /** Its password, where the access wants one. */
  readonly password: Secret | null
  readonly allowOldTls: boolean
  /** Ask these DNS servers ("192.0.2.53", "127.0.0.1:5353") and believe nobody else; empty: as this machine does. */
  readonly resolvers: readonly string[]
  /** For everything together. */
  readonly limitMs: number
  readonly cloud: CloudName
  readonly signal: AbortSignal
}

export type ProbeResult = Probed & {
  /** Why the mailbox could not be opened; null where it could, or was not to be. */
  readonly failure: Trouble | null
}

/** A server that is well answers each step within moments. */
const STEP_MS = 10_000

/** Finds a server and tells what it is. Signs in only where a mailbox is given, and changes nothing. */
export async function probe(world: World, input: ProbeInput): Promise<ProbeResult> {
  const ctx = { clock: world.clock, log: world.log, signal: input.signal }
  const { target, caFile, oldTls } = targetOf(input)
  const settings: ProbeSettings = {
    asked: input.target.trim(),
    target,
    oldTls: oldTls || input.allowOldTls,
    ca: await readCa(caFile ?? input.caFile),
    // a server that is silent at one step leaves time to say so
    connectTimeoutMs: Math.min(STEP_MS, Math.ceil(input.limitMs / 4)),
    limitMs: input.limitMs,
    login: loginOf(world, input, ctx),
  }
  const { probed, failure } = await look(settings, world.lookups(input.resolvers.map(resolver)), ctx)
  return { ...probed, failure: failure === null ? null : troubleOf(failure.at('source')) }
}

function targetOf(input: ProbeInput): { readonly target: Target; readonly caFile: string | null; readonly oldTls: boolean } {
  if (!/^[a-z][a-z0-9+.-]*:(?:\/\/|$)/i.test(input.target.trim())) return { target: parseTarget(input.target), caFile: null, oldTls: false }
  const url = parseEndpointUrl(input.target)
  if (url.kind === 'exchange')
    throw new Failure('bad-input', 'Exchange Online is looked at by the domain whose mail it keeps, or by outlook.office365.com.')
  const { host, port, tls, options } = url
  return { target: { kind: 'server', host, port, tls }, caFile: options.caFile, oldTls: options.oldTls }
}

function loginOf(world: World, input: ProbeInput, ctx: Context): ProbeSettings['login'] {
  const { mailbox, password, cloud, stateDir, env, show } = input
  const access = input.access ?? null
  if (mailbox === null) {
    if (access === null && password === null) return null
    throw new Failure('bad-input', 'Say with --login which mailbox is to be opened.')
  }
  const choice = access ?? OWN_ACCESS
  if (accessMethod(choice).needsPasswords && password === null)
    throw new Failure('bad-input', 'Give the password of the mailbox with --secret env:NAME or file:PATH.')
  const nobody = (): void => {
    throw new Failure('bad-input', 'A person must sign in, and nobody is there to be asked.')
  }
  return async (host) => {
    const options = { access: choice, cloud, stateDir, env, show: show ?? nobody }
    return (await world.logins(host, options, ctx))({ user: mailbox, password })
  }
}

function resolver(text: string): string {
  const host = /^\[(.+)\](?::\d{1,5})?$|^([0-9.]+)(?::\d{1,5})?$|^([0-9a-f:]+)$/i.exec(text)
  if (host === null || isIP(host[1] ?? host[2] ?? host[3] ?? '') === 0)
    throw new Failure('bad-input', `"${text}" is no DNS server: write its IP address, such as 192.0.2.53 or 192.0.2.53:53.`)
  return text
}
