import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { quirksOf } from '../imap/quirks.ts'
import { LISTINGS } from '../discover/listings.ts'
import { ACCESS_METHODS } from './access.ts'
import type { Seen } from './profile.ts'
import { detectProfile, PROFILES, recognise, versionOf } from './profiles.ts'
import type { Clue } from './profiles.ts'

type Sample = {
  readonly greeting?: string
  readonly id?: Record<string, string>
  readonly caps?: string
  readonly host?: string
  readonly domain?: string
}

function seen({ greeting = '', id = {}, caps = 'IMAP4REV1', host = 'mail.example.org', domain }: Sample): Seen {
  return {
    greeting,
    serverId: new Map(Object.entries(id)),
    capabilities: new Set(caps.toUpperCase().split(' ')),
    host,
    ...(domain === undefined ? {} : { domain }),
  }
}

const EXCHANGE = 'The Microsoft Exchange IMAP4 service is ready.'

/** What servers were seen to say, and what they are then. */
const SAMPLES: readonly (readonly [string, Sample, Clue, (string | null)?])[] = [
  ['gmail', { greeting: 'Gimap ready for requests from 192.0.2.1 abc123' }, 'greeting'],
  ['gmail', { greeting: 'hello', caps: 'IMAP4REV1 X-GM-EXT-1', host: 'proxy.example.org' }, 'capabilities'],
  ['gmail', { id: { name: 'GImap', vendor: 'Google, Inc.' } }, 'id'],
  ['exchange-online', { greeting: `${EXCHANGE} [QgBFADAAUAAyADgA]`, host: 'outlook.office365.com' }, 'greeting'],
  ['outlook-com', { greeting: EXCHANGE, host: 'outlook.office365.com', domain: 'hotmail.com' }, 'greeting'],
  ['exchange-onprem', { greeting: `${EXCHANGE} [TQBYADEA]` }, 'greeting'],
  ['exchange-onprem', { greeting: 'Microsoft Exchange Server 2007 IMAP4 service is ready' }, 'greeting', '2007'],
  ['exchange-onprem', { greeting: 'Microsoft Exchange Server 2003 IMAP4rev1 server version 6.5 ready' }, 'greeting', '2003'],
  ['yahoo', { caps: 'IMAP4REV1 ID MOVE NAMESPACE XYMHIGHESTMODSEQ X-MSG-EXT UIDPLUS' }, 'capabilities'],
  ['yahoo', { caps: 'IMAP4REV1 UIDONLY PARTIAL MESSAGELIMIT=1000', host: 'imap.mail.yahoo.com' }, 'capabilities'],
  ['icloud', { caps: 'IMAP4REV1 XAPPLEPUSHSERVICE', host: 'p12-imap.mail.me.com' }, 'capabilities'],
  ['zimbra', { greeting: 'mail.example.org Zimbra IMAP4rev1 server ready' }, 'greeting'],
  ['zimbra', { id: { name: 'Zimbra', version: '8.8.15_GA_4717', release: '20240101' } }, 'id', '8.8.15_GA_4717'],
  ['cyrus', { greeting: 'cyrfix Cyrus IMAP 3.6.1-Debian-3.6.1-4+deb12u5 server ready' }, 'greeting', '3.6.1-Debian-3.6.1-4+deb12u5'],
  ['cyrus', { greeting: 'mail Cyrus IMAP4 v2.3.16-Fedora-RPM server ready' }, 'greeting', '2.3.16-Fedora-RPM'],
  ['cyrus', { id: { name: 'Cyrus IMAPD', version: '3.6.1' } }, 'id', '3.6.1'],
  ['fastmail', { greeting: 'imap36 Cyrus IMAP git2.5+0 server ready', host: 'imap.fastmail.com' }, 'greeting'],
  ['courier', { greeting: 'Courier-IMAP ready. Copyright 1998-2018 Double Precision, Inc.' }, 'greeting'],
  ['dovecot', { greeting: 'Dovecot ready.' }, 'greeting'],
  ['dovecot', { greeting: 'Dovecot (Debian) ready.' }, 'greeting'],
  ['dovecot', { greeting: 'welcome', id: { name: 'Dovecot' } }, 'id'],
  ['rackspace', { greeting: 'Server ready proxy8.mail.ord1d.rsapps.net' }, 'greeting'],
  ['ovh', { greeting: 'Dovecot ready.', host: 'ssl0.ovh.net' }, 'greeting'],
  ['uw', { greeting: 'localhost IMAP4rev1 2007f.404 at Sun, 22 Nov 2026 12:00:00 +0000 (UTC)' }, 'greeting', '2007f.404'],
  ['uw', { greeting: 'mail Panda IMAP 2010 ready' }, 'greeting'],
  ['domino', { greeting: 'Domino IMAP4 Server Release 9.0.1FP8 ready Sun, 22 Nov 2026' }, 'greeting', '9.0.1FP8'],
  ['hmailserver', { greeting: 'IMAPrev1' }, 'greeting'],
  ['mailutils', { greeting: 'IMAP4rev1' }, 'greeting'],
  ['smartermail', { greeting: 'IMAP4rev1 SmarterMail' }, 'greeting'],
  ['mdaemon', { greeting: 'mail.example.org IMAP4rev1 MDaemon 21.0.2 ready' }, 'greeting', '21.0.2'],
  ['icewarp', { greeting: 'mail.example.org IceWarp 13.0.3 IMAP4rev1' }, 'greeting', '13.0.3'],
  ['kerio', { greeting: 'Kerio Connect 9.4.2 IMAP4rev1 server ready' }, 'greeting', '9.4.2'],
  ['axigen', { greeting: 'Axigen IMAP4rev1 service is ready' }, 'greeting'],
  ['groupwise', { greeting: 'mail GroupWise IMAP4rev1 Server Ready' }, 'greeting'],
  ['groupwise', { caps: 'IMAP4REV1 XGWTRUSTEDAPP' }, 'capabilities'],
  ['mailenable', { greeting: 'IMAP4rev1 MailEnable Service ready' }, 'greeting'],
  ['communigate', { greeting: 'CommuniGate Pro IMAP Server 6.2 ready' }, 'greeting', '6.2'],
  ['stalwart', { greeting: 'Stalwart IMAP4rev2 at your service' }, 'greeting'],
  ['proton-bridge', { greeting: 'Proton Mail Bridge 03.24.01 - gluon session ID 1' }, 'greeting'],
  ['proton-bridge', { caps: 'IMAP4REV1 XSTOP' }, 'capabilities'],
  ['strato', { greeting: 'RZimapd IMAP4rev1 ready' }, 'greeting'],
  ['home-pl', { greeting: 'IdeaImapServer v0.90 ready' }, 'greeting'],
  ['gmx', { greeting: 'GMX IMAP4 StreamProxy' }, 'greeting'],
  ['gmx', { greeting: 'IMAP server ready H Nemesis', host: 'imap.gmx.net' }, 'greeting'],
  ['ionos', { greeting: 'IMAP server ready H Nemesis', host: 'imap.ionos.de' }, 'greeting'],
  ['ionos', { greeting: 'IMAP server ready H Nemesis' }, 'greeting'],
  ['yandex', { greeting: 'Yandex IMAP4rev1 at sas1.mail.yandex.net ready' }, 'greeting'],
  ['zoho', { greeting: 'Zoho Mail IMAP4rev1 Server is ready to serve' }, 'greeting'],
  ['qq', { greeting: '[CAPABILITY IMAP4] QQMail XIMAP4Server ready' }, 'greeting'],
  ['coremail', { greeting: 'Coremail System IMap Server Ready(163com)' }, 'greeting'],
  ['david', { greeting: 'DvISE Mail Access Server ready' }, 'greeting'],
  ['firstclass', { greeting: 'FirstClass IMAP4rev1 server ready' }, 'greeting'],
  ['sun', { caps: 'IMAP4REV1 X-NETSCAPE XSENDER' }, 'capabilities'],
  ['mirapoint', { greeting: 'mail.example.org Mirapoint IMAP4PROXY 1.0 server ready' }, 'greeting'],
  ['james', { greeting: 'JAMES IMAP4rev1 Server mail.example.org is ready.' }, 'greeting'],
  ['dbmail', { greeting: 'dbmail 3.2.3 ready' }, 'greeting', '3.2.3'],
  ['mailru', { host: 'imap.mail.ru' }, 'host'],
  ['godaddy', { host: 'imap.secureserver.net' }, 'host'],
  ['t-online', { host: 'secureimap.t-online.de' }, 'host'],
  ['workmail', { host: 'imap.mail.eu-west-1.awsapps.com' }, 'host'],
  ['generic', { greeting: 'IMAP4 server ready' }, 'none'],
  ['generic', {}, 'none'],
]

