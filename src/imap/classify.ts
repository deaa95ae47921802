import { Failure } from '../model/failure.ts'
import type { FailureCode } from '../model/failure-codes.ts'

/** The words of a NO, BAD or BYE; of a line that is no IMAP, with no code. */
export type Refusal = { readonly status: string; readonly code: string; readonly text: string }

type Rule = {
  readonly verbs?: RegExp
  readonly code?: RegExp
  readonly text?: RegExp
  readonly status?: RegExp
  readonly gives: FailureCode
}

const LOGIN = /^(LOGIN|AUTHENTICATE|X-MASTERAUTH)$/
const SIGN_IN = /^(LOGIN|AUTHENTICATE|X-MASTERAUTH|PROXYAUTH|X-SETUSER)$/
const BECOME = /^(PROXYAUTH|X-SETUSER)$/
const OPEN = /^(SELECT|EXAMINE|STATUS)$/
const INTO = /^(APPEND|COPY|MOVE|UID COPY|UID MOVE)$/
const FETCH = /FETCH$/

/** First match wins. Where no verb is named the words mean the same everywhere. Sources: the catalogue of server texts in the guide. */
const RULES: readonly Rule[] = [
  { text: /request is throttled|backoff time/i, gives: 'throttled' },
  { code: /^THROTTLED$/, gives: 'throttled' },
  { text: /accesstokenexpired/i, gives: 'token-expired' },
  { text: /authenticated but not connected/i, gives: 'mailbox-not-connected' },
  {
    text: /too many (simultaneous |concurrent )?(imap )?(connections|sessions)|maximum number of (imap )?connections/i,
    gives: 'too-many-connections',
  },
  { text: /too many (invalid logon|bad auth|failed|login failure)/i, gives: 'throttled' },
  { text: /exceeded (command|bandwidth|command or bandwidth) limits/i, gives: 'allowance-used' },
  { text: /rate limit/i, gives: 'throttled' },
  { verbs: LOGIN, code: /^LIMIT$/, gives: 'too-many-connections' },
  { verbs: LOGIN, code: /^(UNAVAILABLE|INUSE|SERVERBUG)$/, gives: 'server-unavailable' },
  { verbs: LOGIN, code: /^PRIVACYREQUIRED$/, gives: 'tls-required' },
  { verbs: LOGIN, text: /plaintext authentication disallowed/i, gives: 'tls-required' },
  {
    verbs: SIGN_IN,
    text: /imap4?( access)? (is )?(currently )?(disabled|not enabled|not allowed|switched off|turned off)|(not enabled|not allowed|disabled) for imap|yet to enable imap|enable imap/i,
    gives: 'imap-disabled',
  },
  {
    verbs: SIGN_IN,
    text: /application-specific password|app(lication)? password|via your web browser|via a browser|WEBALERT/i,
    gives: 'app-password-needed',
  },
  {
    verbs: SIGN_IN,
    text: /locked out|(account|user|mailbox|login)( has been| is)?( currently| temporarily)? (locked|suspended|blocked|disabled|deactivated|inactive|closed|in maintenance)|maintenance mode/i,
    gives: 'account-locked',
  },
  { verbs: SIGN_IN, code: /^(AUTHORIZATIONFAILED|NOPERM)$/, gives: 'mailbox-unknown' },
  { verbs: BECOME, status: /^BAD$/, gives: 'auth-unsupported' },
  { verbs: BECOME, text: /temporar|try again|unavailable|internal error|timed? ?out/i, gives: 'server-unavailable' },
  { verbs: BECOME, gives: 'mailbox-unknown' },
  { verbs: LOGIN, text: /temporar|try again|unavailable|internal error|timed? ?out/i, gives: 'server-unavailable' },
  { verbs: LOGIN, text: /unsupported|unknown (auth|command)|not supported|mechanism|invalid state/i, gives: 'auth-unsupported' },
  { verbs: LOGIN, status: /^NO$/, gives: 'auth-rejected' },
  { verbs: LOGIN, status: /^BAD$/, text: /argument|syntax|command error/i, gives: 'auth-unsupported' },
  { verbs: LOGIN, gives: 'auth-rejected' },
  { code: /^(AUTHENTICATIONFAILED|AUTHORIZATIONFAILED|EXPIRED)$/, gives: 'auth-rejected' },
  { verbs: INTO, code: /^OVERQUOTA$/, gives: 'quota-full' },
  {
    verbs: INTO,
    text: /quota (exceeded|full)|over ?quota|exceeds? (the |your )?quota|mailbox is full|not enough (disk )?space/i,
    gives: 'quota-full',
  },
  { code: /^OVERQUOTA$/, gives: 'allowance-used' },
  { verbs: INTO, code: /^TOOBIG$/, gives: 'message-too-large' },
  {
    verbs: INTO,
    text: /maximum size of appendable|command line limit exceeded|(message|literal) (is )?too (large|big)|size limit|exceeds (the )?maximum (allowed )?(message )?size/i,
    gives: 'message-too-large',
  },
  { text: /server unavailable/i, gives: 'server-unavailable' },
  { verbs: FETCH, code: /^EXPUNGEISSUED$/, gives: 'message-vanished' },
  { verbs: FETCH, text: /no longer exist|could not be fetched/i, gives: 'message-vanished' },
  { verbs: FETCH, code: /^(SERVERBUG|CORRUPTION|UNKNOWN-CTE)$/, gives: 'message-unreadable' },
  { verbs: FETCH, text: /internal error|error while fetching|corrupt/i, gives: 'message-unreadable' },
  { code: /^(UNAVAILABLE|INUSE|SERVERBUG|LIMIT)$/, gives: 'server-unavailable' },
  { text: /tempfail|try again later|temporar(y|ily)|internal (server )?error/i, gives: 'server-unavailable' },
  { verbs: INTO, code: /^(TRYCREATE|NONEXISTENT)$/, gives: 'folder-vanished' },
  {
    verbs: INTO,
    text: /(mailbox|folder) .*(doesn't exist|does not exist|not found)|(mailbox|folder) (doesn't exist|does not exist)|unknown mailbox|^\[?.*doesn't exist\.?$/i,
    gives: 'folder-vanished',
  },
  { verbs: /^APPEND$/, code: /^(NOPERM|CANNOT)$/, text: /mailbox|folder|permission/i, gives: 'folder-refused' },
  { verbs: /^APPEND$/, text: /virus|malware|infected/i, gives: 'message-infected' },
  { verbs: /^APPEND$/, gives: 'message-refused' },
  { verbs: OPEN, code: /^NONEXISTENT$/, gives: 'folder-vanished' },
  { verbs: OPEN, text: /doesn't exist|does not exist|unknown mailbox|no such mailbox|not found/i, gives: 'folder-vanished' },
  { verbs: OPEN, gives: 'folder-refused' },
  { verbs: /^CREATE$/, gives: 'folder-name-refused' },
  { verbs: INTO, status: /^NO$/, gives: 'folder-refused' },
  { verbs: FETCH, status: /^NO$/, gives: 'message-unreadable' },
  { text: /session expired|autologout|idle|inactivity|shutting down|signing off|connection closed/i, gives: 'connection-lost' },
  { status: /^BYE$/, gives: 'connection-lost' },
  { status: /^NO$/, gives: 'server-unavailable' },
]

/** Commands that a server carries out whole or not at all: a NO or BAD proves that nothing happened. */
const WHOLE = /^(APPEND|CREATE|SUBSCRIBE|LOGIN|AUTHENTICATE|X-MASTERAUTH|PROXYAUTH|X-SETUSER)$/
/** A server that refuses all logins for a while; nobody says for how long. */
const LOGIN_BAN_MS = 30 * 60_000
const DEFAULT_BACKOFF_MS = 60_000

/** Translates a server's refusal into the product's words. `verb` is the command, '' for a word to the whole session. */
export function classify(refusal: Refusal, verb: string, host: string): Failure {
  const { status, code, text } = refusal
  const rule = RULES.find(
    (rule) =>
      (rule.verbs === undefined || rule.verbs.test(verb)) &&
      (rule.code === undefined || rule.code.test(code)) &&
      (rule.text === undefined || rule.text.test(text)) &&
      (rule.status === undefined || rule.status.test(status)),
  )
  const gives = rule?.gives ?? 'protocol'
  const words = code === '' ? `${status} ${text}`.trim() : `${status} [${code}] ${text}`.trim()
  const message = verb === '' ? `${host} said: ${words}` : `${host} refused ${verb}: ${words}`
  return new Failure(gives, message, {
    serverText: words,
    ...(status !== 'BYE' && WHOLE.test(verb) ? { notDone: true } : {}),
    ...(gives === 'throttled' ? { retryAfterMs: backoffMs(text) } : {}),
  })
}

function backoffMs(text: string): number {
  const hint = /backoff time[:=\s]+(\d+)/i.exec(text)
  if (hint !== null) return Number(hint[1])
  return /too many (invalid logon|bad auth|failed|login failure)/i.test(text) ? LOGIN_BAN_MS : DEFAULT_BACKOFF_MS
}

/** Exchange reads what follows an over-long line of a message as commands; from then on no answer can be trusted. */
export function lostPlace(host: string, serverText: string): Failure {
  return new Failure('protocol', `${host} lost its place while taking messages: ${serverText}`, { serverText })
}

export function endlessGarbage(host: string): Failure {
  return new Failure('protocol', `${host} says line after line that is no IMAP.`)
}
