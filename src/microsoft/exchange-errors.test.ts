import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FailureCode } from '../model/failure-codes.ts'
import type { ApiReply } from './api-http.ts'
import { exchangeFailure } from './exchange-errors.ts'
import { sizeBytes } from './exchange-values.ts'

const call = { cmdlet: 'Set-Mailbox', parameters: { Identity: 'nobody@example.test' } }
const reply = (status: number, json: ApiReply['json'], text = ''): ApiReply => ({
  status,
  headers: new Headers(),
  text,
  json,
  requestId: 'r-7',
  retryAfterMs: null,
})
const told = (status: number, message: string): ApiReply =>
  reply(status, { error: { code: 'X', message: 'Error executing cmdlet', details: [{ message }] } })

const cases: readonly (readonly [number, string, FailureCode])[] = [
  [
    404,
    "Ex6F9304|Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException|The operation couldn't be performed because object 'nobody' couldn't be found on 'DB6PR06A001DC06.EURPR06A001.PROD.OUTLOOK.COM'.",
    'object-unknown',
  ],
  [400, 'Ex1|Microsoft.Exchange.Data.ProxyAddressExistsException|The proxy address is taken.', 'object-exists'],
  [400, 'Ex1|Microsoft.Exchange.X.RecipientTaskException|The value is already being used by the proxy addresses of "x".', 'object-exists'],
  [
    400,
    "Ex1|System.Management.Automation.ParameterBindingException|A parameter cannot be found that matches parameter name 'X'.",
    'request-refused',
  ],
  [400, "|X|The cmdlet isn't present in the role definition of the current user.", 'role-missing'],
  [403, "The role assigned to application 0a1b isn't supported in this scenario.", 'role-missing'],
  [403, '', 'permission-missing'],
  [
    400,
    "|X.ValidationException|The command you tried to run isn't currently allowed in your organization. To run this command, you first need to run the command: Enable-OrganizationCustomization.",
    'customization-needed',
  ],
  [
    400,
    '|Microsoft.Exchange.ManagementTasks.ValidationException|CNAME record does not exist for this config. Please publish the following two CNAME records first.',
    'not-visible-yet',
  ],
  [400, 'Ex1|X.ArgumentException|The value is | not good.', 'request-refused'],
  [429, 'Too many requests', 'throttled'],
  [503, '', 'server-unavailable'],
]

for (const [status, message, code] of cases) {
  test(`${status} "${message.slice(-60)}" is ${code}`, () => {
    const failure = exchangeFailure(call, told(status, message), [])
    assert.equal(failure.code, code)
    assert.equal(failure.requestId, 'r-7')
    assert.doesNotMatch(failure.message, /\|.*\||PROD\.OUTLOOK/)
  })
}

test('a refusal is told in the words of the service, with what was asked', () => {
  const failure = exchangeFailure(call, told(400, 'Ex1|X.ArgumentException|The value is\n | not good.'), [])
  assert.equal(failure.message, 'Exchange Online refused Set-Mailbox for nobody@example.test: The value is | not good.')
  assert.equal(failure.serverText, 'ArgumentException: The value is | not good.')
})

test('the inner exception speaks where there are no details, whatever the case of its name', () => {
  for (const name of ['internalException', 'internalexception']) {
    const json = {
      error: {
        message: 'Error executing cmdlet',
        innerError: { [name]: { message: 'Ex1|X.MemberAlreadyExistsException|The member is there.' } },
      },
    }
    assert.equal(exchangeFailure(call, reply(400, json), []).code, 'object-exists')
  }
})

test('a refusal without a body goes by its status', () => {
  assert.equal(exchangeFailure(call, reply(401, null), []).code, 'token-rejected')
  assert.equal(exchangeFailure(call, reply(403, null), []).code, 'permission-missing')
  assert.equal(exchangeFailure(call, reply(404, null, '<html>'), []).code, 'request-refused')
  assert.match(exchangeFailure(call, reply(400, null), []).message, /status 400/)
})

test('a parameter that is not taken is named', () => {
  const said = "Ex1|System.Management.Automation.ParameterBindingException|A parameter cannot be found that matches parameter name 'Wrods'."
  assert.match(exchangeFailure(call, told(400, said), []).message, /knows no "Wrods" of Set-Mailbox for nobody@example\.test, or the role/)
})

test('how long to wait is kept', () => {
  assert.equal(exchangeFailure(call, { ...reply(429, null), retryAfterMs: 7000 }, []).retryAfterMs, 7000)
})

test('sizes are read from what stands in brackets', () => {
  assert.equal(sizeBytes('3.322 KB (3,402 bytes)'), 3402)
  assert.equal(sizeBytes('50 GB (53,687,091,200 bytes)'), 53_687_091_200)
  assert.equal(sizeBytes('1,5 GB (1.610.612.736 bytes)'), 1_610_612_736)
  assert.equal(sizeBytes('Unlimited'), Infinity)
  assert.equal(sizeBytes(17), 17)
  for (const none of ['', 'none', null, undefined, '(bytes)']) assert.equal(sizeBytes(none), null)
})
