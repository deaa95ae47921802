/** The law for the way back: whatever instant it dies at, each message that is only at the new side reaches the old one once, and nothing there is touched. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PASS_OPTIONS } from '../../src/engine/options.ts'
import { sinceSource } from '../../src/engine/since-source.ts'
import { UidSet } from '../../src/model/uid-set.ts'
import { createExchangeMailbox } from '../../src/simulator/exchange-mailbox.ts'
import { exchangeOnline } from '../../src/simulator/exchange-online.ts'
import { dovecot } from '../../src/simulator/dovecot.ts'
import { startImapServer, type ServerUser } from '../../src/simulator/imap-server.ts'
import { MailStore } from '../../src/simulator/mail-store.ts'
import { imapDestination } from '../../src/destination/adapters/imap.ts'
import { imapEndpoint } from '../../src/imap/endpoint.ts'
import { Secret } from '../../src/model/secret.ts'
import { imapSource } from '../../src/source/adapters/imap.ts'
import { startLife, type DeathKind, type Life } from './life.ts'
import { letter } from './mail.ts'
import { assertSame, pictureOf } from './picture.ts'
import type { Play } from './stage.ts'

const SWITCHED = Date.UTC(2026, 2, 3)
const HOUR = 3_600_000
const RULES = { ...PASS_OPTIONS, deletions: 'keep', flags: 'keep', alreadyThere: { since: SWITCHED - HOUR, as: 'skipped' } } as const

/** Lives lived side by side: most of one is waiting. */
const AT_ONCE = 4

type Stage = AsyncDisposable & { play(): Play }

async function openStage(): Promise<Stage> {
  const [news, olds]: [ServerUser[], ServerUser[]] = [[], []]
  const left = await startImapServer(exchangeOnline(), { users: news })
  const right = await startImapServer(dovecot, { users: olds })
  let plays = 0
  return {
    play() {
      const login = `anna${++plays}@example.test`
      const password = 'secret'
      const from = createExchangeMailbox('de')
      const to = new MailStore({ separator: '/' })
      to.createFolder('INBOX')
      to.createFolder('Sent', { specialUse: '\\Sent' })
      to.createFolder('Trash', { specialUse: '\\Trash' })
      news.push({ login, password, store: from })
      olds.push({ login, password, store: to })
      const token = { kind: 'token', user: login, token: async () => new Secret(password) } as const
      const own = { kind: 'password', user: login, password: new Secret(password), authzid: null } as const
      const wire = (port: number) => imapEndpoint({ host: '127.0.0.1', port, tls: 'none' })
      return {
        get source() {
          // Of INBOX two are copies that came from the old side.
          const hidden = (folder: string): UidSet => (folder === 'INBOX' ? UidSet.of([1, 2]) : UidSet.empty)
          return sinceSource(imapSource(wire(left.port), token), { since: SWITCHED - HOUR, hidden })
        },
        destination: imapDestination(wire(right.port), own),
        from,
        to,
        appends: () => right.appends,
        suffers: () => {},
        restart: (side) => (side === 'source' ? left : right).dropConnections(),
      }
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([left[Symbol.asyncDispose](), right[Symbol.asyncDispose]()])
    },
  }
}

/** Two passes, with mail at both sides before and between. */
async function live({ from, to }: Play, life: Life): Promise<void> {
  const put = (store: MailStore, folder: string, id: string | null, hours: number, flags: readonly string[] = []): void => {
    store.addMessage(folder, letter({ id, ...(id === null ? { body: `Nameless ${hours}.\r\n` } : {}) }), {
      flags,
      internalDate: new Date(SWITCHED + hours * HOUR),
    })
  }
  for (const [at, id] of ['old-1', 'old-2'].entries()) {
    put(to, 'INBOX', id, -100 - at, ['\\Answered'])
    put(from, 'INBOX', id, -100 - at)
  }
  put(to, 'INBOX', 'both', 1, ['\\Flagged'])
  put(from, 'INBOX', 'both', 1)
  put(from, 'INBOX', 'came-before', -50)
  for (const id of ['new-1', 'twin', 'twin']) put(from, 'INBOX', id, 2, ['\\Seen'])
  put(from, 'INBOX', null, 3)
  put(from, 'Gesendete Elemente', 'sent-1', 3, ['\\Seen'])
  put(from, 'Junk-E-Mail', 'junk-1', 3)
  from.createFolder('Neu')
  put(from, 'Neu', 'placed', 4, ['\\Flagged'])
  await life.pass(RULES)
  put(from, 'INBOX', 'new-2', 5)
  put(to, 'INBOX', 'arrived-there', 5)
  from.moveMessage('INBOX', from.folder('INBOX')?.messages.at(4)?.uid ?? 0, 'Neu')
  await life.pass(RULES)
}

test('killed at any step of the way back and resumed, it ends the same, and nothing is left to do', { timeout: 120_000 }, async () => {
  await using stage = await openStage()
  const whole = stage.play()
  using first = startLife(whole)
  await live(whole, first)
  const end = pictureOf(whole.to)
  const count = (id: string): number => end.filter((line) => line.includes(` ${id} `)).length
  assert.deepEqual(
    ['old-1', 'both', 'came-before', 'new-1', 'twin', 'sent-1', 'junk-1', 'placed', 'new-2'].map(count),
    [1, 1, 0, 1, 2, 1, 1, 1, 1],
    end.join('\n'),
  )
  // Exchange gave the nameless one a name.
  assert.equal(end.filter((line) => line.startsWith('INBOX/ ') && line.includes('T03:00')).length, 1)
  assert.deepEqual(
    end.filter((line) => line.endsWith('/')),
    ['INBOX/', 'Junk-E-Mail/', 'Neu/', 'Sent/', 'Trash/'],
  )
  assert.equal(end.filter((line) => line.includes('\\Answered')).length, 2)
  assert.equal(end.filter((line) => / both .*\[\\Flagged\]/.test(line)).length, 1)
  const broken: string[] = []
  const steps = [...first.steps.entries()]
  const worker = async (): Promise<void> => {
    await using own = await openStage()
    for (let next = steps.shift(); next !== undefined; next = steps.shift()) {
      const [at, name] = next
      const kind: DeathKind = at % 2 === 0 ? 'client' : 'both'
      try {
        await dieOnce(own.play(), at + 1, kind, end)
      } catch (error) {
        broken.push(`killed at step ${at + 1}, "${name}" (${kind}): ${error instanceof Error ? error.message : String(error)}`)
      }
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  assert.equal(broken.length, 0, broken.join('\n\n'))
  assert.ok(first.steps.includes('already-there') && first.steps.length > 20, first.steps.join(' '))
})

async function dieOnce(play: Play, at: number, kind: DeathKind, end: readonly string[]): Promise<void> {
  using life = startLife(play, at, kind)
  await live(play, life)
  assert.ok(life.died, 'it was to die')
  assertSame(pictureOf(play.to), end)
  assert.equal((await life.pass(RULES)).tally.appends, 0)
  assertSame(pictureOf(play.to), end)
}
