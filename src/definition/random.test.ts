import { after, before, test } from 'node:test'
import * as fc from 'fast-check'
import { stringify } from 'yaml'
import { Failure } from '../model/failure.ts'
import { Desk, TENANT } from './definition.fixture.ts'
import { LICENCES } from './values/licence.ts'
import { COUNTRIES } from './values/region.ts'
import { TIME_ZONES } from './values/time-zones.ts'
import { yamlFile } from './yaml-file.ts'

let desk: Desk
before(async () => {
  desk = await Desk.make()
})
after(() => desk[Symbol.asyncDispose]())

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/)
const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined })
const name = fc
  .string({ minLength: 1, maxLength: 30, unit: 'grapheme' })
  .filter((text) => text.trim() !== '' && text.length <= 64 && !/\p{Cc}/u.test(text))
const common = {
  language: optional(fc.constantFrom('de-DE', 'en-us', 'pt-BR', 'zh-Hans-CN')),
  time_zone: optional(fc.constantFrom(...Object.keys(TIME_ZONES))),
  retention_hold: optional(fc.boolean()),
  receive_size: optional(fc.oneof(fc.integer({ min: 1024, max: 150 * 2 ** 20 }), fc.constantFrom('36 MB', '150MB', '1,5 mb'))),
  protocols: optional(fc.record({ imap: optional(fc.boolean()), smtp_auth: optional(fc.boolean()) })),
  licence: optional(
    fc.oneof(fc.constantFrom(...Object.keys(LICENCES)), fc.array(fc.constantFrom(...Object.values(LICENCES)), { maxLength: 3 })),
  ),
  location: optional(fc.constantFrom(...COUNTRIES)),
}
/** Entries of all sections, whose addresses are numbered later. */
const sections = fc.record({
  defaults: fc.record(common),
  shared: fc.array(fc.record({ name, ...common, hidden: optional(fc.boolean()) }), { maxLength: 4 }),
  groups: fc.array(fc.record({ name, exactly: optional(fc.boolean()), members: fc.array(word.map((each) => `${each}@example.net`)) }), {
    maxLength: 4,
  }),
  domains: fc.uniqueArray(word, { maxLength: 4 }),
  rules: fc.array(
    fc.record({ name, enabled: optional(fc.boolean()), scl: fc.integer({ min: -1, max: 9 }), words: fc.array(fc.string()) }),
    {
      maxLength: 4,
    },
  ),
})

/** YAML leaves out what is undefined only where it is asked to. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

test('a valid definition is taken, however it is written', async () => {
  await fc.assert(
    fc.asyncProperty(sections, fc.boolean(), async ({ defaults, shared, groups, domains, rules }, isJson) => {
      const definition = plain({
        mailboxes: { defaults },
        shared: shared.map((entry, at) => ({ address: `shared${at}@example.org`, ...entry })),
        groups: groups.map((entry, at) => ({ address: `group${at}@example.org`, ...entry })),
        domains: domains.map((domain) => ({ name: `${domain}.example.org` })),
        transport_rules: rules.map(({ scl, words, ...entry }) => ({ ...entry, parameters: { SetSCL: scl, SubjectContainsWords: words } })),
      })
      const text = isJson ? JSON.stringify({ ...Object(definition) }).slice(1, -1) : stringify(definition)
      const tenant =
        '"version": 1, "tenant": {"id": "x.example.org", "client_id": "11111111-2222-3333-4444-555555555555", "sign_in": "device"}'
      const { wanted } = await desk.wanted(isJson ? `{${tenant}, ${text}}` : TENANT + text)
      return wanted.mailboxes.length === shared.length && wanted.transportRules.length === rules.length
    }),
    { numRuns: 40 },
  )
})

const KEYS = [
  'version',
  'tenant',
  'mailboxes',
  'defaults',
  'groups',
  'members',
  'connectors',
  'parameters',
  'protection',
  'policies',
  'secret',
  '__proto__',
  'constructor',
  'toString',
]
const { json } = fc.letrec((tie) => ({
  json: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.constantFrom(...KEYS)),
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(fc.oneof(fc.constantFrom(...KEYS), fc.string()), tie('json'), { maxKeys: 4 }),
  ),
}))

const noise = fc.array(
  fc.oneof(
    fc.constantFrom(
      '\n',
      '  ',
      '- ',
      ': ',
      '{',
      '}',
      '[',
      ']',
      '"',
      "'",
      '|',
      '>',
      '#',
      '&a',
      '*a',
      '!',
      '? ',
      '---',
      '%',
      '\t',
      '\0',
      '<<: ',
    ),
    fc.constantFrom(...KEYS),
    fc.string({ unit: 'binary' }),
  ),
  { maxLength: 40 },
)

async function onlyFailures(text: string | Uint8Array): Promise<void> {
  try {
    await desk.wanted(typeof text === 'string' ? text : Buffer.from(text).toString('latin1'))
    if (typeof text !== 'string') await desk.definition(text)
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'bad-input') throw error
  }
}

test('whatever stands in the file, the answer is a definition or a Failure', async () => {
  await fc.assert(
    fc.asyncProperty(json, (value) => onlyFailures(JSON.stringify(value))),
    { numRuns: 100 },
  )
  await fc.assert(
    fc.asyncProperty(json, (value) => onlyFailures(TENANT + stringify({ mailboxes: value, groups: value, connectors: [value] }))),
    {
      numRuns: 100,
    },
  )
  await fc.assert(
    fc.asyncProperty(noise, (parts) => onlyFailures(parts.join(''))),
    { numRuns: 200 },
  )
  await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 100 }), onlyFailures), { numRuns: 100 })
})

test('every problem has a place in the file', () => {
  fc.assert(
    fc.property(noise, (parts) => {
      const text = parts.join('')
      const lines = text.split(/\r\n|[\r\n]/).length
      return yamlFile(Buffer.from(text)).problems.every(({ line, column }) => line >= 1 && line <= lines + 1 && column >= 1)
    }),
  )
})
