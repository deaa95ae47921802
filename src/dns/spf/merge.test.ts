import assert from 'node:assert/strict'
import { test } from 'node:test'
import { txtStrings } from '../record-set.ts'
import { mergeSpf, withSpf, type SpfMerge } from './merge.ts'
import { lookupIn } from './spf.fixture.ts'
import { walkSpf } from './tree.ts'

const WORLD = {
  'spf.protection.outlook.com TXT': ['v=spf1 ip4:192.0.2.0/24 -all'],
  '_spf.crm.example TXT': ['v=spf1 include:deep.crm.example ~all'],
  'deep.crm.example TXT': ['v=spf1 ip4:192.0.2.77 ~all'],
  'all-in-one.example TXT': ['v=spf1 include:spf.protection.outlook.com -all'],
  'example.org MX': ['10 mx.old.example'],
  'mx.old.example A': ['192.0.2.9'],
  'web.example A': ['192.0.2.10'],
}

async function merged(
  current: readonly string[],
  oldMx: readonly string[] = ['192.0.2.9'],
  world: Readonly<Record<string, readonly string[]>> = WORLD,
): Promise<SpfMerge> {
  const trees = await Promise.all(current.map((text) => walkSpf('example.org', text, lookupIn(world))))
  return mergeSpf(current, { domain: 'example.org', include: 'spf.protection.outlook.com', oldMx, trees })
}
const noted = ({ notes }: SpfMerge): readonly string[] => notes.map(({ code }) => code)

test('T6 T7 the tenant comes before the first include, and mx becomes the addresses that it means today', async () => {
  const result = await merged(['v=spf1 mx a:web.example include:_spf.crm.example -all'])
  assert.equal(result.text, 'v=spf1 ip4:192.0.2.9 a:web.example include:spf.protection.outlook.com include:_spf.crm.example -all')
  assert.deepEqual([result.lookups, result.ours, noted(result)], [4, ['ip4:192.0.2.9'], ['pinned']])
})

test('T6 where there is no record one is made', async () => {
  const result = await merged([])
  assert.equal(result.text, 'v=spf1 include:spf.protection.outlook.com ~all')
  assert.deepEqual([result.lookups, noted(result)], [1, ['no-all']])
})

test('T6 two records become one: the union in order, the first end, and a word about it', async () => {
  const result = await merged(['v=spf1 ip4:192.0.2.1 a:web.example ~all', 'v=spf1 a:web.example include:_spf.crm.example -all'])
  assert.equal(result.text, 'v=spf1 ip4:192.0.2.1 a:web.example include:spf.protection.outlook.com include:_spf.crm.example ~all')
  assert.deepEqual(noted(result), ['several', 'two-all'])
})

test('T6 a record in which the tenant may send already, also deep below, is left as it is', async () => {
  for (const text of ['v=spf1 include:all-in-one.example -all', 'v=spf1 include:SPF.protection.outlook.com ?all']) {
    const result = await merged([text])
    assert.deepEqual([result.text, noted(result)], [text, ['covered']])
  }
})

test('T6 an include of the tenant that does not let it pass does not count', async () => {
  const result = await merged(['v=spf1 ?include:spf.protection.outlook.com -all'])
  assert.equal(result.text, 'v=spf1 include:spf.protection.outlook.com ?include:spf.protection.outlook.com -all')
})

test('T6 the end stays what it was; redirect is one, and goes last', async () => {
  assert.equal((await merged(['v=spf1 ip4:192.0.2.1 ?all'])).text, 'v=spf1 ip4:192.0.2.1 include:spf.protection.outlook.com ?all')
  const result = await merged(['v=spf1 redirect=_spf.crm.example ip4:192.0.2.1'])
  assert.equal(result.text, 'v=spf1 ip4:192.0.2.1 include:spf.protection.outlook.com redirect=_spf.crm.example')
  assert.deepEqual([result.lookups, noted(result)], [3, []])
})

test('T6 a redirect of one of two records becomes an include, so that its senders stay', async () => {
  const result = await merged(['v=spf1 ip4:192.0.2.1 -all', 'v=spf1 redirect=_spf.crm.example'])
  assert.equal(result.text, 'v=spf1 ip4:192.0.2.1 include:spf.protection.outlook.com include:_spf.crm.example -all')
})

test('T6 a record with something that SPF does not know is not touched, and it is said why', async () => {
  const result = await merged(['v=spf1 include: spf.protection.outlook.com -all'])
  assert.equal(result.text, null)
  assert.deepEqual(noted(result), ['wrong'])
  assert.match(result.notes[0]?.says ?? '', /"include:", "spf.protection.outlook.com"/)
})

test('T6 terms that SPF allows and we do not know stay', async () => {
  assert.equal(
    (await merged(['v=spf1 ra=postmaster ip4:192.0.2.1 exp=why.example -all'])).text,
    'v=spf1 ip4:192.0.2.1 include:spf.protection.outlook.com -all ra=postmaster exp=why.example',
  )
})

