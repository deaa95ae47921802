import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { StepFor } from './connect-check.ts'
import { stepsFor } from './connect-steps.ts'
import type { StepNames } from './connect-steps.ts'

const NAMES: StepNames = { appName: 'mover', appId: 'A-1', principalId: 'P-1', cloud: 'global' }
const permission = (api: 'graph' | 'exchange', name: string, isOptional = false): StepFor => ({ kind: 'permission', api, name, isOptional })
const linesOf = (steps: readonly StepFor[], names = NAMES): readonly string[] =>
  stepsFor(steps, names).flatMap(({ lines }) => lines.map(({ text }) => text))

test('ten missing permissions are one step, those of another service another one', () => {
  const steps = stepsFor(
    [permission('graph', 'A.Read'), permission('exchange', 'X'), permission('graph', 'B.Write', true), permission('graph', 'C.Read')],
    NAMES,
  )
  assert.deepEqual(
    steps.map(({ says }) => says),
    [
      'Give mover these permissions of Microsoft Graph: A.Read, C.Read; optional: B.Write. Then press "Grant admin consent".',
      'Give mover these permissions of Office 365 Exchange Online: X. Then press "Grant admin consent".',
    ],
  )
  assert.ok(linesOf([permission('graph', 'A.Read'), permission('graph', 'C.Read')]).includes("$wanted = 'A.Read', 'C.Read'"))
})

test('mailboxes that lack the same are one step with a line each', () => {
  const mailboxes = ['a@example.test', 'b@example.test']
  const steps = stepsFor(
    mailboxes.flatMap((mailbox): StepFor[] => [
      { kind: 'full-access', mailbox },
      { kind: 'imap-on', mailbox },
      { kind: 'licence', mailbox },
    ]),
    NAMES,
  )
  assert.deepEqual(
    steps.map(({ lines }) => lines.length),
    [0, 2, 2],
  )
  assert.deepEqual(linesOf([{ kind: 'full-access', mailbox: 'a@example.test' }]), [
    "Add-MailboxPermission -Identity 'a@example.test' -User 'P-1' -AccessRights @('FullAccess') -AutoMapping:$false",
  ])
})

test('whatever names are, in a line they stay names', () => {
  const hostile = "x'; Remove-Mailbox anna; '\n$(calc)"
  const lines = linesOf([{ kind: 'principal', wrong: hostile }, { kind: 'full-access', mailbox: hostile }, { kind: 'role' }], {
    ...NAMES,
    appName: hostile,
    appId: hostile,
  })
  assert.ok(lines.length > 4)
  for (const line of lines) {
    assert.ok(!line.includes('\n'), line)
    // Outside of quotes nothing of it is left.
    assert.doesNotMatch(line.replaceAll(/'(?:[^']|'')*'/g, ''), /Remove-Mailbox |calc/)
  }
})

test('in another cloud the lines connect to that cloud', () => {
  assert.match(linesOf([{ kind: 'role' }], { ...NAMES, cloud: 'gcc-high' })[0] ?? '', /^Connect-MgGraph -Environment USGov -Scopes '/)
  assert.match(linesOf([{ kind: 'role' }])[0] ?? '', /^Connect-MgGraph -Scopes '/)
})

test('nothing to do is no step, and what is said twice is one', () => {
  assert.deepEqual(stepsFor([], NAMES), [])
  const text: StepFor = { kind: 'text', says: 'Look there.' }
  assert.equal(stepsFor([text, text], NAMES).length, 1)
})
