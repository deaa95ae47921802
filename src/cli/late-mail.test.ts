import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LateFigures, LateMailbox } from '../api/late-mail.ts'
import type { CopyInput } from '../api/operations.ts'
import { ADDRESSES, copyResult, mailbox, stage } from './cli.fixture.ts'

const SWITCHED = Date.UTC(2026, 2, 3, 9)

function figures(messages: number, hoursLater = 1): LateFigures {
  const at = messages === 0 ? null : SWITCHED + hoursLater * 3_600_000
  return { messages, notCopied: 0, lastCameAt: at, lastSeenAt: at }
}

function late(name: string, of: { inbound?: number; local?: number; own?: number; trouble?: string } = {}): LateMailbox {
  const kinds = { inbound: figures(of.inbound ?? 0, 2), local: figures(of.local ?? 0), own: figures(of.own ?? 0, 5) }
  return { name, login: name, kinds, lookedAt: SWITCHED, trouble: of.trouble ?? null }
}

async function told(
  mailboxes: readonly LateMailbox[],
  ...more: readonly string[]
): Promise<{ readonly out: string; readonly input: CopyInput | null }> {
  const seen: { input: CopyInput | null } = { input: null }
  const at = stage({
    copy: async (input) => {
      seen.input = input
      return copyResult([mailbox('anna')])
    },
    lateMail: async () => mailboxes,
  })
  const { out } = await at.run('copy', ...ADDRESSES, '--switched', '2026-03-03T09:00Z', ...more)
  return { out, input: seen.input }
}

test('a copy after the switch tells what came late, who still works at the old server, and where nothing is seen', async () => {
  const { out, input } = await told(
    [late('anna', { inbound: 3, local: 1 }), late('ben', { own: 2 }), late('cleo', { trouble: 'It is full.' })],
    '--old-host',
    'mx1.old.test',
  )
  assert.deepEqual(input?.afterSwitch, { at: SWITCHED, ttlSeconds: 3600, oldHosts: ['mx1.old.test'] })
  assert.match(
    out.replaceAll('\n', ' '),
    /Late mail since the switch: 3 by SMTP, 1 made on the old host; the last was found at 2026-03-03T11:00Z\./,
  )
  assert.match(out, /1 mailbox still used at the old server: ben\./)
  assert.match(out, /cleo: late mail is not seen\. It is full\./)
})

test('it says when none came, and --json has the figures beside the result', async () => {
  assert.match((await told([late('anna')])).out, /No late mail came to the old side since the switch\./)
  const { out } = await told([late('anna', { inbound: 1 })], '--json')
  assert.partialDeepStrictEqual(JSON.parse(out), { copied: copyResult([mailbox('anna')]).copied, late: [{ name: 'anna' }] })
})

test('a plain copy knows nothing of a switch', async () => {
  let given: CopyInput | null = null
  const at = stage({ copy: async (input) => ((given = input), copyResult([mailbox('anna')])) })
  const { out } = await at.run('copy', ...ADDRESSES)
  assert.ok(!('afterSwitch' in (given ?? {})) && !out.includes('late'))
})