test('T6 of several records nobody is lost: two redirects, other words, and what stands behind "all" is told', async () => {
  const result = await merged(['v=spf1 redirect=_spf.crm.example', 'v=spf1 exp=why.example redirect=all-in-one.example'])
  assert.equal(result.text, 'v=spf1 include:all-in-one.example exp=why.example redirect=_spf.crm.example')
  assert.deepEqual(noted(result), ['several', 'redirect', 'covered'])
  const dead = await merged(['v=spf1 ip4:192.0.2.1 -all ip4:192.0.2.2 exp=why.example redirect=_spf.crm.example'])
  assert.equal(dead.text, 'v=spf1 ip4:192.0.2.1 include:spf.protection.outlook.com -all exp=why.example')
  assert.deepEqual(noted(dead), ['dead', 'redirect'])
})

test('an include that does not pass hides no later one that does', async () => {
  const result = await merged(['v=spf1 ?include:_spf.crm.example include:all-in-one.example -all'])
  assert.deepEqual(noted(result), ['covered'])
  assert.deepEqual(noted(await merged(['v=spf1 ?include:all-in-one.example -all'])), [])
})

test('exactly ten look-ups are well; those of the tenant count with all below them', async () => {
  const names = Array.from({ length: 9 }, (_, at) => `s${at}.example`)
  const world = { ...WORLD, ...Object.fromEntries(names.map((name) => [`${name} TXT`, ['v=spf1 -all']])) }
  const record = `v=spf1 ${names.map((name) => `include:${name}`).join(' ')} -all`
  const result = await merged([record], [], world)
  assert.deepEqual([result.lookups, noted(result)], [10, []])
  const tree = await walkSpf('example.org', record, lookupIn(world))
  const plan = { domain: 'example.org', include: 'SPF.protection.outlook.com', oldMx: [], trees: [tree], includeLookups: 3 }
  assert.equal(mergeSpf([record], plan).lookups, 12)
  // What was not walked is counted without what lies below it.
  assert.equal(mergeSpf(['v=spf1 include:unheard.example -all'], plan).lookups, 4)
})

test('a record that hardly fits into UDP is told of', async () => {
  const record = (many: number): string => `v=spf1 ${Array.from({ length: many }, (_, at) => `ip4:192.0.2.${100 + at}`).join(' ')} -all`
  assert.deepEqual([noted(await merged([record(25)])), noted(await merged([record(26)]))], [[], ['long']])
})

test('T7 mx takes both families, its qualifier and its prefix along; that of another domain stays mx', async () => {
  const result = await merged(['v=spf1 ~mx/28//64 mx:example.org mx:other.example -all'], ['192.0.2.9', '2001:db8::9'])
  assert.equal(
    result.text,
    'v=spf1 ~ip4:192.0.2.9/28 ~ip6:2001:db8::9/64 ip4:192.0.2.9 ip6:2001:db8::9 mx:other.example include:spf.protection.outlook.com -all',
  )
  assert.equal(result.ours.length, 4)
})

test('T7 where the old hosts have no known address, mx stays and that is said', async () => {
  const result = await merged(['v=spf1 mx -all'], [])
  assert.deepEqual([result.text, noted(result)], ['v=spf1 mx include:spf.protection.outlook.com -all', ['pinned-nothing']])
})

test('more than ten look-ups are told of, with what would help, the safe first', async () => {
  const names = Array.from({ length: 8 }, (_, at) => `s${at}.example`)
  const world = { ...WORLD, ...Object.fromEntries(names.map((name) => [`${name} TXT`, ['v=spf1 -all']])) }
  const record = `v=spf1 a:web.example ptr include:_spf.crm.example include:deep.crm.example include:gone.example ${names.map((name) => `include:${name}`).join(' ')} -all`
  const result = await merged([record], [], world)
  assert.equal(result.lookups, 15)
  const proposed = result.notes.filter(({ code }) => code === 'propose').map(({ says }) => says)
  assert.match(proposed[0] ?? '', /deep\.crm\.example/)
  assert.match(proposed[1] ?? '', /ip4:192\.0\.2\.10/)
  assert.match(proposed[2] ?? '', /"ptr"/)
  assert.match(proposed[3] ?? '', /gone\.example/)
  assert.match(proposed.at(-1) ?? '', /rot/)
})

test('T8 a long record is carried in strings that joined are the same', async () => {
  const { text } = await merged([`v=spf1 ${Array.from({ length: 30 }, (_, at) => `ip4:192.0.2.${100 + at}`).join(' ')} -all`])
  const strings = txtStrings(text ?? '')
  assert.ok(strings.length > 1 && strings.every((one) => one.length <= 255))
  assert.equal(strings.join(''), text)
})

test('T9 every other TXT value of the name stays byte for byte, in its place', () => {
  const others = ['MS=ms12345678', ' odd; "quoted" \\ \u00c3\u00bc ', 'v=spf10 not one']
  const values = [others[0] ?? '', 'v=spf1 -all', others[1] ?? '', 'V=SPF1 a ~all', others[2] ?? '']
  assert.deepEqual(withSpf(values, 'v=spf1 mx -all'), [others[0], 'v=spf1 mx -all', others[1], others[2]])
  assert.deepEqual(withSpf(others, 'v=spf1 mx -all'), [...others, 'v=spf1 mx -all'])
})

test('merging what was merged changes nothing', async () => {
  const first = (await merged(['v=spf1 mx a:web.example include:_spf.crm.example -all'])).text ?? ''
  assert.equal((await merged([first])).text, first)
})
