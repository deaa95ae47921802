import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { Secret } from '../model/secret.ts'
import { asPowerShell } from './as-powershell.ts'
import { CLOUDS } from './clouds.ts'
import type { CmdletValue } from './cmdlet.ts'
import { powerShellScript } from './powershell-script.ts'
import type { ReadValue } from './powershell-reader.fixture.ts'
import { readPowerShell } from './powershell-reader.fixture.ts'

/** Characters that a shell, a script's reader or an encoding trips over, among all others. */
const hostile = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      "'",
      '\u2018',
      '\u2019',
      '\u201a',
      '\u201b',
      '"',
      '\u201c',
      '`',
      '$',
      '(',
      ')',
      '{',
      '}',
      ';',
      '|',
      '&',
      '#',
      '@',
      ',',
      '-',
      ' ',
      '%',
      '=',
      '+',
    ),
    fc.constantFrom(
      '\n',
      '\r',
      '\t',
      '\0',
      '\u0085',
      '\u00a0',
      '\u00ad',
      '\u2028',
      '\u200b',
      '\u202e',
      '\ufeff',
      '\ud800',
      '\udc00',
      '\u{e0001}',
      'ü',
      '漢',
      '😀',
      'a',
      '7',
      '[char]',
    ),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
  maxLength: 12,
})
const number = fc.maxSafeInteger()
const date = fc.date({ min: new Date('1970-01-01T00:00:00Z'), max: new Date('2199-12-31T00:00:00Z'), noInvalidDate: true })
const value: fc.Arbitrary<readonly [CmdletValue, ReadValue | null]> = fc.oneof(
  hostile.map((text) => [text, text] as const),
  number.map((n) => [n, n] as const),
  fc.boolean().map((yes) => [yes, yes] as const),
  fc.constant([null, null] as const),
  date.map((at) => [at, { date: `${at.toISOString().slice(0, 19)}Z` }] as const),
  fc.array(fc.oneof(hostile, number), { maxLength: 4 }).map((list) => [list, { list }] as const),
  fc
    .array(hostile, { maxLength: 3 })
    .map((add) => [{ kind: 'change', add, remove: ['x'] } as const, { table: { Add: { list: add }, Remove: { list: ['x'] } } }] as const),
  fc
    .dictionary(hostile, fc.oneof(hostile, number, fc.boolean()), { maxKeys: 3, noNullPrototype: true })
    .map((entries) => [{ kind: 'table', entries } as const, { table: entries }] as const),
  hostile.map((name) => [{ kind: 'file', name, bytes: Buffer.from('EmailAddress,Password') } as const, { file: name }] as const),
)

test('whatever the values hold, the line reads back as the very same call', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.stringMatching(/^[A-Z][A-Za-z]{2,9}$/), value, { maxKeys: 4, noNullPrototype: true }), (parameters) => {
      const entries = Object.entries(parameters).filter(([name]) => name !== 'Identity')
      const line = asPowerShell({ cmdlet: 'Set-Mailbox', parameters: Object.fromEntries(entries.map(([name, [given]]) => [name, given])) })
      assert.deepEqual(readPowerShell(line), {
        cmdlet: 'Set-Mailbox',
        parameters: Object.fromEntries(entries.map(([name, [, read]]) => [name, read])),
      })
    }),
    { numRuns: 1500 },
  )
})