test('servers are known by what they say of themselves', () => {
  for (const [name, sample, clue, version = null] of SAMPLES) {
    const what = seen(sample)
    const { profile, clue: by } = recognise(what)
    assert.deepEqual([profile.name, by], [name, clue], JSON.stringify(sample))
    if (version !== null) assert.equal(versionOf(profile, what), version, JSON.stringify(sample))
  }
})

test('what a server says of itself beats the name of its host', () => {
  assert.equal(detectProfile(seen({ greeting: 'Courier-IMAP ready.', host: 'imap.mail.yahoo.com' })).name, 'courier')
  assert.equal(detectProfile(seen({ greeting: 'Gimap ready for requests', host: 'imap.mail.ru' })).name, 'gmail')
})

test('every profile can be reached, but those that nothing in the protocol tells apart', () => {
  const reached = new Set(SAMPLES.map(([name]) => name))
  for (const { name, variantOf, signs } of PROFILES) {
    assert.equal(reached.has(name) || variantOf !== undefined, true, name)
    assert.equal(signs.length === 0, variantOf !== undefined || name === 'generic', name)
    if (variantOf !== undefined) assert.ok(PROFILES.some((one) => one.name === variantOf))
  }
})

test('every file of profiles is registered, once, under its own name', () => {
  const files = readdirSync(join(import.meta.dirname, 'profiles')).map((file) => file.replace(/\.ts$/, ''))
  assert.deepEqual(PROFILES.map(({ name }) => name).sort(), files.sort())
})

