/** Mail that both sides got by themselves: it is there once, what each side wrote on it is its own, and a verification knows that. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { VerifyLevel } from '../../src/engine/verify-figures.ts'
import { openLedger } from '../../src/ledger/ledger.ts'
import { afterSwitch, having, mail, type Switched } from './late.ts'
import { first } from './migration.ts'

const HOUR = 3_600_000
const LEVELS: readonly VerifyLevel[] = ['counts', 'fingerprints', 'content']

/** The mail as the new side received it: the same, but for what the way there wrote on it. */
function byMx(old: Buffer): Buffer {
  const text = old.toString('latin1').replace(/^Received: .*\r\n/, '')
  const trace = [
    'Return-Path: <pat@partner.test>',
    'Received: from out.partner.test (192.0.2.7) by AM5.mail.protection.outlook.com with Microsoft SMTP Server;',
    ` ${new Date().toUTCString()}`,
    'Authentication-Results: spf=pass smtp.mailfrom=partner.test; dkim=none',
    'ARC-Seal: i=1; a=rsa-sha256; s=arcselector; d=microsoft.com; cv=none; b=AAAA',
    'X-MS-Exchange-Organization-SCL: 1',
  ]
  return Buffer.from(`${trace.join('\r\n')}\r\n${text}`, 'latin1')
}

function asOldHostWrote(mail: Buffer): Buffer {
  return Buffer.concat([
    Buffer.from('Return-Path: <pat@partner.test>\r\nDelivered-To: anna@example.test\r\nX-Original-To: anna@example.test\r\n'),
    mail,
  ])
}

/** With a plain form beside an HTML one: Exchange makes the former from the latter. */
function twoForms(one: Buffer, plain: string): Buffer {
  const [header = ''] = one.toString('latin1').split('\r\n\r\n')
  const part = (type: string, text: string): string => `--b\r\nContent-Type: text/${type}\r\n\r\n${text}\r\n`
  const parts = `${part('plain', plain)}${part('html', '<b>Hello</b>')}--b--\r\n`
  return Buffer.from(`${header}\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n${parts}`, 'latin1')
}

/** missing, extra, different, unexplained at each level, and what is said of them. */
async function verified(move: Switched['move']): Promise<unknown> {
  const all: unknown[] = []
  for (const level of LEVELS) {
    const { missing, extra, different, unexplained, differences } = await move.verify({ level, fresh: true })
    all.push([level, missing, extra, different, unexplained, differences.map(({ says }) => says)])
  }
  return all
}

const ALL_WELL = LEVELS.map((level) => [level, 0, 0, 0, 0, []])

test('a mail that both sides got is there once, and no level of verification finds fault with its trace, date or flags', () =>
  afterSwitch(async ({ move, from, to, at, late }) => {
    const same = mail('both', 'inbound', at + HOUR)
    from.addMessage('INBOX', asOldHostWrote(same), { internalDate: new Date(at + HOUR) })
    to.addMessage('INBOX', byMx(same), { flags: ['\\Seen'], internalDate: new Date(at + HOUR + 300_000) })
    const [plain, anew] = ['Hello you', 'Hello'].map((text) => twoForms(mail('forms', 'inbound', at + HOUR), text))
    from.addMessage('INBOX', asOldHostWrote(plain ?? same), { internalDate: new Date(at + HOUR) })
    to.addMessage('INBOX', byMx(anew ?? same), { internalDate: new Date(at + HOUR + 300_000) })
    const named = mail('report', 'inbound', at + HOUR)
    const nameless = Buffer.from(named.toString('latin1').replace(/^Message-ID: .*\r\n/m, ''), 'latin1')
    from.addMessage('INBOX', asOldHostWrote(nameless), { internalDate: new Date(at + HOUR) })
    to.addMessage('INBOX', byMx(named), { internalDate: new Date(at + HOUR + 300_000) })
    const pass = await late()
    assert.deepEqual([pass.inbound, pass.carried, pass.complete], [3, 0, true], pass.problems.join())
    for (const [id, flags] of [
      ['both', ' \\Seen'],
      ['forms', ''],
      ['report', ''],
    ])
      assert.deepEqual(having(to, id ?? ''), [`INBOX: ${id}${flags}`])
    assert.deepEqual(await verified(move), ALL_WELL)
  }))

test('it is found where its owner has put it at the new side', () =>
  afterSwitch(async ({ move, from, to, at, late }) => {
    const same = mail('both', 'inbound', at + HOUR)
    from.addMessage('INBOX', asOldHostWrote(same), { internalDate: new Date(at + HOUR) })
    to.addMessage('Work', byMx(same), { internalDate: new Date(at + HOUR + 300_000) })
    assert.equal((await late()).carried, 0)
    assert.deepEqual(await verified(move), ALL_WELL)
    await move.verify({ repair: true })
    assert.deepEqual(having(to, 'both'), ['Work: both'])
  }))

