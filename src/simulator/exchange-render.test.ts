import assert from 'node:assert/strict'
import { test } from 'node:test'
import { renderMessage } from './exchange-render.ts'
import { heldContent, type Message } from './mail-store.ts'
import { parseEntity, type Entity } from './mime-tree.ts'
import { nastyMessage, nastyMessages } from './nasty-messages.ts'
import { seedMessage } from './seed-message.ts'

function stored(bytes: Buffer): Message {
  const internalDate = new Date(Date.UTC(2021, 0, 1))
  return { uid: 1, internalDate, content: heldContent(bytes), flags: [], modseq: 1, gone: false, flaggedOnlyByAppend: false }
}

function seeded(index: number): Buffer {
  const options = { owner: 'anna@old.example.test', date: new Date(1e12), medianBytes: 6000, maxBytes: 100_000 }
  return seedMessage({ seed: 3, mailbox: 0, index }, options)
}

/** What an entity says, whatever its encodings are. */
function meaning(entity: Entity): unknown {
  if (entity.children.length > 0) return [entity.type, entity.subtype, entity.children.map(meaning)]
  const text = entity.body.toString('latin1')
  const decoded =
    entity.encoding === 'base64'
      ? Buffer.from(text, 'base64').toString('latin1')
      : entity.encoding === 'quoted-printable'
        ? text.replace(/=\r?\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
        : text
  return [entity.type, entity.subtype, entity.type === 'text' ? decoded.replace(/\r?\n/g, '\n').trimEnd() : decoded]
}

test('seeded mail says the same after rebuilding, in other bytes, and the same bytes each time', () => {
  let changed = 0
  for (let i = 0; i < 150; i++) {
    const bytes = seeded(i)
    const rendered = renderMessage(stored(bytes))
    assert.deepEqual(renderMessage(stored(bytes)), rendered)
    assert.deepEqual(meaning(parseEntity(rendered)), meaning(parseEntity(bytes)), `message ${i}`)
    if (!rendered.equals(bytes)) changed += 1
  }
  assert.equal(changed, 150)
})

test('no nasty message makes the rebuilding throw, and each comes out with a Message-ID and a Date', () => {
  for (const message of nastyMessages()) {
    const names = parseEntity(renderMessage(stored(message.bytes()))).fields.map((field) => field.name)
    assert.ok(names.includes('message-id') && names.includes('date'), message.name)
  }
})

test('headers are folded anew without changing their text', () => {
  const value = (bytes: Buffer): string | undefined => parseEntity(bytes).fields.find((field) => field.name === 'references')?.value
  const bytes = nastyMessage('references-many').bytes()
  const rendered = renderMessage(stored(bytes))
  assert.equal(value(rendered), value(bytes))
  const longest = Math.max(
    ...rendered
      .toString('latin1')
      .split('\r\n')
      .map((line) => line.length),
  )
  assert.ok(longest <= 78, `${longest}`)
})

test('signed and encrypted bodies stay byte for byte', () => {
  for (const name of ['smime-signed', 'smime-encrypted', 'pgp-encrypted', 'signed-long-line']) {
    const bytes = nastyMessage(name).bytes()
    assert.deepEqual(parseEntity(renderMessage(stored(bytes))).body, parseEntity(bytes).body, name)
  }
})

test('boundaries and transfer encodings are others than those that came in', () => {
  const rendered = parseEntity(renderMessage(stored(nastyMessage('alternative').bytes())))
  assert.match(rendered.parameters.get('boundary') ?? '', /^_000_/)
  assert.deepEqual(
    rendered.children.map((child) => child.encoding),
    ['quoted-printable', 'quoted-printable'],
  )
})

test('a generated Message-ID is the same at each reading and differs between messages', () => {
  const id = (name: string): string | undefined =>
    parseEntity(renderMessage(stored(nastyMessage(name).bytes()))).fields.find((field) => field.name === 'message-id')?.value
  assert.equal(id('no-message-id'), id('no-message-id'))
  assert.notEqual(id('no-message-id'), id('no-message-id-twin'))
})
