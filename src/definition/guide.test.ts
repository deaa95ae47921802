import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { Desk } from './definition.fixture.ts'
import { readDefinition } from './definition.ts'
import { definitionGuide, schemaText } from './guide.ts'
import { definitionSchema } from './json-schema.ts'
import type { JsonSchema } from './json-schema.ts'
import { readMailboxList } from './mailbox-list.ts'
import { SCHEMA, SECTIONS } from './sections.ts'
import { definitionText } from './starter.ts'
import { wantedTenant } from './wanted.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const SECRETS = { CUTOVER_SECRET: 'x', ANNA_PASSWORD: 'x', BERT_PASSWORD: 'x', CARLA_PASSWORD: 'x', INFO_PASSWORD: 'x' }

test('the guide and the JSON Schema say what the sections say', () => {
  assert.equal(readFileSync(join(ROOT, 'docs', 'guide', 'definition.md'), 'utf8'), definitionGuide(), 'write it again: npm run guide')
  assert.equal(readFileSync(join(ROOT, 'docs', 'cutover.schema.json'), 'utf8'), schemaText(), 'write it again: npm run guide')
})

test('every section is in the schema, and every key has a description', () => {
  assert.deepEqual(Object.keys(SCHEMA.shape), ['version', ...Object.keys(SECTIONS)])
  const nameless: string[] = []
  const walk = (schema: JsonSchema | undefined, path: string): void => {
    for (const [key, field] of Object.entries(schema?.properties ?? {})) {
      if (field.description === undefined && path !== '') nameless.push(`${path}.${key}`)
      walk(field, `${path}.${key}`)
      walk(field.items, `${path}.${key}`)
    }
  }
  walk(definitionSchema(), '')
  assert.deepEqual(nameless, [])
})

test('every row of the guide has the columns of its table', () => {
  for (const row of definitionGuide()
    .split('\n')
    .filter((line) => line.startsWith('| ')))
    assert.ok([4, 5].includes(row.replaceAll('\\|', '').split('|').length), row)
})

test('the starter is valid as it stands, and with every line that is commented out', async () => {
  await using desk = await Desk.make()
  const whole = definitionText()
    .split('\n')
    .map((line) => (/^ *# (?: {2}|(?:- )?[a-z_]+:)/.test(line) ? line.replace('# ', '') : line))
    .join('\n')
  for (const text of [definitionText(), whole]) {
    const { wanted, findings } = wantedTenant(await desk.definition(text, SECRETS), [])
    assert.equal(wanted.migration.suspendRetention, true)
    assert.deepEqual(
      findings.map(({ code }) => code),
      text === whole ? ['member-unknown'] : [],
    )
  }
  assert.match(whole, /^ {4}members: \[/m)
})

test('the example is valid for the tenant and for the commands that move mail, and leaves no doubt', async () => {
  const definition = await readDefinition(join(ROOT, 'examples', 'cutover.yaml'), SECRETS)
  const list = definition.mailboxesFile ?? assert.fail()
  const moving = await readMailboxList(list, SECRETS)
  const { wanted, findings } = wantedTenant(definition, await readMailboxList(list, {}, { source: false, target: false, tenantOnly: true }))
  assert.deepEqual(findings, [])
  assert.equal(moving.length, 4)
  assert.deepEqual(
    wanted.mailboxes.map(({ address, kind, isMigrated }) => `${address} ${kind} ${isMigrated}`),
    [
      'anna@example.org user true',
      'bert@example.org user true',
      'carla@example.org user true',
      'info@example.org shared true',
      'orders@example.org shared false',
      'room.green@example.org room false',
      'car@example.org equipment false',
    ],
  )
  assert.deepEqual(
    Object.keys(SECTIONS).filter((key) => !Object.keys(definition.sections).includes(key)),
    [],
    'it shows every section',
  )
})