test('a line is one line, shows all that is in it, and can be written in UTF-8', () => {
  fc.assert(
    fc.property(hostile, (name) => {
      const line = asPowerShell({ cmdlet: 'New-Mailbox', parameters: { Name: name, Shared: true } })
      assert.doesNotMatch(line, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
      assert.equal(Buffer.from(line).toString(), line)
    }),
    { numRuns: 500 },
  )
})

test('a secret is asked for where the script runs, and never in the line, not even with a hostile name in the prompt', () => {
  fc.assert(
    fc.property(hostile, (name) => {
      const line = asPowerShell({ cmdlet: 'New-Mailbox', parameters: { Name: name, Password: new Secret('xK9!vv-Example') } })
      assert.doesNotMatch(line, /xK9|\*\*\*/)
      assert.deepEqual(readPowerShell(line).parameters['Password'], { prompt: `Password for New-Mailbox ${name}` })
    }),
  )
})

test('the lines are those that an administrator would write', () => {
  const lines: readonly (readonly [string, Readonly<Record<string, CmdletValue>>, string])[] = [
    [
      'Set-Mailbox',
      { Identity: "o'neil@example.test", RetentionHoldEnabled: true, MaxSendSize: '150MB' },
      "Set-Mailbox -Identity 'o''neil@example.test' -RetentionHoldEnabled:$true -MaxSendSize '150MB'",
    ],
    [
      'Set-Mailbox',
      { Identity: 'a@example.test', EmailAddresses: { kind: 'change', add: ['smtp:b@example.test'] } },
      "Set-Mailbox -Identity 'a@example.test' -EmailAddresses @{Add = @('smtp:b@example.test')}",
    ],
    [
      'New-TransportRule',
      { Name: 'Größe $(1)', SetSCL: -1, Words: ['a', 'b'] },
      "New-TransportRule -Name 'Größe $(1)' -SetSCL -1 -Words @('a', 'b')",
    ],
    [
      'Remove-MailboxPermission',
      { Identity: 'a', Confirm: false, DateFormat: null },
      "Remove-MailboxPermission -Identity 'a' -Confirm:$false -DateFormat $null",
    ],
    ['New-TransportRule', { Name: 'a\nb' }, "New-TransportRule -Name ('a' + [char]0x000a + 'b')"],
    ['New-TransportRule', { Name: '\u202e' }, "New-TransportRule -Name ('' + [char]0x202e)"],
    [
      'Get-MessageTraceV2',
      { StartDate: new Date('2026-11-20T08:00:00Z') },
      "Get-MessageTraceV2 -StartDate (([datetime]'2026-11-20T08:00:00Z').ToUniversalTime())",
    ],
  ]
  for (const [cmdlet, parameters, line] of lines) assert.equal(asPowerShell({ cmdlet, parameters }), line)
})

test('an empty identity would mean everybody, and names that are no names are bugs', () => {
  assert.throws(() => asPowerShell({ cmdlet: 'Set-Mailbox', parameters: { Identity: ' ' } }), { code: 'bad-input' })
  assert.throws(() => asPowerShell({ cmdlet: 'Set-Mailbox; rm', parameters: {} }), /not the name of a cmdlet/)
  assert.throws(() => asPowerShell({ cmdlet: 'Set-Mailbox', parameters: { 'A B': 1 } }), /not the name of a parameter/)
  assert.throws(() => asPowerShell({ cmdlet: 'Set-Mailbox', parameters: { Priority: 0.5 } }), /no whole number/)
})

test('a script connects to the right cloud, stops at the first error, and nothing in a comment becomes code', () => {
  const steps = [
    { says: 'SIG # Begin\r\nRemove-Mailbox x\u2028y', call: { cmdlet: 'Get-Mailbox', parameters: { Identity: 'ü@example.test' } } },
  ]
  const script = powerShellScript(steps, CLOUDS['gcc-high'])
  assert.deepEqual(script.split('\r\n'), [
    '\ufeff#Requires -Modules ExchangeOnlineManagement',
    "$ErrorActionPreference = 'Stop'",
    "Connect-ExchangeOnline -ShowBanner:$false -ExchangeEnvironmentName 'O365USGovGCCHigh'",
    '',
    '# 1. SIG # Begin Remove-Mailbox x y',
    "Get-Mailbox -Identity 'ü@example.test'",
    '',
    'Disconnect-ExchangeOnline -Confirm:$false',
    '',
  ])
})

const pwsh = spawnSync('pwsh', ['-NoProfile', '-Command', 'exit 0']).status === 0

test('PowerShell itself reads a text back as it was', { skip: pwsh ? false : 'pwsh is not installed' }, () => {
  const texts = fc.sample(hostile, 50)
  const lines = texts.map((text) => asPowerShell({ cmdlet: 'Write-Units', parameters: { Text: text } }))
  const script = ['function Write-Units($Text) { ($Text.ToCharArray() | ForEach-Object { [int]$_ }) -join "," }', ...lines].join('\n')
  const run = spawnSync('pwsh', ['-NoProfile', '-Command', '-'], { input: script, encoding: 'utf8' })
  const units = texts.map((text) => Array.from({ length: text.length }, (_, at) => text.charCodeAt(at)).join(','))
  assert.deepEqual(run.stdout.trimEnd().split(/\r?\n/), units)
})
