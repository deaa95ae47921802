/** Every family of the nasty messages moves from an old server of the simulator into its Exchange. */
import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { CopyResult } from '../../src/api/results.ts'
import { courier } from '../../src/simulator/courier.ts'
import { dovecot } from '../../src/simulator/dovecot.ts'
import { nastyMessage, nastyMessages } from '../../src/simulator/nasty-messages.ts'
import { compareMail, mailInStore } from './mail.ts'
import { simulatedMigration } from './migration.ts'

/** What must be left of a message that Exchange refuses, or that breaks its session, as it is. */
const REPAIRED: Readonly<Record<string, (copy: string, original: string) => void>> = {
  'line-10240': sameBody,
  'line-100000': sameBody,
  'line-last-long': sameBody,
  'line-long-html': sameBody,
  'line-long-base64': sameBody,
  'line-long-utf8': sameBody,
  'header-line-12000': (copy, original) => assert.equal(withoutBlanks(copy), withoutBlanks(original)),
  'signed-long-line': (copy, original) => assert.ok(base64Parts(copy).includes(original), 'attached whole, byte for byte'),
  'word-unknown-charset': (copy) => assert.match(copy, /^Subject: =\?UTF-8\?B\?R3LDvMOfZQ==\?=\r$/m),
  'word-x-unknown': (copy) => assert.match(copy, /^Subject: =\?UTF-8\?B\?R3LDvMOffQ==\?=\r$/m),
  'forwarded-bad-word': (copy, original) => assert.equal(copy, original.replace('=?TELETEX?Q?Gr=FC=DFe?=', '=?UTF-8?B?R3LDvMOfZQ==?=')),
  'receipt-unread': (copy, original) =>
    assert.equal(copy, original.replace(/^(Disposition-Notification-To|Return-Receipt-To):/gm, 'X-$1:')),
}
/** Received at a time that no server can have meant: they get the date of their header instead. */
const REDATED = ['date-1899', 'date-1969', 'date-1970', 'date-2038', 'date-2099']

for (const personality of [dovecot, courier]) {
  const source = personality.name === 'courier' ? 'courier' : 'dovecot'
  test(`from ${source}: each message arrives once with its content, date and flags, and a second copy writes nothing`, async () => {
    await using world = await simulatedMigration({ source, mailboxes: 1, messages: 0, nasty: true, language: 'fr' })
    const { sim, move } = world
    const [{ sourceLogin = '', target = '' } = {}] = sim.accounts
    const copied = await move.copy()
    // One is there twice, one in three folders, one is marked as deleted.
    const found = nastyMessages().length + 3
    assert.deepEqual(books(copied), { found, copied: found - 1, skipped: 1, failed: 0, unexplained: 0, failure: null })

    const held = (flags: readonly string[]): readonly string[] => flags.filter((flag) => flag.startsWith('\\') && flag !== '\\Deleted')
    const folder = (name: string): string => name.slice(personality.prefix.length).replaceAll(personality.separator, '/')
    const wanted = mailInStore(sim.sourceStore(sourceLogin), (message) => personality.render(message))
    const arrived = compareMail(wanted, mailInStore(sim.exchangeStore(target)), { folder, flags: held })
    assert.deepEqual(
      { ...arrived, altered: [...arrived.altered.keys()].sort() },
      {
        unchanged: found - 1 - Object.keys(REPAIRED).length,
        altered: Object.keys(REPAIRED).sort(),
        lost: ['flags-deleted'],
        extra: [],
        otherFlags: [],
        otherDate: REDATED,
      },
    )
    for (const [name, bytes] of arrived.altered) REPAIRED[name]?.(bytes.toString('latin1'), nastyMessage(name).bytes().toString('latin1'))
    const unseen = sim
      .exchangeStore(target)
      .folders()
      .flatMap(({ messages }) => messages.filter((one) => one.flaggedOnlyByAppend))
    assert.deepEqual(unseen, [], 'every \\Flagged is set by STORE, as Outlook sees no other')

    assert.deepEqual(
      (await move.errors()).errors.map(({ state, code }) => `${state} ${code}`),
      ['skipped deleted-flag'],
    )
    const { level, compared, missing, extra, different, unexplained, differences } = await move.verify()
    assert.deepEqual(
      { differences, level, compared, missing, extra, different, unexplained },
      {
        differences: [],
        level: 'content',
        compared: found - 1,
        missing: 0,
        extra: 0,
        different: 0,
        unexplained: 0,
      },
    )

    const appends = sim.appends
    const again = await move.copy()
    assert.deepEqual(books(again), books(copied))
    assert.equal(again.appends, 0)
    assert.equal(sim.appends, appends)
  })
}

function books(result: CopyResult): object {
  const { found, copied, skipped, failed, unexplained, mailboxes } = result
  return { found, copied, skipped, failed, unexplained, failure: mailboxes.find((one) => one.failure !== null)?.failure ?? null }
}

/** The same once the transfer encoding is undone, and no line that Exchange would choke on. */
function sameBody(copy: string, original: string): void {
  assert.equal(decodedBody(copy) === decodedBody(original), true, 'the decoded body is as it was')
  assert.ok(copy.split('\r\n').every((line) => line.length <= 998))
}

function decodedBody(message: string): string {
  const end = message.indexOf('\r\n\r\n')
  const encoding = /^Content-Transfer-Encoding: (\S+)/im.exec(message.slice(0, end))?.[1]
  const body = message.slice(end + 4)
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('latin1')
  if (encoding !== 'quoted-printable') return body
  return body.replaceAll('=\r\n', '').replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

/** A word of 12,000 letters cannot be folded without a blank coming in. */
function withoutBlanks(message: string): string {
  return message.replaceAll(/\s+/g, '')
}

function base64Parts(message: string): readonly string[] {
  return message
    .split(/^--.*\r\n/m)
    .filter((part) => /^Content-Transfer-Encoding: base64/im.test(part))
    .map(decodedBody)
}
