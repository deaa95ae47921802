import type { Context } from '../lib/context.ts'
import { Lanes } from '../lib/lanes.ts'
import { RateLimit } from '../lib/rate-limit.ts'
import { Failure } from '../model/failure.ts'
import type { ApiReply } from './api-http.ts'
import type { Cloud } from './clouds.ts'
import type { CmdletCall, CmdletParameters } from './cmdlet.ts'
import { checkCall, cmdletJson } from './cmdlet.ts'
import { anchorMailbox, cmdletLane, isRepeatableCall } from './cmdlet-rules.ts'
import { exchangeFailure } from './exchange-errors.ts'
import type { TokenSource } from './exchange-token.ts'
import { withoutTypes } from './exchange-values.ts'
import type { Line } from './persistent-call.ts'
import { answered } from './persistent-call.ts'
import { isKin, nextAddress, serviceBase } from './service-base.ts'
import type { JsonObject } from './wire-json.ts'
import { objectsIn, textIn, wireJson } from './wire-json.ts'

export type ExchangeAdminOptions = {
  readonly cloud: Cloud
  /** Base URL of a simulator on loopback; null: the cloud's own service. */
  readonly base: string | null
  /** The tenant's id, or its first domain (`contoso.onmicrosoft.com`). */
  readonly tenant: string
  /** Address of the administrator whose token it is; null: the application's own. */
  readonly person: string | null
  readonly tokens: TokenSource
  readonly ctx: Context
  /** Calls at one time; 4 where nothing is said. */
  readonly inFlight?: number
  /** Calls begun in a second; 2 where nothing is said. The service publishes no figure. */
  readonly perSecond?: number
  /** How long a call waits for a service that is busy or away; 15 minutes where nothing is said. */
  readonly patienceMs?: number
  readonly random?: () => number
}

export type InvokeOptions = {
  /** Properties to return; all where nothing is said. */
  readonly select?: readonly string[]
  /** Overrules what the name of the cmdlet tells: whether it may be sent again when nobody knows if it was carried out. */
  readonly repeatable?: boolean
}

export type CmdletPage = { readonly rows: readonly JsonObject[]; readonly warnings: readonly string[]; readonly requestId: string | null }
/** `warnings`: that nothing had to be changed is one of them. */
export type CmdletResult = { readonly rows: readonly JsonObject[]; readonly warnings: readonly string[] }

/**
 * The cmdlets of Exchange Online over HTTP. It is the service behind Microsoft's own PowerShell module, and nobody promises it:
 * whatever is done through it can be printed as a script instead (`asPowerShell`). Every method throws a `Failure`.
 */
export type ExchangeAdmin = {
  /** Runs the cmdlet and returns all it put out. */
  invoke(cmdlet: string, parameters?: CmdletParameters, options?: InvokeOptions): Promise<CmdletResult>
  /** The same for a call that was made before, so that what is run is what was shown. */
  run(call: CmdletCall, options?: InvokeOptions): Promise<CmdletResult>
  /** Page by page, a thousand rows each, for what may be long. */
  pages(cmdlet: string, parameters?: CmdletParameters, options?: InvokeOptions): AsyncIterable<CmdletPage>
}

const PAGE_SIZE = 1000
/** The service gives a cmdlet 15 minutes. */
const TIMEOUT_MS = 16 * 60_000
const PATIENCE_MS = 15 * 60_000

