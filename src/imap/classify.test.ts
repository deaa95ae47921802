import assert from 'node:assert/strict'
import { test } from 'node:test'
import { classify } from './classify.ts'
import { parseStatus } from './parse-status.ts'
import { socketFailure } from './socket-error.ts'

/** What a server says to which command, and what it means. */
const TABLE = [
  ['APPEND', 'NO Request is throttled. Suggested Backoff Time: 299609 milliseconds', 'throttled'],
  ['UID FETCH', 'BAD Request is throttled. Suggested Backoff Time: 178755 milliseconds', 'throttled'],
  ['', 'BYE Session invalidated - AccessTokenExpired', 'token-expired'],
  ['NAMESPACE', 'BAD User is authenticated but not connected.', 'mailbox-not-connected'],
  ['APPEND', 'NO Maximum size of appendable message has been exceeded', 'message-too-large'],
  ['APPEND', 'NO [TOOBIG] no', 'message-too-large'],
  ['APPEND', 'BAD command line limit exceeded', 'message-too-large'],
  ['APPEND', 'BAD Command Argument Error. 11', 'message-refused'],
  ['APPEND', 'NO Message could not be stored: virus found.', 'message-infected'],
  ['APPEND', 'NO Virus scanner is down, try again later', 'server-unavailable'],
  ['APPEND', 'NO Message contains NUL characters', 'message-refused'],
  ['APPEND', 'NO [OVERQUOTA] Quota exceeded (mailbox for user is full)', 'quota-full'],
  ['UID COPY', 'NO [OVERQUOTA] x', 'quota-full'],
  ['UID FETCH', 'NO [OVERQUOTA] Account exceeded command or bandwidth limits. (Failure)', 'allowance-used'],
  ['AUTHENTICATE', 'NO [OVERQUOTA] Account exceeded bandwidth limits. (Failure)', 'allowance-used'],
  ['LOGIN', 'NO [ALERT] Too many simultaneous connections. (Failure)', 'too-many-connections'],
  ['APPEND', 'NO Server Unavailable. 15', 'server-unavailable'],
  ['APPEND', "NO [TRYCREATE] Mailbox doesn't exist: x", 'folder-vanished'],
  ['LOGIN', 'NO [AUTHENTICATIONFAILED] Authentication failed.', 'auth-rejected'],
  ['LOGIN', 'NO LOGIN failed.', 'auth-rejected'],
  ['AUTHENTICATE', 'NO AUTHENTICATE failed.', 'auth-rejected'],
  ['LOGIN', 'NO [UNAVAILABLE] Temporary authentication failure.', 'server-unavailable'],
  ['LOGIN', 'NO [LIMIT] too many', 'too-many-connections'],
  ['LOGIN', 'NO [ALERT] Too many simultaneous connections. (Failure)', 'too-many-connections'],
  ['', 'BYE Maximum number of connections from user+IP exceeded (mail_max_userip_connections=10)', 'too-many-connections'],
  ['LOGIN', 'NO [PRIVACYREQUIRED] Plaintext authentication disallowed on non-secure (SSL/TLS) connections.', 'tls-required'],
  ['AUTHENTICATE', 'NO Unsupported authentication mechanism.', 'auth-unsupported'],
  ['LOGIN', 'NO Too many invalid logon attempts', 'throttled'],
  ['', 'BYE Connection closed. 14', 'connection-lost'],
  ['', 'BYE Autologout; idle for too long', 'connection-lost'],
  ['EXAMINE', 'NO [NONEXISTENT] Unknown Mailbox: x', 'folder-vanished'],
  ['SELECT', 'NO [NOPERM] Permission denied', 'folder-refused'],
  ['STATUS', 'NO x', 'folder-refused'],
  ['CREATE', 'NO Folder name is reserved', 'folder-name-refused'],
  ['CREATE', 'NO [CANNOT] Invalid mailbox name', 'folder-name-refused'],
  ['UID FETCH', 'NO Some of the requested messages no longer exist.', 'message-vanished'],
  ['UID FETCH', 'NO [SERVERBUG] Internal error occurred.', 'message-unreadable'],
  ['UID FETCH', 'NO FETCH Server error while fetching messages', 'message-unreadable'],
  ['LIST', 'BAD Command Argument Error. 12', 'protocol'],
  ['LIST', 'NO [INUSE] x', 'server-unavailable'],
] as const

for (const [verb, text, code] of TABLE) {
  test(`"${text}" to ${verb === '' ? 'the session' : verb} means ${code}`, () => {
    const failure = classify(parseStatus(null, text, 0), verb, 'mail.example.test')
    assert.equal(failure.code, code)
    assert.equal(failure.serverText, text)
  })
}

test('how long to wait is read from the words of the server', () => {
  const failure = classify(
    { status: 'NO', code: '', text: 'Request is throttled. Suggested Backoff Time: 299609 milliseconds' },
    'APPEND',
    'h',
  )
  assert.equal(failure.retryAfterMs, 299_609)
})

test('a refused APPEND was certainly not done; of a BYE that cannot be said', () => {
  assert.equal(classify({ status: 'BAD', code: '', text: 'x' }, 'APPEND', 'h').notDone, true)
  assert.equal(classify({ status: 'BYE', code: '', text: 'x' }, '', 'h').notDone, false)
  assert.equal(classify({ status: 'NO', code: '', text: 'x' }, 'UID MOVE', 'h').notDone, false)
})

test('errors of sockets become sentences', () => {
  const failure = (code: string, extra: object = {}): string => {
    const { code: found, message } = socketFailure(Object.assign(new Error('x'), { code }, extra), 'mail.example.test', 993)
    return `${found}: ${message}`
  }
  assert.equal(failure('ENOTFOUND'), 'host-unknown: There is no host named mail.example.test.')
  assert.equal(failure('ECONNREFUSED'), 'connection-refused: Nothing accepts connections at mail.example.test:993.')
  assert.match(failure('ECONNRESET'), /^connection-lost/)
  assert.match(failure('ETIMEDOUT'), /^connection-timeout/)
  assert.match(failure('CERT_HAS_EXPIRED'), /^tls-untrusted: The certificate of mail\.example\.test has expired/)
  assert.match(failure('ERR_TLS_CERT_ALTNAME_INVALID', { reason: 'Host: x. is not in the cert' }), /tls-untrusted.*is not in the cert/)
  assert.match(failure('ERR_SSL_WRONG_VERSION_NUMBER'), /^tls-failed: .*not in TLS/)
  assert.match(failure('ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION'), /^tls-old: .*no longer safe/)
  assert.match(failure('ERR_SSL_SOMETHING_NEW'), /^tls-failed: No TLS connection/)
})
