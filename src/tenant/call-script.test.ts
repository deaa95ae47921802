import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { asPowerShell } from '../microsoft/as-powershell.ts'
import { CLOUDS } from '../microsoft/clouds.ts'
import { graphPath } from '../microsoft/graph-path.ts'
import { readPowerShell, type ReadValue } from '../microsoft/powershell-reader.fixture.ts'
import type { Json } from '../model/change.ts'
import type { TenantChange } from './call.ts'
import { planScript, scopesFor } from './call-script-plan.ts'
import { callLine } from './call-script.ts'

const hostile = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      "'",
      '\u2019',
      '"',
      '`',
      '$',
      '(',
      ')',
      '{',
      '}',
      ';',
      '#',
      '\n',
      '\r',
      '\0',
      '\u2028',
      '\u202e',
      '\ud800',
      'ü',
      '$made',
    ),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
  maxLength: 10,
})

test('a cmdlet is the line that it always was', () => {
  const call = {
    cmdlet: 'Set-Mailbox',
    parameters: { Identity: "o'hara@example.test", MaxReceiveSize: '150MB', RetentionHoldEnabled: true },
  }
  assert.equal(callLine(call), asPowerShell(call))
  const list = {
    Identity: 'a',
    EmailAddresses: { kind: 'change', add: ['smtp:b'], remove: ['smtp:c'] },
    X: { kind: 'table', entries: { 'a b': 1 } },
  }
  assert.deepEqual(readPowerShell(callLine({ cmdlet: 'Set-Mailbox', parameters: list })).parameters, {
    Identity: 'a',
    EmailAddresses: { table: { Add: { list: ['smtp:b'] }, Remove: { list: ['smtp:c'] } } },
    X: { table: { 'a b': 1 } },
  })
})

test('what is only known later is a variable, and a secret is asked for', () => {
  const cmdlet = callLine({
    cmdlet: 'New-Mailbox',
    parameters: {
      Name: 'Anna',
      Password: { $: 'secret.password' },
      Guid: { $: '{made.Guid}' },
      Text: { $: 'smtp:{before.Primary Address}!' },
      List: { kind: 'change', add: { $: 'added' } },
    },
  })
  assert.equal(
    cmdlet,
    `New-Mailbox -Name 'Anna' -Password (Read-Host -AsSecureString -Prompt 'password for Anna') -Guid $made.'Guid'` +
      ` -Text ('smtp:' + $before.'Primary Address' + '!') -List @{Add = @($added)}`,
  )
  const path = `${graphPath`/users/${"o'hara {made.id}"}`}/x/{made.id}/y`
  assert.equal(
    callLine({ graph: 'POST', path, body: { a: { $: 'removed' }, b: { $: 'secret.password' } } }),
    `Invoke-MgGraphRequest -Method 'POST' -Uri ('/v1.0/users/o''hara%20%7Bmade.id%7D/x/' + [uri]::EscapeDataString($made.'id') + '/y')` +
      ` -Body (ConvertTo-Json -Depth 20 -InputObject @{'a' = @($removed); 'b' = ([System.Net.NetworkCredential]::new('',` +
      ` (Read-Host -AsSecureString -Prompt 'password for /users/o''hara%20%7Bmade.id%7D/x/{made.id}/y')).Password)})` +
      ` -ContentType 'application/json; charset=utf-8'`,
  )
})

test('a cmdlet without the name of its object, or with a name that is none, makes no line', () => {
  assert.throws(() => callLine({ cmdlet: 'Remove-Mailbox', parameters: { Identity: ' ' } }), { code: 'bad-input' })
  assert.throws(() => callLine({ cmdlet: 'Get-Mailbox; x', parameters: {} }))
  assert.throws(() => callLine({ cmdlet: 'Set-Mailbox', parameters: { 'A -B': 1 } }))
})

const json = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3 },
    hostile,
    fc.maxSafeInteger(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(
      hostile.filter((name) => name !== '$' && name !== 'kind' && name !== '__proto__'),
      tie('json'),
      { maxKeys: 3, noNullPrototype: true },
    ),
  ),
})).json

function read(value: Json): ReadValue {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return { list: value.map(read) }
  return { table: Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, read(inner)])) }
}