/** Nothing is sent before the first call. Bad settings throw `bad-input` at once. */
export function exchangeAdmin(options: ExchangeAdminOptions): ExchangeAdmin {
  const { ctx, tokens, tenant, person } = options
  const base = serviceBase(options.cloud.adminHost, options.base)
  if (!/^[A-Za-z0-9][A-Za-z0-9.-]{0,252}$/.test(tenant))
    throw new Failure('bad-input', 'The tenant must be its id or a domain verified in it, such as contoso.onmicrosoft.com.')
  const inFlight = options.inFlight ?? 4
  const line: Line = {
    service: 'Exchange Online administration service',
    tokens,
    ctx,
    lanes: new Lanes({ total: inFlight, each: inFlight }, ctx.clock),
    patienceMs: options.patienceMs ?? PATIENCE_MS,
    random: options.random ?? Math.random,
  }
  const pace = new RateLimit(options.perSecond ?? 2, ctx.clock)
  const command = new URL(`${base.pathname.replace(/\/$/, '')}/adminapi/beta/${tenant}/InvokeCommand`, base)
  /** Where the service sent us last; it answers there without a detour. */
  let origin = command.origin

  const post = async (call: CmdletCall, url: URL, { repeatable }: InvokeOptions): Promise<ApiReply> => {
    const body = wireJson({ CmdletInput: { CmdletName: call.cmdlet, Parameters: cmdletJson(call.parameters) } })
    await pace.take(1, ctx.signal)
    return answered(
      {
        request: { method: 'POST', url, headers: headersOf(call, tenant, person), body: body.text, timeoutMs: TIMEOUT_MS },
        lane: cmdletLane(call.cmdlet),
        repeatable: repeatable ?? isRepeatableCall(call),
        readable: (reply) => isAnswer(reply, call),
        failure: (reply, token) => exchangeFailure(call, reply, [...body.secrets, token]),
      },
      line,
    )
  }

  /** Follows one redirect, and remembers it; a token goes to no host but Microsoft's own of the same kind. */
  const settled = async (call: CmdletCall, url: URL, options: InvokeOptions): Promise<ApiReply> => {
    const reply = await post(call, url, options)
    if (!isRedirect(reply)) return reply
    const location = reply.headers.get('location') ?? ''
    const target = URL.canParse(location, url.href) ? new URL(location, url) : null
    if (target === null || !isKin(target, base))
      throw new Failure('answer-unreadable', `${base.host} sent us to ${target?.host ?? 'no address'}.`, { notDone: true })
    const second = await post(call, target, options)
    if (isRedirect(second)) throw new Failure('answer-unreadable', `${base.host} sends us from one place to another.`, { notDone: true })
    origin = target.origin
    return second
  }

  async function* pages(cmdlet: string, parameters: CmdletParameters = {}, options: InvokeOptions = {}): AsyncGenerator<CmdletPage> {
    const call = { cmdlet, parameters }
    checkCall(call)
    const first = new URL(command.pathname, origin)
    if (options.select !== undefined) first.search = `$select=${options.select.map((name) => encodeURIComponent(name)).join(',')}`
    const seen = new Set<string>([first.href])
    for (let url: URL | null = first; url !== null;) {
      // The next page is the same call at another address.
      const { json, requestId } = await settled(call, url, options).catch((error: unknown) => {
        // It may be that place alone that is gone.
        if (error instanceof Failure && /^connection-|^host-/.test(error.code)) origin = command.origin
        throw error
      })
      yield { rows: objectsIn(json?.['value']).map(withoutTypes), warnings: textsIn(json?.['@adminapi.warnings']), requestId }
      const link = textIn(json?.['@odata.nextLink'])
      url = link === '' ? null : nextAddress(link, base, seen)
    }
  }

  const invoke = async (cmdlet: string, parameters?: CmdletParameters, options?: InvokeOptions): Promise<CmdletResult> => {
    const rows: JsonObject[] = []
    const warnings: string[] = []
    for await (const page of pages(cmdlet, parameters, options)) {
      rows.push(...page.rows)
      warnings.push(...page.warnings)
    }
    if (warnings.length > 0) ctx.log.debug('exchange warned', { cmdlet, warnings: warnings.length })
    return { rows, warnings }
  }
  return { invoke, run: ({ cmdlet, parameters }, options) => invoke(cmdlet, parameters, options), pages }
}

/** Of the headers that Microsoft's module sends those that say something about the call. */
function headersOf(call: CmdletCall, tenant: string, person: string | null): Record<string, string> {
  return {
    'content-type': 'application/json; charset=utf-8',
    accept: 'application/json; odata.metadata=minimal',
    prefer: `odata.maxpagesize=${PAGE_SIZE}`,
    'x-anchormailbox': anchorMailbox(call, tenant, person),
    'x-cmdletname': call.cmdlet,
    'x-responseformat': 'json',
    'parameter-based-routing': 'true',
  }
}

/** A cmdlet without output answers with an empty list, or with nothing; nothing is no answer to a question. */
function isAnswer(reply: ApiReply, { cmdlet }: CmdletCall): boolean {
  return isRedirect(reply) || Array.isArray(reply.json?.['value']) || (reply.text === '' && !/^Get-/i.test(cmdlet))
}

function isRedirect({ status }: ApiReply): boolean {
  return status === 301 || status === 302 || status === 307 || status === 308
}

function textsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(textIn).filter((text) => text !== '') : []
}
