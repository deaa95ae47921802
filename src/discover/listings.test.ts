import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { Failure } from '../model/failure.ts'
import { PROFILES } from '../source/profiles.ts'
import { LISTINGS, listingAt, listingFile, listingNamed, recognised } from './listings.ts'

test('every way to list mailboxes that a profile advises is a listing', () => {
  const known = new Set(LISTINGS.map(({ name }) => name))
  for (const { name, listing } of PROFILES) for (const { kind } of listing) assert.ok(known.has(kind), `${name} advises ${kind}`)
})

test('every listing can be read from something, has a name of its own, and says what to run or where to ask', () => {
  assert.equal(new Set(LISTINGS.map(({ name }) => name)).size, LISTINGS.length)
  for (const { name, title, file, live } of LISTINGS) {
    assert.ok(file !== null || live !== null, name)
    assert.ok(title.length <= 80, title)
  }
  assert.equal(listingNamed('Dovecot').name, 'dovecot')
  assert.throws(
    () => listingNamed('x'),
    (error) => error instanceof Failure && error.code === 'bad-input',
  )
})

test('an address of a system tells what answers there by its scheme or the port of its panel', () => {
  const at = (url: string): string | null => listingAt(url)?.name ?? null
  assert.deepEqual(
    [
      'imaps://a',
      'ldap://a',
      'ldaps://a/dc=x',
      'google:',
      'graph:',
      'https://a:2083',
      'https://a:8443/',
      'https://a',
      'https://a:20833',
    ].map(at),
    ['cyrus', 'ldap', 'ldap', 'google', 'graph', 'cpanel', 'plesk', null, null],
  )
})

test('no file, whatever is in it, makes a listing throw or hang', async () => {
  const pieces = ['{', '[', '"users"', '<packet>', '<a', 'dn: x', '# name a@b', 'user/a (\\x)', '\t1\t1\t', 'email,login', '"', '\0', '\n', '@', 'Username\tmailbox\tvsize', '* LIST () "/" x', '{"data":', '"primaryEmail"', '&x;', ']]>'] // prettier-ignore
  const text = fc.tuple(fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 9 }), fc.constantFrom('\n', ' ', ''))
  await fc.assert(
    fc.asyncProperty(text, async ([parts, between]) => {
      const file = listingFile(Buffer.from(parts.join(between)))
      for (const { file: reader } of LISTINGS) await reader?.read(file, {})
      try {
        recognised(file, 'it')
      } catch (error) {
        assert.ok(error instanceof Failure)
      }
    }),
    { numRuns: 300 },
  )
})
