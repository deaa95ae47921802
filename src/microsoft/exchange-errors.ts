import type { FailureCode } from '../model/failure-codes.ts'
import { Failure } from '../model/failure.ts'
import type { ApiReply } from './api-http.ts'
import type { CmdletCall } from './cmdlet.ts'
import { subjectOf } from './cmdlet.ts'
import { isRepeatableCall } from './cmdlet-rules.ts'
import { objectIn, objectsIn, oneLine, textIn, withoutSecrets } from './wire-json.ts'

type Said = { readonly exception: string; readonly text: string }

/** The last word of the exception's class, as seen at the service (Microsoft365DSC and CIPP keep such lists). */
const BY_EXCEPTION: Readonly<Record<string, FailureCode>> = {
  ManagementObjectNotFoundException: 'object-unknown',
  ManagementObjectAlreadyExistsException: 'object-exists',
  ProxyAddressExistsException: 'object-exists',
  WLCDManagedMemberExistsException: 'object-exists',
  MemberAlreadyExistsException: 'object-exists',
  CommandNotFoundException: 'role-missing',
}

/** Where the class says too little: `ValidationException` and the like stand for anything. */
const BY_TEXT: readonly (readonly [RegExp, FailureCode])[] = [
  [/Enable-OrganizationCustomization/, 'customization-needed'],
  [/present in the role definition|is not recognized as/i, 'role-missing'],
  [/\balready exists?\b|is already being used|is already a member/i, 'object-exists'],
  [/couldn't be found/i, 'object-unknown'],
  [/CNAME record does not exist for this config/i, 'not-visible-yet'],
]

/** Said with the status 403, which without words means that Exchange.ManageAsApp is missing. */
const NO_ROLE = /The role assigned to application|present in the role definition/i

const BY_STATUS: Readonly<Record<number, FailureCode>> = { 401: 'token-rejected', 403: 'permission-missing', 429: 'throttled' }

/** The failure for what Exchange Online refused. The server's words are in `serverText`, the name of the request in `requestId`. */
export function exchangeFailure(call: CmdletCall, reply: ApiReply, secrets: readonly string[]): Failure {
  const said = saidIn(reply, secrets)
  const code = codeOf(reply, said)
  return new Failure(code, withoutSecrets(sentence(call, reply, said, code), secrets), {
    notDone: reply.status < 500,
    ...(said.text === '' ? {} : { serverText: said.exception === '' ? said.text : `${said.exception}: ${said.text}` }),
    ...(reply.requestId === null ? {} : { requestId: reply.requestId }),
    ...(reply.retryAfterMs === null ? {} : { retryAfterMs: reply.retryAfterMs }),
  })
}

/** `error.details[0].message` is `Ex6F9304|class|text`; other shapes have been seen, and gateways answer HTML or nothing. */
function saidIn({ json }: ApiReply, secrets: readonly string[]): Said {
  const error = objectIn(json?.['error'])
  const inner = lowerKeys(objectIn(lowerKeys(error)['innererror']))
  const told = [objectsIn(error['details'])[0]?.['message'], objectIn(inner['internalexception'])['message'], error['message']]
  const raw = told.map(textIn).find((text) => text !== '') ?? ''
  const parts = /^([^|]*)\|([^|]*)\|([^]*)$/.exec(raw)
  const clean = (text: string): string => oneLine(withoutSecrets(text, secrets)).slice(0, 600)
  if (parts === null) return { exception: '', text: clean(raw) }
  return { exception: clean(parts[2]?.split('.').at(-1) ?? ''), text: clean(parts[3] ?? '') }
}

function codeOf({ status, json }: ApiReply, said: Said): FailureCode {
  if (NO_ROLE.test(said.text)) return 'role-missing'
  const known = BY_STATUS[status] ?? BY_EXCEPTION[said.exception] ?? BY_TEXT.find(([pattern]) => pattern.test(said.text))?.[1]
  if (known !== undefined) return known
  if (status >= 500) return 'server-unavailable'
  return status === 404 && json !== null ? 'object-unknown' : 'request-refused'
}

function sentence(call: CmdletCall, { status }: ApiReply, said: Said, code: FailureCode): string {
  const subject = subjectOf(call)
  const what = subject === null ? call.cmdlet : oneLine(`${call.cmdlet} for ${subject}`)
  const own = SENTENCES[code]
  if (own !== undefined) return own(what, call)
  // Microsoft says the same of a parameter that is misspelt and of one that the role may not use.
  const parameter = /parameter cannot be found that matches parameter name '([^']+)'/i.exec(said.text)?.[1]
  if (parameter !== undefined)
    return `Exchange Online knows no "${parameter}" of ${what}, or the role of the application does not allow it.`
  // Which of its servers did not know it helps nobody but support.
  const text = said.text.replace(/ on '[A-Z0-9.]+\.OUTLOOK\.COM'/, '')
  return `Exchange Online refused ${what}: ${text === '' ? `status ${status}` : text}`
}

const SENTENCES: Readonly<Partial<Record<FailureCode, (what: string, call: CmdletCall) => string>>> = {
  'token-rejected': () => 'Exchange Online does not accept the token of the application. Check tenant and cloud, and Exchange.ManageAsApp.',
  'permission-missing': (what) =>
    `The application may not run ${what}: it lacks the permission Exchange.ManageAsApp of Office 365 Exchange Online.`,
  'role-missing': (what) => `The role of the application in the directory does not let it run ${what}.`,
  throttled: (what) => `Exchange Online asked us to slow down (${what}).`,
  'server-unavailable': (what, call) =>
    `Exchange Online gave no service to ${what}.${isRepeatableCall(call) ? '' : ' It is not known whether it was carried out.'}`,
  'object-unknown': (what) => `Exchange Online does not know what ${what} names.`,
  'customization-needed': (what) => `The organization takes no settings of its own yet, so that ${what} is not allowed.`,
}

function lowerKeys(value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key.toLowerCase(), inner]))
}
