import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { Secret } from '../model/secret.ts'
import { grantStore } from './grant-store.ts'

const scratch = mkdtempSync(join(tmpdir(), 'cutover-grants-'))
after(() => rmSync(scratch, { recursive: true }))
const GRANT = 'refresh-t0ken'
const KEY = new Secret('a long key of the operator')
const filesIn = (folder: string): readonly string[] => readdirSync(folder).map((name) => join(folder, name))

for (const key of [null, KEY])
  test(`a grant outlives the process, in a file for its owner alone${key === null ? '' : ', and sealed'}`, async () => {
    const folder = join(scratch, key === null ? 'open' : 'sealed')
    assert.equal(await grantStore(folder, key).read('google anna'), null)
    await grantStore(folder, key).write('google anna', new Secret('older'))
    await grantStore(folder, key).write('google anna', new Secret(GRANT))
    assert.equal((await grantStore(folder, key).read('google anna'))?.reveal(), GRANT)
    assert.equal(await grantStore(folder, key).read('google ben'), null)
    const [file = '', ...others] = filesIn(folder)
    assert.deepEqual(others, [])
    assert.equal(statSync(file).mode & 0o777, 0o600)
    assert.equal(statSync(folder).mode & 0o777, 0o700)
    assert.equal(readFileSync(file, 'utf8').includes(GRANT), key === null)
    await grantStore(folder, key).forget('google anna')
    assert.equal(await grantStore(folder, key).read('google anna'), null)
  })

test('another key, no key, or the file of somebody else opens nothing, and says what to do', async () => {
  const folder = join(scratch, 'other')
  await grantStore(folder, KEY).write('google anna', new Secret(GRANT))
  const bad = (message: RegExp) => ({ code: 'bad-input', message })
  await assert.rejects(grantStore(folder, new Secret('another')).read('google anna'), bad(/CUTOVER_STATE_KEY does not open/))
  await assert.rejects(grantStore(folder, null).read('google anna'), bad(/set CUTOVER_STATE_KEY/))
  const [annas = ''] = filesIn(folder)
  await grantStore(folder, KEY).write('google ben', new Secret('of ben'))
  const bens = filesIn(folder).find((file) => file !== annas) ?? ''
  renameSync(annas, bens)
  await assert.rejects(grantStore(folder, KEY).read('google ben'), bad(/does not open/))
  writeFileSync(bens, '{"sealed":')
  await assert.rejects(grantStore(folder, KEY).read('google ben'), bad(/damaged/))
})
