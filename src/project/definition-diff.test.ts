import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listRecords } from '../definition/list-table.ts'
import { SCHEMA } from '../definition/sections.ts'
import { csvRows } from '../lib/csv-rows.ts'
import { cutoverChange, definitionChanges, type DefinitionState } from './definition-diff.ts'
import { projectPlan } from './plan-of.ts'

const HEAD = { version: 1, tenant: { id: 'a.example', client_id: '11111111-2222-3333-4444-555555555555', sign_in: 'device' } }
const PROJECT = { name: 'acme', customer: 'Acme', time_zone: 'Europe/Berlin' }

function state(more: object, list = ''): DefinitionState {
  const sections = SCHEMA.parse({ ...HEAD, project: PROJECT, ...more })
  return {
    plan: projectPlan({ sections, fileName: 'c.yaml', file: (name) => name }, []),
    sections,
    records: listRecords(csvRows(Buffer.from(list))),
  }
}

test('what changed is told in sentences, each kind in its own', () => {
  const anna = { name: 'Anna', address: 'anna@x.org', side: 'us', role: 'lead' }
  for (const [before, after, says] of [
    [{}, {}, []],
    [{ switch: { tail_days: 14 } }, { switch: { tail_days: 21 } }, ['switch.tail_days changed from 14 to 21']],
    [{}, { switch: {} }, ['switch added']],
    [{ people: [anna] }, {}, ['people taken out']],
    [{ people: [anna] }, { people: [{ ...anna, phone: '1' }] }, ['people: Anna (phone) changed']],
    [{ people: [anna] }, { people: [{ ...anna, name: 'Bea' }] }, ['people: Bea added', 'people: Anna taken out']],
    [{ people: [anna, { ...anna, name: 'Bea' }] }, { people: [{ ...anna, name: 'Bea' }, anna] }, ['people: in another order']],
    [
      { messages: { from: 'a@x.org', smtp: { url: 'smtp://a', login: 'a', secret: 'env:A' } } },
      { messages: { from: 'a@x.org', smtp: { url: 'smtp://a', login: 'a', secret: 'env:B' } } },
      ['messages.smtp.secret changed'],
    ],
    [
      { transfer: { between: ['08:00-18:00'] } },
      { transfer: { between: ['08:00-17:00', '20:00-21:00'], rate: '1 MB' } },
      ['transfer.between changed from 08:00-18:00 to 08:00-17:00, 20:00-21:00', 'transfer.rate set to 1048576'],
    ],
    [{ project: { ...PROJECT, kickoff: '2026-11-02' } }, {}, ['kickoff moved from Mon, 2 Nov 2026 to no date']],
    [
      { dns: { settings: { a: '1', b: '1', c: '1', d: '1', e: '1', f: '1', g: '1' } } },
      { dns: { settings: { a: '2', b: '2', c: '2', d: '2', e: '2', f: '2', g: '2' } } },
      ['dns: 7 things changed'],
    ],
  ] as const)
    assert.deepEqual(definitionChanges(state(before), state(after)), says)
})

test('mailboxes are told apart by their address; what changed of one is named, and of a password nothing but that', () => {
  const before = 'target,source_login,batch,source_password\na@x.org,a,one,env:A\nb@x.org,b,one,env:B\n'
  for (const [after, says] of [
    [
      'target,source_login,batch,source_password\nA@x.org,a,two,env:Z\nb@x.org,b,one,env:B\n',
      ['1 mailbox changed: a@x.org (target, batch, source password)'],
    ],
    [
      `${before}c@x.org,c,one,\nd@x.org,d,one,\ne@x.org,e,one,\nf@x.org,f,one,\n`,
      ['4 mailboxes added: c@x.org, d@x.org, e@x.org and 1 more'],
    ],
    ['target,source_login,batch,source_password\nb@x.org,b,one,env:B\n', ['1 mailbox taken out: a@x.org']],
    ['target,source_login,batch,source_password\nb@x.org,b,one,env:B\na@x.org,a,one,env:A\n', ['mailboxes: in another order']],
    ['source_login;target;source_password;batch\na;a@x.org;env:A;one\nb;b@x.org;env:B;one\n', []],
  ] as const)
    assert.deepEqual(definitionChanges(state({}, before), state({}, after)), says)
})

test('a cutover is postponed, brought forward, planned, or has no date any more', () => {
  const timeZone = 'Europe/Berlin'
  const [early, late] = [Date.parse('2026-12-11T17:00Z'), Date.parse('2026-12-18T17:00Z')]
  for (const [from, to, says] of [
    [early, late, 'cutover postponed from Fri, 11 Dec 2026, 18:00 to Fri, 18 Dec 2026, 18:00'],
    [late, early, 'cutover brought forward from Fri, 18 Dec 2026, 18:00 to Fri, 11 Dec 2026, 18:00'],
    [null, early, 'cutover planned for Fri, 11 Dec 2026, 18:00'],
    [early, null, 'cutover postponed without a new date; it was planned for Fri, 11 Dec 2026, 18:00'],
    [early, early, null],
  ] as const)
    assert.equal(cutoverChange({ cutoverAt: from, timeZone }, { cutoverAt: to, timeZone }), says)
  assert.equal(
    cutoverChange({ cutoverAt: early, timeZone }, { cutoverAt: early + 3_600_000, timeZone: 'Europe/London' }),
    'cutover postponed from Fri, 11 Dec 2026, 18:00 (Europe/Berlin) to Fri, 11 Dec 2026, 18:00 (Europe/London)',
  )
})
