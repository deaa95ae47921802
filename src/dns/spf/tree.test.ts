import assert from 'node:assert/strict'
import { test } from 'node:test'
import { expandSpf } from './macro.ts'
import { isSpf, parseSpf } from './record.ts'
import { lookupIn } from './spf.fixture.ts'
import { spfSteps, walkSpf } from './tree.ts'

const codes = (problems: readonly { readonly code: string }[]): readonly string[] => problems.map(({ code }) => code)

test('terms are read in their order, with the text that they had', () => {
  const { terms, wrong } = parseSpf(
    'v=spf1  +A/24//64 mx:mx.example.org ip4:192.0.2.0/24 ?include:_spf.example.net exists:%{i}._spf.%{d} exp=why.example.org -ALL',
  )
  assert.deepEqual(
    terms.map(({ kind, qualifier, value, prefix, text }) => [kind, qualifier, value, prefix, text]),
    [
      ['a', '+', '', '/24//64', '+A/24//64'],
      ['mx', '+', 'mx.example.org', '', 'mx:mx.example.org'],
      ['ip4', '+', '192.0.2.0/24', '', 'ip4:192.0.2.0/24'],
      ['include', '?', '_spf.example.net', '', '?include:_spf.example.net'],
      ['exists', '+', '%{i}._spf.%{d}', '', 'exists:%{i}._spf.%{d}'],
      ['exp', '+', 'why.example.org', '', 'exp=why.example.org'],
      ['all', '-', '', '', '-ALL'],
    ],
  )
  assert.deepEqual(wrong, [])
})

test('a record is told by its version, whole, in any letter case', () => {
  assert.deepEqual(['v=spf1', 'V=SPF1 -all', 'v=spf10 -all', 'v=spf1-all', ' v=spf1', 'spf2.0/pra -all'].map(isSpf), [
    true,
    true,
    false,
    false,
    false,
    false,
  ])
})

test('terms that make a record invalid are named', () => {
  const fine = ['ip4:192.0.2.1/32', 'ip6:2001:db8::/128', 'ip4:0.0.0.0/0', 'a', 'a/24', 'a//64', 'mx:x.example/24//64', 'ptr', 'all']
  assert.deepEqual(parseSpf(`v=spf1 ${fine.join(' ')}`).wrong, [])
  const texts = [
    'all/24',
    'all:',
    'a:',
    'mx:',
    'exists',
    'include:x.example/24',
    'redirect=',
    'include:',
    'spf.protection.outlook.com',
    'ip4:192.0.2.300',
    'ip4:2001:db8::1',
    'ip6:192.0.2.1',
    'ip4:192.0.2.0/33',
    'all:x',
    'ipv4:192.0.2.1',
    'a/x',
    'include',
    '%{%{%{%{a:\n/\n',
  ]
  assert.deepEqual(
    texts.filter((text) => parseSpf(`v=spf1 ${text} -all`).wrong.length !== 1),
    [],
  )
  assert.deepEqual(parseSpf('v=spf1 unknown=modifier ra=postmaster -all').wrong, [])
})

test('T5 a tree is walked whole: nested includes, redirect, and what each costs', async () => {
  const lookup = lookupIn({
    '_spf.crm.example TXT': ['v=spf1 include:a.crm.example include:b.crm.example ~all', 'other text'],
    'a.crm.example TXT': ['v=spf1 ip4:192.0.2.1 a:host.crm.example -all'],
    'host.crm.example A': ['192.0.2.7'],
    'host.crm.example AAAA': ['2001:db8::7'],
    'b.crm.example TXT': ['v=spf1 redirect=c.crm.example'],
    'c.crm.example TXT': ['v=spf1 ip4:192.0.2.2 -all'],
  })
  const tree = await walkSpf('example.org', 'v=spf1 include:_spf.crm.example -all', lookup)
  assert.deepEqual([tree.lookups, tree.voids, codes(tree.problems)], [5, 0, []])
  assert.deepEqual(
    spfSteps(tree.root).map(({ term, lookups }) => `${term.text} ${lookups}`),
    [
      'include:_spf.crm.example 5',
      'include:a.crm.example 2',
      'ip4:192.0.2.1 0',
      'a:host.crm.example 1',
      '-all 0',
      'include:b.crm.example 2',
      'redirect=c.crm.example 1',
      'ip4:192.0.2.2 0',
      '-all 0',
      '~all 0',
      '-all 0',
    ],
  )
  assert.deepEqual(spfSteps(tree.root).find(({ term }) => term.kind === 'a')?.addresses, ['192.0.2.7', '2001:db8::7'])
})

test('T5 ten look-ups are well, eleven are too many', async () => {
  const names = Array.from({ length: 11 }, (_, at) => `s${at}.example`)
  const lookup = lookupIn(Object.fromEntries(names.map((name) => [`${name} TXT`, ['v=spf1 -all']])))
  const record = (many: number): string =>
    `v=spf1 ${names
      .slice(0, many)
      .map((name) => `include:${name}`)
      .join(' ')} -all`
  const ten = await walkSpf('example.org', record(10), lookup)
  assert.deepEqual([ten.lookups, codes(ten.problems)], [10, []])
  const eleven = await walkSpf('example.org', record(11), lookup)
  assert.deepEqual([eleven.lookups, codes(eleven.problems)], [11, ['lookups']])
})

