import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { ListedFolder } from '../model/folder.ts'
import { ENGLISH_MAILBOX, EXCHANGE, listed, PLAIN } from './listed.fixture.ts'
import { planFolders } from './plan-folders.ts'
import type { FolderPlan } from './plan-folders.ts'
import type { NameRules } from './rules.ts'

const SMALL: NameRules = { ...EXCHANGE, maxNameUnits: 32, maxDepth: 3 }
const NASTY = [
  'a|A|a (2)| a|a |a\t|a/b|a\\b|a_b||.|Files|files|FILES (mail)|Calendar|Kalender|INBOX|Inbox|Sent|sent|Sent Items'.split('|'),
  'Gesendet|Trash|[Gmail]|All Mail|é|e\u0301|ΣΑΣ|σας|\uD800|\u0000|İ|K|\u212A|shared|Archive'.split('|'),
  ['x'.repeat(80), `${'x'.repeat(80)}y`, '🎉'.repeat(40)],
].flat()
const level = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...NASTY) }, fc.string({ unit: 'binary', maxLength: 12 }))
const folder = (separator: string): fc.Arbitrary<ListedFolder> =>
  fc
    .record({
      path: fc.array(level, { minLength: 1, maxLength: 5 }),
      use: fc.option(fc.constantFrom('sent', 'trash', 'drafts', 'junk', 'archive', 'all', 'flagged'), { nil: null, freq: 6 }),
      container: fc.boolean(),
      messages: fc.nat(9),
    })
    .map(({ path, use, container, messages }) => ({
      ...listed(path.join('\u0001'), { separator: '\u0001', container, messages, ...(use === null ? {} : { use }) }),
      separator,
    }))
const listing = fc
  .constantFrom('/', '.')
  .chain((separator) => fc.uniqueArray(folder(separator), { selector: (one) => one.name, maxLength: 25 }))
  .map((folders) => (folders.some((one) => one.name === 'INBOX') ? folders : [listed('INBOX'), ...folders]))
const DESTINATIONS = [
  ENGLISH_MAILBOX,
  [listed('INBOX')],
  [listed('Inbox'), listed('a'), listed('Gesendete Elemente', { use: 'sent' }), listed('Kalender'), listed('A (2)')],
  ['INBOX', 'INBOX.Sent', 'INBOX.a'].map((name) => listed(name, { separator: '.' })),
]
const setting = fc.record({
  source: listing,
  destination: fc.constantFrom(...DESTINATIONS),
  rules: fc.constantFrom(EXCHANGE, SMALL, PLAIN),
})

/** Written anew, so that a mistake in the code is not a mistake here. */
function sameAtDestination(path: readonly string[], rules: NameRules): string {
  const [top = '', ...rest] = path
  const all = [top.toUpperCase() === 'INBOX' ? 'INBOX' : top, ...rest].join('\u0000')
  return rules.caseInsensitiveNames ? all.normalize('NFC').toUpperCase().toLowerCase() : all
}

function problems(path: readonly string[], rules: NameRules, existing: boolean): string | null {
  if (existing) return null
  if (path.length === 0 || path.length > rules.maxDepth) return 'depth'
  for (const name of path) {
    if (name === '' || name.length > rules.maxNameUnits || !name.isWellFormed()) return 'length or form'
    if (/[/\\]|\p{Cc}/u.test(name) || name.includes(rules.separator)) return 'character'
    if (rules.trimsNames && name !== name.trim()) return 'blank'
    if (/^\.+$/.test(name)) return 'dots'
  }
  return rules.reservedNames.has((path[0] ?? '').toLowerCase()) ? 'reserved' : null
}

const pathsOf = (plan: FolderPlan): Map<string, readonly string[]> => new Map(plan.folders.map((one) => [one.source.name, one.path]))

test('every folder is planned or left out, exactly once', () => {
  fc.assert(
    fc.property(setting, ({ source, destination, rules }) => {
      const plan = planFolders(source, destination, rules)
      const all = [...plan.folders.map((one) => one.source.name), ...plan.leftOut.map((one) => one.folder.name)]
      assert.deepEqual(all.sort(), source.map((one) => one.name).sort())
    }),
  )
})

test('no two folders share a destination unless both have the same role', () => {
  fc.assert(
    fc.property(setting, ({ source, destination, rules }) => {
      const owner = new Map<string, string | null>()
      for (const one of planFolders(source, destination, rules).folders) {
        const key = sameAtDestination(one.path, rules)
        assert.equal(owner.has(key) && (one.role === null || owner.get(key) !== one.role), false, key)
        owner.set(key, one.role)
      }
    }),
  )
})

test('every planned path is one that the destination accepts or has', () => {
  fc.assert(
    fc.property(setting, ({ source, destination, rules }) => {
      for (const one of planFolders(source, destination, rules).folders) {
        const existing = destination.some((listed) => listed.path.join('\u0000') === one.path.join('\u0000'))
        assert.equal(problems(one.path, rules, existing), null, JSON.stringify(one.path))
      }
    }),
  )
})

test('the plan does not depend on the order of the listings', () => {
  fc.assert(
    fc.property(setting, fc.infiniteStream(fc.nat()), ({ source, destination, rules }, random) => {
      const shuffled = source.map((one) => ({ one, at: random.next().value ?? 0 })).sort((a, b) => a.at - b.at)
      const again = planFolders(
        shuffled.map(({ one }) => one),
        destination.toReversed(),
        rules,
      )
      assert.deepEqual(planFolders(source, destination, rules).folders, again.folders)
    }),
  )
})

test('planning again with what was remembered decides the same, also when folders came and the decided ones exist', () => {
  fc.assert(
    fc.property(setting, listing, ({ source, destination, rules }, more) => {
      const first = planFolders(source, destination, rules)
      const remembered = pathsOf(first)
      assert.deepEqual(pathsOf(planFolders(source, destination, rules, { remembered })), remembered)
      const names = new Set(source.map((one) => one.name))
      const created = first.folders
        .filter((one) => one.destination === null)
        .map((one) => listed(one.path.join('\u0001'), { separator: '\u0001' }))
      const later = planFolders([...source, ...more.filter((one) => !names.has(one.name))], [...destination, ...created], rules, {
        remembered,
      })
      for (const [name, path] of remembered) assert.deepEqual(pathsOf(later).get(name), path)
    }),
  )
})

test('a folder without reasons keeps its path', () => {
  fc.assert(
    fc.property(setting, ({ source, destination, rules }) => {
      for (const one of planFolders(source, destination, rules).folders) {
        if (one.reasons.length > 0) continue
        const [top = '', ...rest] = one.path
        const [sourceTop = '', ...sourceRest] = one.source.path
        assert.deepEqual(rest, sourceRest)
        assert.equal(top === sourceTop || (top.toUpperCase() === 'INBOX' && sourceTop.toUpperCase() === 'INBOX'), true)
      }
    }),
  )
})

test('twenty thousand folders, half of them twins, are planned in a moment', () => {
  const source = [listed('INBOX')]
  // Fourteen control characters that differ and all become "_".
  const bits = (n: number): string => n.toString(2).padStart(14, '0').replaceAll('0', '\u0001').replaceAll('1', '\u0002')
  for (let n = 0; n < 10_000; n++) source.push(listed(bits(n)), listed(`Projects/${n % 100}/${n}`))
  const start = performance.now()
  assert.equal(planFolders(source, ENGLISH_MAILBOX, EXCHANGE).folders.length, source.length)
  assert.ok(performance.now() - start < 3000)
})
