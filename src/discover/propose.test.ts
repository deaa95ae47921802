import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { account, type Found } from './found.ts'
import { joined } from './join.ts'
import { proposals, type ProposeOptions, type Proposal } from './propose.ts'

const NONE: ProposeOptions = { targetDomains: [], domainMap: new Map(), kept: new Map() }

function propose(found: readonly Found[], options: Partial<ProposeOptions> = {}): readonly Proposal[] {
  return proposals(joined([{ found, problems: [] }]), { ...NONE, ...options })
}

const brief = (all: readonly Proposal[]): readonly string[] =>
  all.map(({ found, kind, target, flags }) => [found.login, kind, target ?? '-', ...flags.map(({ says }) => says)].join(' | '))

const users = (...logins: readonly string[]): readonly Found[] => logins.map((login) => account({ login }))

test('the address is the target, its domain in lower case; a login without a domain gets the one of the tenant', () => {
  const tenant = { targetDomains: ['example.test', 'second.test'] }
  assert.deepEqual(brief(propose(users('Anna.E@Example.TEST', 'bert', 'CORP\\carl', 'dora@second.test'), tenant)), [
    'Anna.E@Example.TEST | user | Anna.E@example.test',
    'bert | user | bert@example.test',
    'CORP\\carl | user | carl@example.test',
    'dora@second.test | user | dora@second.test',
  ])
  assert.deepEqual(brief(propose(users('bert'))), ['bert | user | - | no target: no address is known'])
})

test('a domain is mapped, an alias in the new domain is taken, and an internal domain gives way to the new one', () => {
  const found = [
    account({ login: 'anna@old.test' }),
    account({ login: 'bert@other.test', aliases: ['b@example.test'] }),
    account({ login: 'carl@corp.local', address: 'carl@corp.local' }),
    account({ login: 'dora@corp.local', aliases: ['dora.d@example.test'] }),
    account({ login: 'emil@other.test', aliases: ['emil@old.test'] }),
  ]
  const options = { targetDomains: ['example.test'], domainMap: new Map([['old.test', 'example.test']]) }
  assert.deepEqual(brief(propose(found, options)), [
    'anna@old.test | user | anna@example.test',
    'bert@other.test | user | b@example.test | was bert@other.test',
    'carl@corp.local | user | carl@example.test | was carl@corp.local',
    'dora@corp.local | user | dora.d@example.test',
    'emil@other.test | user | emil@example.test | was emil@other.test',
  ])
})

test('a domain that the tenant does not have is told; without being told of any, an internal one is', () => {
  assert.deepEqual(brief(propose(users('anna@other.test', 'bert@example.test'), { targetDomains: ['example.test'] })), [
    'anna@other.test | user | anna@other.test | unknown domain other.test',
    'bert@example.test | user | bert@example.test',
  ])
  assert.deepEqual(brief(propose(users('anna@corp.local', 'bert@example.test'))), [
    'anna@corp.local | user | anna@corp.local | unknown domain corp.local',
    'bert@example.test | user | bert@example.test',
  ])
})

test('one target for several, whatever its case, is told at each of them', () => {
  const found = [account({ login: 'anna', address: 'a@example.test' }), account({ login: 'anna2', address: 'A@example.test' })]
  assert.deepEqual(brief(propose(found)), [
    'anna | user | a@example.test | same target as anna2',
    'anna2 | user | A@example.test | same target as anna',
  ])
})

test('spellings of one login are one mailbox, and told', () => {
  assert.deepEqual(brief(propose(users('Anna@example.test', 'anna@example.test', 'bert@example.test', 'bert@example.test'))), [
    'Anna@example.test | user | Anna@example.test | also listed as anna@example.test',
    'bert@example.test | user | bert@example.test | listed twice',
  ])
})

test('role and system accounts, groups, aliases and disabled accounts are told apart', () => {
  const found = [
    account({ login: 'postmaster@example.test' }),
    account({ login: 'no-reply@example.test' }),
    account({ login: 'spam.x3j9@example.test' }),
    account({ login: 'spam@example.test' }),
    account({ login: 'HealthMailbox0a1b@example.test' }),
    account({ login: 'DiscoverySearchMailbox{D919}@example.test' }),
    account({ login: 'SystemMailbox{1f05}@example.test' }),
    account({ login: 'all@example.test', kind: 'group' }),
    account({ login: 'hello@example.test', kind: 'alias', leadsTo: ['anna@example.test'] }),
    account({ login: 'left@example.test', disabled: true }),
  ]
  assert.deepEqual(
    brief(propose(found)).map((each) => each.replaceAll('@example.test', '')),
    [
      'postmaster | user | postmaster | role account',
      'no-reply | user | no-reply | role account',
      'spam.x3j9 | system | - | system account',
      'spam | user | spam',
      'HealthMailbox0a1b | system | - | system account',
      'DiscoverySearchMailbox{D919} | system | - | system account',
      'SystemMailbox{1f05} | system | - | system account',
      'all | group | - | group',
      'hello | alias | - | alias of anna',
      'left | user | left | disabled',
    ],
  )
})

test('what a person wrote into the list wins over what would be proposed', () => {
  const kept = new Map([
    ['anna@old.test', { target: 'chief@example.test', kind: 'user' }],
    ['bert@old.test', { target: '', kind: 'skip' }],
    ['spam.x1@old.test', { target: 'junk@example.test', kind: 'user' }],
    ['carl@old.test', { target: 'carl@old.test', kind: 'user' }],
  ])
  const found = users('anna@old.test', 'Bert@old.test', 'spam.x1@old.test', 'carl@old.test')
  assert.deepEqual(brief(propose(found, { kept, domainMap: new Map([['old.test', 'example.test']]) })), [
    'anna@old.test | user | chief@example.test',
    'Bert@old.test | skip | - | left out by hand',
    'spam.x1@old.test | user | junk@example.test',
    'carl@old.test | user | carl@example.test',
  ])
})

test('each login is proposed once, every proposed target is an address, and only mailboxes have one', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'B', 'ä', '.', '@', ' ', '\\', '-', '=', '\u0000', '"'), maxLength: 12 })
  const kind = fc.constantFrom('user', 'shared', 'group', 'alias', 'system', 'room')
  const one = fc.record({ login: text, address: fc.option(text), kind, aliases: fc.array(text, { maxLength: 2 }) })
  fc.assert(
    fc.property(fc.array(one, { maxLength: 12 }), fc.boolean(), (all, told) => {
      const found = all.map((each) => account({ ...each, login: /[^\s\0]/.test(each.login) ? each.login : 'x' }))
      const made = propose(found, told ? { targetDomains: ['example.test'] } : {})
      const keys = made.map((each) => `${each.found.login.toLowerCase()} ${each.kind === 'alias'}`)
      assert.equal(new Set(keys).size, keys.length)
      for (const { target, kind: is } of made) {
        if (target !== null) assert.match(target, /^[^\s@"]+@[^\s@"]+\.[^\s@"]+$/)
        if (is === 'group' || is === 'alias' || is === 'system') assert.equal(target, null)
      }
      for (const { login } of found)
        assert.ok(made.some((each) => [each.found.login, each.found.address].some((name) => name?.toLowerCase() === login.toLowerCase())))
    }),
  )
})
