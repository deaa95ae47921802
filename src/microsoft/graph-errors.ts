import type { FailureCode } from '../model/failure-codes.ts'
import { Failure } from '../model/failure.ts'
import { permissionFor } from './graph-permissions.ts'
import { objectIn, objectsIn, oneLine, textIn, withoutSecrets } from './wire-json.ts'

/** What Graph answered to a call, alone or as a part of a batch. */
export type GraphRefusal = {
  readonly method: string
  /** Below the version. */
  readonly path: string
  readonly status: number
  readonly json: Readonly<Record<string, unknown>> | null
  readonly requestId: string | null
  readonly retryAfterMs: number | null
  readonly secrets: readonly string[]
}

type Said = { readonly code: string; readonly message: string; readonly details: readonly string[]; readonly requestId: string | null }

/** `error.code` of Graph → ours (Graph: errors). What is not here goes by its status. */
const BY_CODE: Readonly<Record<string, FailureCode>> = {
  InvalidAuthenticationToken: 'token-rejected',
  Authorization_RequestDenied: 'permission-missing',
  Authorization_IdentityNotFound: 'permission-missing',
  ErrorAccessDenied: 'permission-missing',
  Request_ResourceNotFound: 'object-unknown',
  ErrorItemNotFound: 'object-unknown',
  ErrorFolderNotFound: 'object-unknown',
  ErrorInvalidUser: 'object-unknown',
  MailboxNotEnabledForRESTAPI: 'not-visible-yet',
  Request_MultipleObjectsWithSameKeyValue: 'object-exists',
  ErrorFolderExists: 'object-exists',
  ObjectConflict: 'object-exists',
  TooManyRequests: 'throttled',
  ApplicationThrottled: 'throttled',
}

/** Graph says these with the code Request_BadRequest alone, so that only the text tells them apart. */
const BY_TEXT: readonly (readonly [RegExp, FailureCode])[] = [
  [/does not have any available licenses/i, 'licence-short'],
  [/invalid usage location/i, 'usage-location-missing'],
  [/another object with the same value|references already exist|permission being assigned already exists/i, 'object-exists'],
  [/domain already exists/i, 'object-exists'],
  [/DNS verification record cannot be found/i, 'not-visible-yet'],
]

/** The failure for what Graph refused, with a sentence of its own; Graph's words are in `serverText`. */
export function graphFailure(refusal: GraphRefusal): Failure {
  const said = saidIn(refusal)
  const code = codeOf(refusal, said)
  const requestId = refusal.requestId ?? said.requestId
  return new Failure(code, withoutSecrets(sentence(refusal, said, code), refusal.secrets), {
    notDone: refusal.status < 500,
    ...(said.message === '' ? {} : { serverText: `${said.code}: ${said.message}` }),
    ...(requestId === null ? {} : { requestId }),
    ...(refusal.retryAfterMs === null ? {} : { retryAfterMs: refusal.retryAfterMs }),
  })
}

/** What makes a call one sentence: `POST /users`. */
function callOf({ method, path }: GraphRefusal): string {
  return oneLine(`${method} ${decoded(path.split('?')[0] ?? '')}`)
}

function codeOf({ status }: GraphRefusal, said: Said): FailureCode {
  if (status === 429) return 'throttled'
  const byText = BY_TEXT.find(([pattern]) => pattern.test(said.message))
  const byCode = [said.code, ...said.details].map((code) => BY_CODE[code]).find((code) => code !== undefined)
  if (status < 500 && byText !== undefined) return byText[1]
  if (byCode !== undefined) return byCode
  if (status === 401) return 'token-rejected'
  if (status === 403) return 'permission-missing'
  if (status === 404) return 'object-unknown'
  if (status === 409) return 'object-exists'
  return status >= 500 ? 'server-unavailable' : 'request-refused'
}

function sentence(refusal: GraphRefusal, said: Said, code: FailureCode): string {
  const call = callOf(refusal)
  const own = code === 'permission-missing' ? missing(refusal, said) : SENTENCES[code]?.(call, refusal)
  return own ?? `Microsoft Graph refused ${call}: ${said.message === '' ? `status ${refusal.status}` : said.message}`
}

const SENTENCES: Readonly<Partial<Record<FailureCode, (call: string, refusal: GraphRefusal) => string>>> = {
  'token-rejected': (call) => `Microsoft Graph does not accept the token of the application (${call}). Check tenant and cloud.`,
  throttled: (call) => `Microsoft Graph asked us to slow down (${call}).`,
  'server-unavailable': (call, { status, method }) => `Microsoft Graph gave no service (${status}) to ${call}.${doubt(method)}`,
  'not-visible-yet': (call, { path }) =>
    path.startsWith('/domains/')
      ? `The record that proves the domain cannot be seen in DNS yet (${call}).`
      : `The mailbox is not there yet, no longer, or not in Exchange Online (${call}).`,
  'object-unknown': (call) => `Microsoft 365 does not know what ${call} names.`,
  'licence-short': (call) => `No licence of this kind is left (${call}).`,
  'usage-location-missing': (call) => `The user has no valid usage location (${call}).`,
}

function doubt(method: string): string {
  return method === 'GET' ? '' : ' It is not known whether it was carried out.'
}

/** Graph sometimes names the permissions that would do; otherwise our own table knows the least one. */
function missing(refusal: GraphRefusal, said: Said): string {
  const call = callOf(refusal)
  const told = /(?:requires? one of|one of the following (?:scopes|permissions))(.{0,400}?)(?:Scopes on the request|$)/i.exec(said.message)
  const names = told?.[1]?.match(/[A-Za-z]+(?:\.[A-Za-z]+)+/g) ?? null
  const known = permissionFor(refusal.method, refusal.path)
  const permission = names === null ? known?.name : names.join(' or ')
  const which = permission === undefined ? 'a permission of Microsoft Graph' : `the permission ${permission} of Microsoft Graph`
  const why = names === null && known !== null ? `, ${known.why}` : ''
  const scoped = said.code === 'ErrorAccessDenied' ? ' Or a scope in Exchange (RBAC for Applications) leaves this mailbox out.' : ''
  return `The application lacks ${which}${why} (${call}).${scoped}`
}

function saidIn({ json, secrets }: GraphRefusal): Said {
  const error = objectIn(json?.['error'])
  const inner = objectIn(error['innerError'] ?? error['innererror'])
  const clean = oneLine(withoutSecrets(textIn(error['message']), secrets))
  return {
    code: withoutSecrets(textIn(error['code']).slice(0, 100), secrets),
    message: clean.slice(0, 600),
    details: objectsIn(error['details']).map((detail) => textIn(detail['code'])),
    requestId: typeof inner['request-id'] === 'string' ? inner['request-id'] : null,
  }
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