test('whatever a request holds, its line is one line and reads back as the very same', () => {
  fc.assert(
    fc.property(json, (body) => {
      const line = callLine({ graph: 'PATCH', path: '/users/x', body })
      assert.doesNotMatch(line, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u)
      assert.deepEqual(readPowerShell(line), {
        cmdlet: 'Invoke-MgGraphRequest',
        parameters: {
          Method: 'PATCH',
          Uri: '/v1.0/users/x',
          Body: { json: read(body) },
          ContentType: 'application/json; charset=utf-8',
        },
      })
    }),
    { numRuns: 400 },
  )
})

function change(key: string, more: Partial<TenantChange>): TenantChange {
  return {
    key,
    kind: 'x',
    about: key,
    says: `Do ${key}`,
    after: [],
    look: { call: { cmdlet: 'Get-Mailbox', parameters: { Identity: key } } },
    expect: { is: 'there', id: 'Guid' },
    calls: [],
    undo: [],
    takes: 'seconds',
    ...more,
  }
}

test('a script connects to what it needs, keeps the order, waits for what comes by itself, and reads before it adds', () => {
  const script = planScript(
    [
      change('a', {
        after: ['b'],
        look: { call: { cmdlet: 'Get-DistributionGroupMember', parameters: { Identity: 'g' } }, collect: 'PrimarySmtpAddress' },
        expect: { is: 'holds', property: 'PrimarySmtpAddress', entries: ['x', "y'"] },
        calls: [{ cmdlet: 'Set-DistributionGroup', parameters: { Identity: 'g', Members: { kind: 'change', add: { $: 'added' } } } }],
      }),
      change('b', {}),
      change('c', {
        look: { call: { graph: 'GET', path: '/users' }, inside: 'list', find: { property: 'mail', equals: 'c' } },
        expect: { is: 'there', id: 'id' },
        calls: [
          { graph: 'POST', path: '/users', body: {} },
          { graph: 'DELETE', path: '/users/{made.id}' },
        ],
      }),
    ],
    CLOUDS.china,
  )
  const lines = script.split('\r\n').filter((line) => !/^(?: |function|\}|$)/.test(line))
  assert.deepEqual(lines, [
    '\ufeff#Requires -Modules ExchangeOnlineManagement, Microsoft.Graph.Authentication',
    "$ErrorActionPreference = 'Stop'",
    "Connect-ExchangeOnline -ShowBanner:$false -ExchangeEnvironmentName 'O365China'",
    "Connect-MgGraph -NoWelcome -Scopes @('User.Read.All', 'User.ReadWrite.All') -Environment 'China'",
    '# 1. Do b',
    "Wait-Until { @(Get-Mailbox -Identity 'b') | Select-Object -First 1 }",
    '# 2. Do a',
    "$present = @((@(Get-DistributionGroupMember -Identity 'g')).'PrimarySmtpAddress')",
    "$added = @(@('x', 'y''') | Where-Object { $present -notcontains $_ })",
    "if ($added.Count -gt 0) { $null = Set-DistributionGroup -Identity 'g' -Members @{Add = @($added)} }",
    '# 3. Do c',
    `$made = Invoke-MgGraphRequest -Method 'POST' -Uri '/v1.0/users' -Body (ConvertTo-Json -Depth 20 -InputObject @{}) -ContentType 'application/json; charset=utf-8'`,
    `$null = Invoke-MgGraphRequest -Method 'DELETE' -Uri ('/v1.0/users/' + [uri]::EscapeDataString($made.'id'))`,
    "Wait-Until { @((@(Read-Graph '/v1.0/users')).'list') | Where-Object { $_.'mail' -contains 'c' } | Select-Object -First 1 }",
    '$null = Disconnect-MgGraph',
    'Disconnect-ExchangeOnline -Confirm:$false',
  ])
})

test('a sentence cannot leave its comment, and nobody is connected for nothing', () => {
  fc.assert(
    fc.property(hostile, (says) => {
      const lines = planScript([change('b', { says })], CLOUDS.global).split('\r\n')
      assert.equal(lines.filter((line) => line.startsWith('# 1. ')).length, 1)
      assert.equal(lines.filter((line) => /MgGraph|[\n\r\u2028\u0085]/.test(line)).length, 0)
    }),
  )
  assert.doesNotMatch(planScript([], CLOUDS.global), /Connect|Requires/)
  assert.deepEqual(scopesFor([{ cmdlet: 'Get-Mailbox', parameters: {} }]), [])
})
