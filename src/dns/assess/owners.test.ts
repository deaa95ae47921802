import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MAIL_HOSTS } from './mail-hosts.ts'
import { NAME_SERVER_HOSTS } from './name-server-hosts.ts'
import { organisationalDomain } from './organisational-domain.ts'
import { ownerOf } from './owners.ts'
import { selectorOwner, selectorsToTry } from './selectors.ts'
import { SENDER_SERVICES } from './sender-services.ts'

const named = (host: string, owners: typeof SENDER_SERVICES): string | null => ownerOf(host, owners)?.name ?? null

test('T14 owners are told by whole labels, and of several ends the longest counts', () => {
  assert.deepEqual(
    ['sendgrid.net', 'u1.wl.sendgrid.net', 'SendGrid.NET.', 'sendgrid.net.evil.example', 'notsendgrid.net', 'net'].map((host) =>
      named(host, SENDER_SERVICES),
    ),
    ['SendGrid', 'SendGrid', 'SendGrid', null, null, null],
  )
  assert.deepEqual(
    [
      'example-org.mail.protection.outlook.com',
      'outlook-com.olc.protection.outlook.com',
      'example-org.o-v1.mx.microsoft',
      'aspmx.l.google.com',
      'mx.protection.outlook.com.evil.example',
    ].map((host) => named(host, MAIL_HOSTS)),
    ['Microsoft 365', 'Outlook.com', 'Microsoft 365', 'Google Workspace', null],
  )
  const nested = [
    { name: 'wide', ends: ['example.net'], mark: 'documented' },
    { name: 'narrow', ends: ['mail.example.net'], mark: 'documented' },
  ] as const
  assert.deepEqual(
    [named('a.mail.example.net', nested), named('a.example.net', nested), named('a.mail.example.net', nested.toReversed())],
    ['narrow', 'wide', 'narrow'],
  )
})

test('T14 numbers in names of name servers fit, other letters do not', () => {
  assert.deepEqual(
    ['ns-2048.awsdns-64.net', 'ns1.awsdns-64.co.uk', 'ns1.awsdns-x.net', 'ns1.awsdns-.net', 'ada.ns.cloudflare.com', 'cloudflare.com'].map(
      (host) => named(host, NAME_SERVER_HOSTS),
    ),
    ['Amazon Route 53', 'Amazon Route 53', null, null, 'Cloudflare', null],
  )
})

test('no end of a name stands in one table twice', () => {
  for (const owners of [MAIL_HOSTS, NAME_SERVER_HOSTS, SENDER_SERVICES]) {
    const ends = owners.flatMap((one) => one.ends)
    assert.deepEqual(ends, [...new Set(ends)])
    assert.ok(ends.every((end) => end === end.toLowerCase() && !end.startsWith('.')))
  }
})

test('selectors are tried once each, the given ones too, with the months of five years', () => {
  const names = selectorsToTry(Date.UTC(2026, 0, 31), ['Brevo2024', 'google'])
  assert.equal(names.length, new Set(names).size)
  for (const name of ['brevo2024', 'google', 'selector1', '20260101', '20251201', '202102', '20210201'])
    assert.ok(names.includes(name), name)
  assert.ok(!names.includes('20210101'))
  assert.deepEqual(['selector1', 'google', '20240101120000pm', 'default', 'nobody'].map(selectorOwner), [
    'Microsoft 365',
    'Google Workspace',
    'Postmark',
    '',
    '',
  ])
})

test('what was registered is told by the public suffix list', () => {
  assert.deepEqual(['a.b.example.co.uk', 'example.org', 'mail.cutover.test', 'co.uk', 'a.example.github.io'].map(organisationalDomain), [
    'example.co.uk',
    'example.org',
    'cutover.test',
    'co.uk',
    'example.github.io',
  ])
})
