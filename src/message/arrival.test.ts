import assert from 'node:assert/strict'
import { test } from 'node:test'
import { arrivalKind, type ArrivalKind, type ArrivalSides } from './arrival.ts'

const SWITCHED = Date.UTC(2026, 2, 3, 9)
const SIDES: ArrivalSides = {
  since: SWITCHED - 300_000,
  ours: ['mx1.old.test', 'mail.old.test'],
  theirs: ['outlook.com', 'mx.microsoft'],
}
const LATE = 'Tue, 3 Mar 2026 12:00:00 +0200'
const EARLIER = 'Mon, 2 Mar 2026 12:00:00 +0200'

function kind(fields: readonly string[], options: { at?: number | null; ownFolder?: boolean } = {}): ArrivalKind | null {
  const header = Buffer.from(`${[...fields, 'From: a@example.test', 'Subject: x'].join('\r\n')}\r\n\r\n`, 'latin1')
  return arrivalKind(header, options.at === undefined ? SWITCHED + 3_600_000 : options.at, options.ownFolder ?? false, SIDES)
}

const CASES: readonly (readonly [string, ArrivalKind, readonly string[]])[] = [
  [
    'by SMTP at the old MX',
    'inbound',
    [`Received: from out.partner.test (out.partner.test [192.0.2.7])\r\n\tby mx1.old.test (Postfix) with ESMTPS id 4Xy;\r\n\t${LATE}`],
  ],
  [
    'by SMTP, then through the filter and LMTP of the old host',
    'inbound',
    [
      `Received: from mail.old.test ([127.0.0.1]) by mail.old.test with LMTP id a; ${LATE}`,
      `Received: from localhost (localhost [127.0.0.1]) by mail.old.test (Postfix) with ESMTP id b; ${LATE}`,
      `Received: from out.partner.test ([192.0.2.7]) by mx1.old.test (Postfix) with ESMTP id c; ${LATE}`,
    ],
  ],
  [
    'put back into the queue by a filter of the old host that runs as a user',
    'inbound',
    [
      `Received: by mail.old.test (Postfix, from userid 5001) id b; ${LATE}`,
      `Received: from out.partner.test ([192.0.2.7]) by mail.old.test (Postfix) with ESMTP id c; ${LATE}`,
    ],
  ],
  ['by a host whose name nobody knows', 'inbound', [`Received: from out.partner.test by in-07.hoster.test with ESMTP; ${LATE}`]],
  ['from a website on the old host', 'local', [`Received: by mail.old.test (Postfix, from userid 33)\r\n\tid 4Xy; ${LATE}`]],
  ['from cron, by way of qmail', 'local', [`Received: (qmail 4711 invoked by uid 0); ${LATE}`]],
  [
    'from a colleague who sends through the old host',
    'local',
    [`Received: from [192.168.1.5] (dsl.provider.test [198.51.100.4]) by mail.old.test with ESMTPSA id d; ${LATE}`],
  ],
  ['from its webmail', 'local', [`Received: from 198.51.100.4 by mail.old.test with HTTP; ${LATE}`]],
  ['delivered without any Received', 'local', ['Return-Path: <root@mail.old.test>', 'Delivered-To: anna@old.test']],
  ['filed by a program of the user', 'own', []],
  [
    'taken out of the new mailbox by its user',
    'own',
    [
      `Received: from AM0PR01.eurprd01.prod.outlook.com (2603::1) by DB9PR01.eurprd01.prod.outlook.com with HTTPS; ${LATE}`,
      `Received: from out.partner.test by mx1.old.test with ESMTP; ${LATE}`,
    ],
  ],
  ['received before the switch, and only moved since', 'own', [`Received: from out.partner.test by mx1.old.test with ESMTP; ${EARLIER}`]],
  [
    'with a comment that lies about who received it',
    'inbound',
    [`Received: from out.partner.test (by outlook.com (with HTTP)) by mx1.old.test with ESMTP; ${LATE}`],
  ],
]

for (const [title, expected, fields] of CASES)
  test(`a message that came ${title} is ${expected}`, () => {
    assert.equal(kind(fields), expected)
  })

test('at the new side mail from outside is inbound, and between its own mailboxes local', () => {
  const sides: ArrivalSides = { since: SIDES.since, ours: SIDES.theirs, theirs: SIDES.ours }
  const inside = `Received: from AM0.prod.outlook.com (2603::1) by DB9.prod.outlook.com (2603::2) with HTTPS; ${LATE}`
  const edge = `Received: from out.partner.test (192.0.2.7) by AM5.mail.protection.outlook.com with Microsoft SMTP Server; ${LATE}`
  const header = (fields: readonly string[]): Buffer => Buffer.from(`${fields.join('\r\n')}\r\n\r\n`)
  assert.equal(arrivalKind(header([inside, edge]), null, false, sides), 'inbound')
  assert.equal(arrivalKind(header([inside]), null, false, sides), 'local')
})

test('what lies among drafts and sent mail was put there by its user, whatever its header says', () => {
  const fields = [`Received: from out.partner.test by mx1.old.test with ESMTP; ${LATE}`]
  assert.equal(kind(fields, { ownFolder: true }), 'own')
})

test('what was received and filed before the switch, and only copied late, is none of these', () => {
  const at = SWITCHED - 86_400_000
  assert.equal(kind([`Received: from out.partner.test by mx1.old.test with ESMTP; ${EARLIER}`], { at }), null)
  assert.equal(kind([], { at, ownFolder: true }), null)
  assert.equal(kind([], { at }), null)
  assert.equal(kind([`Received: from out.partner.test by mx1.old.test with ESMTP; ${LATE}`], { at }), 'inbound')
})

test('without a readable time of receipt INTERNALDATE tells, and without both it came', () => {
  const fields = ['Received: from out.partner.test by mx1.old.test with ESMTP; the day after tomorrow']
  assert.equal(kind(fields, { at: SWITCHED - 86_400_000 }), null)
  assert.equal(kind(fields), 'inbound')
  assert.equal(kind(fields, { at: null }), 'inbound')
})
