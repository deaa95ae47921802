import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import * as fc from 'fast-check'
import { Failure } from '../model/failure.ts'
import { Secret } from '../model/secret.ts'
import { keyFingerprint, manifestKey } from './manifest-key.ts'
import { checkManifest, manifestText, writeManifest } from './manifest.ts'

const run = promisify(execFile)
const { privateKey } = generateKeyPairSync('ed25519')
const AT = new Date('2026-03-01T12:00:00Z')
const BODY = {
  level: 'content',
  found: 12,
  seconds: 0.25,
  mailboxes: [
    {
      name: 'Änne',
      found: 10,
      folders: [
        { source: 'INBOX', found: 7, note: 'line\nbreak "quoted"' },
        { source: 'Sent', found: 3 },
      ],
    },
    { name: 'bert', found: 2, folders: [{ source: 'INBOX', found: 2, seconds: 1e21 }] },
  ],
}
let directory = ''
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'manifest-'))
})
after(() => rm(directory, { recursive: true }))

test('a manifest holds as written, and tells its key, its time and its figures', () => {
  const check = checkManifest(manifestText(BODY, privateKey, AT))
  assert.deepEqual(check, {
    ok: true,
    problems: [],
    keyFingerprint: keyFingerprint(privateKey),
    signedAt: '2026-03-01T12:00:00.000Z',
    result: BODY,
  })
})

test('any other order of the members gives the same manifest', () => {
  const turned = JSON.parse(JSON.stringify(BODY), (_, value: unknown) =>
    value !== null && typeof value === 'object' && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).toReversed()) : value,
  ) as typeof BODY
  assert.equal(manifestText(turned, privateKey, AT), manifestText(BODY, privateKey, AT))
})

test('no change of a figure, a name, the time or a digest goes unnoticed', () => {
  const text = manifestText(BODY, privateKey, AT)
  for (const match of text.slice(text.indexOf('\n')).matchAll(/\d+/g)) {
    const at = text.indexOf('\n') + match.index
    const changed = `${text.slice(0, at)}${match[0] === '9' ? '8' : '9'}${text.slice(at + match[0].length)}`
    assert.equal(checkManifest(changed).ok, changed === text, match[0])
  }
  for (const [from, to] of [
    ['Änne', 'Anne'],
    ['content', 'counts'],
    ['2026-03-01', '2026-03-02'],
    ['"found":12', '"found":12.0'],
  ] as const)
    assert.equal(checkManifest(text.replace(from, to)).ok, false, from)
})

test('no change of a single character goes unnoticed, except blanks between tokens', () => {
  const text = manifestText(BODY, privateKey, AT)
  fc.assert(
    fc.property(fc.nat(text.length - 1), fc.constantFrom('0', '1', 'a', '"', '}', ',', 'é'), (at, char) => {
      if (/\s/.test(text[at] ?? '') || text[at] === char) return
      // Inside the PEM and the base64 there are characters that mean nothing; only what is signed matters.
      if (at < text.indexOf('\n')) return
      assert.equal(checkManifest(text.slice(0, at) + char + text.slice(at + 1)).ok, false)
    }),
  )
})

test('a second member of the same name and a note beside the signature are noticed', () => {
  const text = manifestText(BODY, privateKey, AT)
  const doubled = checkManifest(text.replace('"found":12', '"found":99,"found":12'))
  assert.match(doubled.problems.join(), /rewritten/)
  assert.equal(checkManifest(text.replace('{"signature"', '{"verdict":"all good","signature"')).ok, false)
  assert.equal(checkManifest(JSON.stringify(JSON.parse(text), null, 2)).ok, true)
})

test('a manifest signed anew with another key is told by its fingerprint', () => {
  const lie = { ...BODY, found: 0 }
  const forged = manifestText(lie, generateKeyPairSync('ed25519').privateKey, AT)
  assert.equal(checkManifest(forged).ok, true)
  assert.match(checkManifest(forged, keyFingerprint(privateKey)).problems.join(), /another key/)
  const own = manifestText(BODY, privateKey, AT)
  assert.equal(checkManifest(own, keyFingerprint(privateKey).toUpperCase().replaceAll(/(..)/g, '$1:')).ok, true)
})

test('what is no manifest is refused with a sentence and never throws', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ type: 'spki', format: 'pem' }).toString()
  const texts = ['', 'null', '[]', '{', '{"signature":{},"signed":{}}', '{"signature":{"publicKey":"x","value":"y"},"signed":1}']
  texts.push(JSON.stringify({ signature: { publicKey: rsa, value: '' }, signed: {} }), '['.repeat(100_000))
  texts.push(manifestText(BODY, privateKey, AT).replace('Änne', '\\ud800'))
  for (const text of texts) {
    const check = checkManifest(text)
    assert.equal(check.ok, false)
    assert.match(check.problems[0] ?? '', /\.$/)
  }
})

test('a secret in the results is signed as ***', () => {
  const text = manifestText({ mailboxes: [{ name: 'a', folders: [{ password: new Secret('hunter2') }] }] }, privateKey, AT)
  assert.equal(text.includes('hunter2'), false)
})

test('the key of a state directory is made once, for its owner alone, also when several ask at once', async () => {
  const state = join(directory, 'state')
  const keys = await Promise.all(Array.from({ length: 8 }, () => manifestKey(state)))
  assert.equal(new Set(keys.map(keyFingerprint)).size, 1)
  assert.deepEqual(await readdir(state), ['manifest-key.pem'])
  assert.equal((await stat(join(state, 'manifest-key.pem'))).mode & 0o777, 0o600)
  assert.match(await readFile(join(state, 'manifest-key.pem'), 'utf8'), /^-----BEGIN PRIVATE KEY-----/)
})

test('a damaged key is not replaced silently', async () => {
  await writeFile(join(directory, 'manifest-key.pem'), 'nonsense')
  await assert.rejects(manifestKey(directory), (error) => error instanceof Failure && error.code === 'state-damaged')
})

test('a place that cannot be written to is a sentence, and leaves nothing behind', async () => {
  await assert.rejects(
    writeManifest(join(directory, 'nowhere', 'proof.json'), BODY, privateKey, AT),
    (error) => error instanceof Failure && error.code === 'bad-input' && /directory does not exist/.test(error.message),
  )
})

test('openssl checks a manifest as the guide says', async (t) => {
  const openssl = await run('openssl', ['version']).then(
    ({ stdout }) => stdout.startsWith('OpenSSL 3'),
    () => false,
  )
  if (!openssl) return t.skip('openssl 3 is not installed')
  await writeManifest(join(directory, 'proof.json'), BODY, privateKey, AT)
  const guide = await readFile(join(import.meta.dirname, '../../docs/guide/manifest.md'), 'utf8')
  const commands = /```sh\n(sed[\s\S]*?)```/.exec(guide)?.[1] ?? assert.fail('the guide shows no commands')
  const { stdout } = await run('sh', ['-ec', commands], { cwd: directory })
  assert.match(stdout, /Signature Verified Successfully/)
  assert.match(stdout, new RegExp(keyFingerprint(privateKey)))
  const changed = (await readFile(join(directory, 'proof.json'), 'utf8')).replace('"found":12', '"found":13')
  await writeFile(join(directory, 'proof.json'), changed)
  await assert.rejects(run('sh', ['-ec', commands], { cwd: directory }))
})
