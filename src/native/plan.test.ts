import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../model/failure.ts'
import { Secret } from '../model/secret.ts'
import { batchesOf } from './csv.ts'
import { nativeHands } from './hands.ts'
import { withList } from './native-call.ts'
import { batchChange, endpointFor, type KnownEndpoint, type WantedEndpoint } from './plan.ts'
import { nativeScript } from './script.ts'

const WANTED: WantedEndpoint = {
  name: null,
  host: 'imap.example.org',
  port: 993,
  security: 'Ssl',
  maxMigrations: 20,
  maxIncremental: 10,
}
const SAME: KnownEndpoint = { ...WANTED, name: 'SRC', type: 'IMAP' }

test('an equal endpoint is used again; else one is made by a name that is free', () => {
  assert.deepEqual(endpointFor(WANTED, [SAME]), { name: 'SRC', change: null })
  assert.equal(endpointFor(WANTED, [{ ...SAME, maxMigrations: 100 }]).name, 'cutover imap.example.org')
  const taken = { ...SAME, name: 'Cutover imap.example.org', port: 143 }
  assert.equal(endpointFor(WANTED, [taken]).name, 'cutover imap.example.org 2')
  const made = endpointFor(WANTED, []).change?.calls[0]
  assert.deepEqual([made?.parameters['MaxConcurrentMigrations'], made?.parameters['MaxConcurrentIncrementalSyncs']], [20, 10])
})

test('an endpoint that was asked for by name and is another one is left alone', () => {
  const isTaken = (error: unknown): boolean => error instanceof Failure && error.code === 'object-exists'
  assert.throws(() => endpointFor({ ...WANTED, name: 'src' }, [{ ...SAME, port: 143 }]), isTaken)
  assert.deepEqual(endpointFor({ ...WANTED, name: 'src' }, [SAME]), { name: 'SRC', change: null })
})

test('numbers that Microsoft does not take are refused before anything is sent', () => {
  for (const [maxMigrations, maxIncremental] of [
    [0, 1],
    [101, 1],
    [5, 6],
    [2.5, 1],
  ] as const)
    assert.throws(() => endpointFor({ ...WANTED, maxMigrations, maxIncremental }, []), /number of|follow at once/)
})

test('no password is in the change or in its script; it comes in where the call is sent', async () => {
  const row = { emailAddress: 'a@example.org', userName: 'a', password: new Secret('s3cret'), userRoot: null }
  const [batch] = batchesOf('wave', [row])
  assert.ok(batch)
  const change = batchChange(batch, 'SRC', { excludeFolders: ['[Gmail]'], notify: [], startAfter: null })
  assert.doesNotMatch(JSON.stringify(change), /s3cret/)
  const [call] = change.calls
  assert.ok(call)
  const script = nativeScript([change], 'global')
  assert.match(script, /New-MigrationBatch -Name 'wave' -SourceEndpoint 'SRC' -CSVData \(\[System\.IO\.File\]::ReadAllBytes/)
  assert.doesNotMatch(script, /s3cret/)
  assert.throws(() => withList(call, new Map()), /no list/)
  let sent = ''
  const admin = {
    run: async (call: unknown) => {
      sent = JSON.stringify(call)
      throw new Failure('request-refused', 'Row 1 (s3cret) is wrong', { serverText: 'bad s3cret', notDone: true })
    },
    invoke: () => Promise.reject(new Error('not used')),
    pages: () => {
      throw new Error('not used')
    },
  }
  const hands = nativeHands(admin, new Map([['wave', { kind: 'file', name: 'wave.csv', bytes: Buffer.from('s3cret') }]]), ['s3cret'])
  await assert.rejects(hands.send(call), (error) => error instanceof Failure && !`${error.message}${error.serverText}`.includes('s3cret'))
  assert.match(sent, /wave\.csv/)
})
