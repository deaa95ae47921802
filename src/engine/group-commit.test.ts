import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Ledger } from '../ledger/ledger.ts'
import { GroupCommit } from './group-commit.ts'

/** What a group commit uses of a ledger; tells when a transaction begins and ends. */
function transactions(): { readonly said: string[]; readonly commits: GroupCommit } {
  const said: string[] = []
  const ledger: Pick<Ledger, 'atomic'> = {
    atomic(body) {
      said.push('begin')
      const result = body()
      said.push('commit')
      return result
    },
  }
  return { said, commits: new GroupCommit(ledger as Ledger) }
}

test('writes that come together are one transaction, in their order, and are told after it', async () => {
  const { said, commits } = transactions()
  const one = commits.run(() => said.push('a')).then(() => said.push('a is safe'))
  const two = commits.run(() => said.push('b')).then(() => said.push('b is safe'))
  assert.equal(said.length, 0)
  await Promise.all([one, two])
  await commits.run(() => said.push('c'))
  assert.deepEqual(said, ['begin', 'a', 'b', 'commit', 'a is safe', 'b is safe', 'begin', 'c', 'commit'])
})

test('when the transaction fails none of them counts as written', async () => {
  const { commits } = transactions()
  const full = new Error('disk full')
  const ends = await Promise.allSettled([
    commits.run(() => {}),
    commits.run(() => {
      throw full
    }),
  ])
  assert.deepEqual(
    ends.map((end) => (end.status === 'rejected' ? end.reason : null)),
    [full, full],
  )
})
