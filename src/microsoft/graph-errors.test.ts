import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FailureCode } from '../model/failure-codes.ts'
import { graphFailure } from './graph-errors.ts'
import { permissionFor } from './graph-permissions.ts'

const refusal = { method: 'POST', path: '/users', status: 400, requestId: null, retryAfterMs: null, secrets: [] } as const
const said = (code: string, message: string, more: Readonly<Record<string, unknown>> = {}) => ({ error: { code, message, ...more } })

const cases: readonly (readonly [number, string, string, FailureCode])[] = [
  [400, 'Request_BadRequest', 'License assignment cannot be done for user with invalid usage location.', 'usage-location-missing'],
  [400, 'Request_BadRequest', 'Subscription with SKU 6fd2c87f does not have any available licenses.', 'licence-short'],
  [400, 'Request_BadRequest', 'Another object with the same value for property userPrincipalName already exists.', 'object-exists'],
  [
    400,
    'Request_BadRequest',
    "One or more added object references already exist for the following modified properties: 'members'.",
    'object-exists',
  ],
  [400, 'Request_BadRequest', 'The specified password does not comply with password complexity requirements.', 'request-refused'],
  [403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.', 'permission-missing'],
  [404, 'Request_ResourceNotFound', "Resource 'x' does not exist.", 'object-unknown'],
  [400, 'ErrorFolderNotFound', 'x', 'object-unknown'],
  [404, 'MailboxNotEnabledForRESTAPI', 'The mailbox is either inactive, soft-deleted, or is hosted on-premise.', 'not-visible-yet'],
  [409, 'ErrorFolderExists', 'A folder with the specified name already exists.', 'object-exists'],
  [413, 'RequestEntityTooLarge', 'x', 'request-refused'],
  [429, 'ApplicationThrottled', 'Application is over its MailboxConcurrency limit.', 'throttled'],
  [503, 'UnknownError', '', 'server-unavailable'],
]

for (const [status, code, message, expected] of cases) {
  test(`${status} ${code} "${message.slice(0, 30)}" is ${expected}`, () => {
    const failure = graphFailure({ ...refusal, status, json: said(code, message) })
    assert.equal(failure.code, expected)
    assert.match(failure.message, /\/users/)
    assert.equal(failure.notDone, status < 500)
  })
}

test('a domain whose record is not in DNS yet is waited for; one that another tenant has is not', () => {
  const verify = (message: string) =>
    graphFailure({ ...refusal, path: '/domains/a.example/verify', json: said('Request_BadRequest', message) })
  const missing = verify("Domain verification failed with the following error: 'DNS verification record cannot be found.'.")
  assert.equal(missing.code, 'not-visible-yet')
  assert.match(missing.message, /The record that proves the domain cannot be seen/)
  assert.equal(
    verify("Domain verification failed with the following error: 'The domain is already verified in another organization.'.").code,
    'request-refused',
  )
})

test('the request id is kept, from the header or from the body', () => {
  const json = said('X', 'y', { innerError: { 'request-id': 'body-id' } })
  assert.equal(graphFailure({ ...refusal, json }).requestId, 'body-id')
  assert.equal(graphFailure({ ...refusal, requestId: 'header-id', json }).requestId, 'header-id')
})

test('a conflict that only the details tell is seen', () => {
  assert.equal(
    graphFailure({ ...refusal, json: said('Request_BadRequest', 'x', { details: [{ code: 'ObjectConflict' }] }) }).code,
    'object-exists',
  )
})

test('the permission that Graph names is told, and otherwise the least one that the call needs, with its reason', () => {
  const named = said(
    'Forbidden',
    "Missing scope permissions on the request. API requires one of 'User.Read.All, Directory.Read.All'. Scopes on the request 'Mail.Read'",
  )
  assert.match(graphFailure({ ...refusal, status: 403, json: named }).message, /permission User\.Read\.All or Directory\.Read\.All of/)
  const unnamed = said('Authorization_RequestDenied', 'Insufficient privileges to complete the operation.')
  const failure = graphFailure({ ...refusal, path: '/users/x/assignLicense', status: 403, json: unnamed })
  assert.match(failure.message, /lacks the permission LicenseAssignment\.ReadWrite\.All of Microsoft Graph, to give licences \(POST/)
  const mailbox = graphFailure({
    ...refusal,
    method: 'GET',
    path: '/users/x/mailFolders?$top=1',
    status: 403,
    json: said('ErrorAccessDenied', 'Access is denied.'),
  })
  assert.match(mailbox.message, /Mail\.Read .*leaves this mailbox out/)
})

test('each call of the product knows the least permission it needs', () => {
  const needs = (method: string, path: string): string | undefined => permissionFor(method, path)?.name
  assert.equal(needs('GET', '/users?$top=5'), 'User.Read.All')
  assert.equal(needs('PATCH', '/users/x'), 'User.ReadWrite.All')
  assert.equal(needs('POST', '/users/x/mailFolders'), 'Mail.ReadWrite')
  assert.equal(needs('GET', '/subscribedSkus'), 'Organization.Read.All')
  assert.equal(needs('POST', '/domains/x/verify'), 'Domain.ReadWrite.All')
  assert.equal(needs('GET', '/servicePrincipals/x/appRoleAssignments'), 'Application.Read.All')
  assert.equal(needs('GET', '/somethingElse'), undefined)
})

test('an answer that is no JSON is a failure with its status', () => {
  assert.match(graphFailure({ ...refusal, json: null }).message, /refused POST \/users: status 400/)
})