test('a profile says how to get in, where the list is, and what to tell; templates stand where they belong', () => {
  for (const { name, access, listing, advice, limits } of PROFILES) {
    assert.ok(access.length > 0 && listing.length > 0 && advice.length > 0, name)
    for (const one of access) {
      assert.equal(one.kind === 'template', one.template !== undefined, `${name} ${one.kind}`)
      assert.match(one.advice, /[.!]$/, `${name}: ${one.advice}`)
    }
    for (const limit of Object.values(limits)) if (limit !== null) assert.ok(limit.value > 0, name)
    for (const { says } of advice) assert.match(says, /^[A-Z"].*\.$/, `${name}: ${says}`)
  }
})

test('the words of a profile are those of --access and of discover --from', () => {
  const ways = new Set<string>(ACCESS_METHODS.map(({ name }) => name))
  const lists = new Set<string>(LISTINGS.map(({ name }) => name))
  for (const { name, access, listing } of PROFILES) {
    for (const { kind } of access) assert.ok(ways.has(kind), `${name} ${kind}`)
    for (const { kind } of listing) assert.ok(lists.has(kind), `${name} ${kind}`)
  }
})

test('a server gets the quirks that its profile names', () => {
  for (const name of ['exchange-online', 'exchange-onprem', 'courier', 'mailutils', 'domino', 'uw', 'yahoo', 'icloud']) {
    const [, sample] = SAMPLES.find(([of]) => of === name) ?? []
    const profile = PROFILES.find((one) => one.name === name)
    const what = seen(sample ?? {})
    const given = quirksOf(what.greeting, what.serverId, what.capabilities)
    for (const quirk of profile?.quirks ?? []) assert.ok(given.has(quirk), `${name} ${quirk}`)
  }
})
