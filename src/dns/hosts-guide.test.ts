import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { dnsHostsGuide } from './hosts-guide.ts'
import { PROVIDERS } from './providers.ts'

test('the page about hosts of DNS is the one that the adapters make', () => {
  const page = join(import.meta.dirname, '..', '..', 'docs', 'guide', 'dns-hosts.md')
  assert.equal(readFileSync(page, 'utf8'), dnsHostsGuide(), 'write it again: npm run guide')
})

test('every host says what it needs, where to get it, and what may go wrong', () => {
  for (const { name, settings, about } of PROVIDERS) {
    assert.ok(settings.some(({ required }) => required) && settings.every(({ label }) => label !== ''), name)
    assert.ok(
      settings.filter(({ secret, required }) => secret && required).every(({ hint }) => hint !== undefined),
      name,
    )
    assert.ok(about.rights.endsWith('.') && about.notes.length > 0 && about.notes.every((note) => note.endsWith('.')), name)
  }
})