test('so is one in a folder that is copied for the first time; and what is alike but says something else is carried over', () =>
  afterSwitch(async ({ move, from, to, at, late }) => {
    for (const store of [from, to]) store.createFolder('Filtered')
    const same = mail('both', 'inbound', at + HOUR)
    from.addMessage('Filtered', asOldHostWrote(same), { internalDate: new Date(at + HOUR) })
    to.addMessage('Filtered', byMx(same), { internalDate: new Date(at + HOUR + 300_000) })
    from.addMessage('Filtered', mail('other', 'inbound', at + HOUR, 'The words of the old side.'), { internalDate: new Date(at + HOUR) })
    to.addMessage('Filtered', mail('other', 'exchange', at + HOUR, 'A warning.\r\nThe words of the old side.'), {
      internalDate: new Date(at + HOUR),
    })
    const pass = await late()
    assert.deepEqual([pass.inbound, pass.carried, pass.complete], [2, 1, true], pass.problems.join())
    assert.deepEqual(having(to, 'Filtered'), ['Filtered: both', 'Filtered: other', 'Filtered: other'])
    const [counts, ...others] = (await verified(move)) as readonly (readonly unknown[])[]
    // The altered mail that the new side got by itself is nobody's copy: it is told as extra.
    for (const one of [counts, ...others]) assert.deepEqual(one?.slice(1, 5), [0, 1, 0, 0])
  }))

test('of a mail that came by itself another body, subject, sender, recipient or date is still noticed, and a broken one is carried over again', () =>
  afterSwitch(async ({ move, from, to, at, late }) => {
    const when = at + HOUR
    const same = mail('both', 'inbound', when)
    from.addMessage('INBOX', asOldHostWrote(same), { internalDate: new Date(when) })
    to.addMessage('INBOX', byMx(same), { internalDate: new Date(when) })
    assert.equal((await late()).carried, 0)
    const uid = from.folder('INBOX')?.messages.at(-1)?.uid ?? 0
    const text = byMx(same).toString('latin1')
    const altered: readonly (readonly [string, string, RegExp])[] = [
      ['This is both.', 'This is neither.', /part 1 \(text\) differs/],
      ['To: anna@example.test', 'To: ben@example.test', /To differs/],
      ['Subject: both', 'Subject: other', /not at the destination/],
      ['From: pat@', 'From: kim@', /not at the destination/],
      [new Date(when).toUTCString().replace('GMT', '+0000'), 'Fri, 02 Jan 2026 10:00:00 +0000', /not at the destination/],
    ]
    for (const [was, is, says] of altered) {
      const other = Buffer.from(text.replaceAll(was, is), 'latin1')
      assert.notEqual(other.toString('latin1'), text)
      claim(move, uid, to.addMessage('INBOX', other, { internalDate: new Date(when) }).uid, true)
      to.removeMessage('INBOX', to.folder('INBOX')?.messages.at(-2)?.uid ?? 0)
      const { missing, different, differences } = await move.verify({ fresh: true })
      assert.equal(missing + different, 1, was)
      assert.match(
        differences
          .filter(({ kind }) => kind !== 'extra')
          .map((one) => one.says)
          .join(),
        says,
      )
    }
    const { missing, repaired } = await move.verify({ repair: true })
    assert.deepEqual([missing, repaired], [0, 1])
    assert.equal(having(to, 'INBOX: both').length, 2, 'the one with another date, and the copy')
  }))

test('a copy that we carried is held to its date and flags as ever', () =>
  afterSwitch(async ({ move, from, to, at, late }) => {
    from.addMessage('INBOX', mail('late', 'inbound', at + HOUR), { internalDate: new Date(at + HOUR) })
    assert.equal((await late()).carried, 1)
    const uid = from.folder('INBOX')?.messages.at(-1)?.uid ?? 0
    const there = to.addMessage('INBOX', byMx(mail('late', 'inbound', at + HOUR)), { internalDate: new Date(at + 2 * HOUR) })
    to.removeMessage('INBOX', there.uid - 1)
    claim(move, uid, there.uid, false)
    const { different, differences } = await move.verify({ fresh: true })
    assert.equal(different, 1)
    assert.match(differences.map(({ says }) => says).join(), /^date /)
  }))

/** As if the copy of a message in INBOX were this one. */
function claim(move: Switched['move'], uid: number, destinationUid: number, cameByItself: boolean): void {
  using ledger = openLedger(move.stateDir)
  const folder = ledger.folders(first(ledger.mailboxes()).id).find(({ sourceName }) => sourceName === 'INBOX')
  const entry = folder === undefined ? null : ledger.lookup(folder.id, uid)
  assert.ok(folder && entry)
  const receipt = { folderId: folder.id, uid, destinationUidValidity: entry.destinationUidValidity, destinationUid }
  ledger.record({ sending: [entry], copied: [{ ...receipt, ...(cameByItself ? { cameByItself: true } : {}) }] })
}
