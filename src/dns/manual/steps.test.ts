import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Swap } from '../update-message.ts'
import { manualTask, taskText } from './steps.ts'

const SWAPS: readonly Swap[] = [
  {
    name: 'example.org',
    type: 'MX',
    before: { name: 'example.org', type: 'MX', ttlSeconds: 3600, data: ['10 mx.old.test', '20 mx2.old.test'] },
    after: { name: 'example.org', type: 'MX', ttlSeconds: 300, data: ['0 example-org.mail.protection.outlook.com'] },
  },
  {
    name: 'example.org',
    type: 'TXT',
    before: { name: 'example.org', type: 'TXT', ttlSeconds: 3600, data: ['other "text"', 'v=spf1 mx -all'] },
    after: { name: 'example.org', type: 'TXT', ttlSeconds: 3600, data: ['other "text"', 'v=spf1 include:spf.protection.outlook.com -all'] },
  },
  {
    name: 'autodiscover.example.org',
    type: 'CNAME',
    before: null,
    after: { name: 'autodiscover.example.org', type: 'CNAME', ttlSeconds: 3600, data: ['autodiscover.outlook.com'] },
  },
  {
    name: 'autodiscover.example.org',
    type: 'A',
    before: { name: 'autodiscover.example.org', type: 'A', ttlSeconds: 3600, data: ['192.0.2.1'] },
    after: null,
  },
]

test('a person is told record by record: what goes first, MX last, and an old record becomes the new one', () => {
  const { forward } = manualTask('example.org', SWAPS)
  assert.deepEqual(
    forward.map(({ does, type, host, fields }) => [does, type, host, ...fields.map(({ value, was }) => `${value} < ${was}`)]),
    [
      ['delete', 'A', 'autodiscover', '192.0.2.1 < null'],
      ['add', 'CNAME', 'autodiscover', 'autodiscover.outlook.com < null'],
      ['edit', 'TXT', '@', 'v=spf1 include:spf.protection.outlook.com -all < v=spf1 mx -all'],
      ['edit', 'MX', '@', '0 < 10', 'example-org.mail.protection.outlook.com < mx.old.test'],
      ['delete', 'MX', '@', '20 < null', 'mx2.old.test < null'],
    ],
  )
})

test('the way back stands before the way forward, and leads to what was (T35)', () => {
  const task = manualTask('example.org', SWAPS)
  const text = taskText(task)
  const back = text.indexOf('To put everything back')
  assert.ok(back >= 0 && back < text.indexOf('Now change this'))
  assert.deepEqual(
    task.putBack.map(({ does, type, fields }) => [does, type, fields.map(({ value }) => value).join(' ')]),
    [
      ['delete', 'CNAME', 'autodiscover.outlook.com'],
      ['add', 'A', '192.0.2.1'],
      ['edit', 'TXT', 'v=spf1 mx -all'],
      ['edit', 'MX', '10 mx.old.test'],
      ['add', 'MX', '20 mx2.old.test'],
    ],
  )
})

test('only another time to live is an edit too, and times are told in words', () => {
  const mx = { name: 'example.org', type: 'MX', ttlSeconds: 3600, data: ['10 mx.old.test'] } as const
  const task = manualTask('example.org', [{ name: mx.name, type: 'MX', before: mx, after: { ...mx, ttlSeconds: 300 } }])
  assert.deepEqual(
    task.forward.map(({ does, ttlSeconds }) => [does, ttlSeconds]),
    [['edit', 300]],
  )
  assert.match(taskText(task), /300 seconds \(5 minutes\)/)
  assert.match(taskText(task), /3600 seconds \(1 hour\)/)
})

test('the zone file has whole names with dots, and what goes as a comment', () => {
  const { zoneFile } = manualTask('example.org', SWAPS)
  assert.match(zoneFile, /^example\.org\. 300 IN MX 0 example-org\.mail\.protection\.outlook\.com\.$/m)
  assert.match(zoneFile, /^; delete example\.org\. 3600 IN MX 20 mx2\.old\.test\.$/m)
  assert.match(zoneFile, /^example\.org\. 3600 IN TXT "other \\"text\\""$/m)
})

test('a text that is longer than one string is shown as strings too', () => {
  const name = 's1._domainkey.example.org'
  const after = { name, type: 'TXT', ttlSeconds: 3600, data: [`v=DKIM1; p=${'A'.repeat(300)}`] } as const
  const text = taskText(manualTask('example.org', [{ name, type: 'TXT', before: null, after }]))
  assert.match(text, /Host {10}s1\._domainkey {3}\(s1\._domainkey\.example\.org\)/)
  assert.match(text, /Strings {7}"v=DKIM1; p=A{244}" "A{56}"/)
})