test('T5 a loop ends and is told of, as is one that goes through others', async () => {
  const lookup = lookupIn({
    'a.example TXT': ['v=spf1 include:b.example -all'],
    'b.example TXT': ['v=spf1 include:a.example include:b.example -all'],
  })
  const tree = await walkSpf('a.example', 'v=spf1 include:b.example -all', lookup)
  assert.deepEqual(codes(tree.problems), ['loop', 'loop'])
})

test('T5 an include that branches for ever is left after a while', async () => {
  let asked = 0
  const tree = await walkSpf('example.org', 'v=spf1 include:0.example include:1.example -all', (name) => {
    asked++
    return Promise.resolve({ status: 'found', data: [`v=spf1 include:a${name} include:b${name} -all`] })
  })
  assert.ok(asked <= 120, String(asked))
  assert.ok(codes(tree.problems).includes('lookups'))
})

test('T5 look-ups that find nothing are counted, an include of nothing makes the record invalid, and no answer is no nothing', async () => {
  const lookup = lookupIn({ 'silent.example TXT': ['!'], 'silent.example A': ['!'], 'empty.example TXT': ['hello'] })
  const tree = await walkSpf(
    'example.org',
    'v=spf1 a:no.example mx:no.example exists:no.example include:empty.example include:gone.example include:silent.example a:silent.example -all',
    lookup,
  )
  assert.deepEqual([tree.lookups, tree.voids], [7, 4])
  assert.deepEqual(new Set(codes(tree.problems)), new Set(['no-record', 'unanswered', 'voids']))
  assert.deepEqual(
    tree.root.steps.map(({ state }) => state),
    ['dead', 'dead', 'dead', 'dead', 'dead', 'failed', 'failed', 'fine'],
  )
})

test('T5 two look-ups that find nothing and ten hosts of mx are well; no answer about mx is told of', async () => {
  const hosts = Array.from({ length: 10 }, (_, at) => `mx${at}.example.org`)
  const lookup = lookupIn({
    'example.org MX': hosts.map((host) => `10 ${host}`),
    ...Object.fromEntries(hosts.map((host) => [`${host} A`, ['192.0.2.1']])),
    'silent.example MX': ['!'],
  })
  const tree = await walkSpf('example.org', 'v=spf1 a:no.example mx:no.example mx -all', lookup)
  assert.deepEqual([tree.voids, codes(tree.problems)], [2, []])
  const silent = await walkSpf('example.org', 'v=spf1 mx:silent.example mx:silent.example -all', lookup)
  assert.deepEqual([silent.root.steps[0]?.state, silent.voids, codes(silent.problems)], ['failed', 0, ['unanswered']])
  const text = await walkSpf(
    'example.org',
    'v=spf1 include:example.org2 include:empty.example -all',
    lookupIn({ 'empty.example TXT': ['hello'] }),
  )
  assert.deepEqual([text.voids, codes(text.problems)], [1, ['no-record', 'no-record']])
})

test('T5 mx with more than ten hosts is told of, with the addresses of all', async () => {
  const hosts = Array.from({ length: 11 }, (_, at) => `mx${at}.example.org`)
  const lookup = lookupIn({
    'example.org MX': hosts.map((host) => `10 ${host}`),
    ...Object.fromEntries(hosts.map((host, at) => [`${host} A`, [`192.0.2.${at}`]])),
  })
  const tree = await walkSpf('example.org', 'v=spf1 mx -all', lookup)
  assert.deepEqual([tree.lookups, tree.root.steps[0]?.addresses.length, codes(tree.problems)], [1, 11, ['many-mx']])
})

test('T5 macros of who sends are counted and left alone, those of the domain are filled in', async () => {
  const tree = await walkSpf(
    'example.org',
    'v=spf1 exists:%{i}._spf.%{d} include:%{d}.vendor.example -all',
    lookupIn({ 'example.org.vendor.example TXT': ['v=spf1 -all'] }),
  )
  assert.deepEqual([tree.lookups, tree.voids, codes(tree.problems)], [2, 0, []])
  assert.equal(tree.root.steps[0]?.target, null)
  assert.deepEqual(
    ['%{d2}.x', '%{dr}', '%{o1r}', '%{l}.x', 'a%%b', '%{D}', '%{d-}'].map((text) => expandSpf(text, 'mail.example.org', 'a-b.example')),
    ['example.org.x', 'org.example.mail', 'a-b', null, 'a%b', 'mail.example.org', 'mail.example.org'],
  )
})

test('nothing behind "all" is looked at, and redirect not at all beside it', async () => {
  const tree = await walkSpf('example.org', 'v=spf1 redirect=a.example ~all include:b.example', lookupIn({}))
  assert.deepEqual([tree.lookups, tree.voids, codes(tree.problems)], [0, 0, []])
  const open = await walkSpf('example.org', 'v=spf1 +all', lookupIn({}))
  assert.deepEqual(codes(open.problems), ['pass-all'])
})
