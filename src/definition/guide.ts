import { definitionSchema } from './json-schema.ts'
import type { JsonSchema } from './json-schema.ts'
import { COLUMNS } from './list-columns.ts'
import { COLUMN_GUIDE } from './list-guide.ts'
import { INBOUND, OUTBOUND } from './parameters/connectors.ts'
import { ORGANISATION } from './parameters/organisation.ts'
import type { Parameters } from './parameters/parameter.ts'
import { CONNECTION, MALWARE, OUTBOUND_SPAM, PHISHING, SPAM } from './parameters/protection.ts'
import { TRANSPORT_RULE } from './parameters/transport-rules.ts'
import { SECTIONS } from './sections.ts'
import { definitionText } from './starter.ts'
import { LICENCES } from './values/licence.ts'

const HEAD = `# The definition: cutover.yaml

<!-- Generated from src/definition by \`npm run guide\`: change a section there, not this page. -->

What the Microsoft 365 tenant should be stands in one file, which people can read, compare and keep under version control. \`cutover tenant init\`
writes one to begin with; a longer one is [examples/cutover.yaml](../../examples/cutover.yaml) with its [list of mailboxes](../../examples/mailboxes.csv).

- What the file does not name is left as it is in the tenant. Nothing is ever taken away because it is missing here.
- Only \`version: 1\` and \`tenant\` must be there.
- Secrets never stand in it: \`env:NAME\` takes one from the environment, \`file:PATH\` from a file of its own. Paths are relative to the file.
- It is YAML 1.2: \`true\` and \`false\`, not \`yes\` and \`no\`; a text that begins with a special sign, or is a number, stands in quotes.
- All mistakes are told at once, each with its line and column:
  \`cutover.yaml line 12, column 10: tenant.cloud is "globl": one of global, gcc-high, dod, china\`
- Editors that know JSON Schema complete and check it while it is written, with [docs/cutover.schema.json](../cutover.schema.json). For the YAML
  extension of VS Code the first line is \`# yaml-language-server: $schema=PATH\`.

## To begin with

\`\`\`yaml
${definitionText()}\`\`\`
`

/** The page docs/guide/definition.md. */
export function definitionGuide(): string {
  const sections = Object.entries(SECTIONS).map(([key, { title, about }]) => {
    const schema = definitionSchema().properties?.[key]
    return `\n## ${title}: \`${key}\`\n\n${about}\n\n${table(schema)}`
  })
  return `${HEAD}${sections.join('')}${columns()}${licences()}${parameters()}`
}

/** docs/cutover.schema.json. */
export function schemaText(): string {
  return `${JSON.stringify({ title: 'cutover.yaml', ...definitionSchema() }, null, 2)}\n`
}

function table(schema: JsonSchema | undefined): string {
  const isList = schema?.items !== undefined
  const rows = rowsOf(isList ? schema.items : schema, '')
  return `${isList ? 'A list; each entry has\n\n' : ''}| key | takes | what it says |\n| --- | --- | --- |\n${rows.join('')}`
}

function rowsOf(schema: JsonSchema | undefined, before: string): readonly string[] {
  return Object.entries(schema?.properties ?? {}).flatMap(([key, field]) => {
    const must = schema?.required?.includes(key) === true ? ' (needed)' : ''
    const row = `| \`${before}${key}\`${must} | ${cell(takes(field))} | ${cell(field.description ?? '')}${also(field)} |\n`
    const inner = field.properties === undefined ? rowsOf(field.items, `${before}${key}[].`) : rowsOf(field, `${before}${key}.`)
    return [row, ...inner]
  })
}

function takes(schema: JsonSchema): string {
  const options = (schema.enum ?? schema.anyOf?.flatMap(({ const: only }) => (only === undefined ? [] : [only])) ?? []).map(
    (each) => `\`${each}\``,
  )
  if (options.length > 0) return options.join(', ')
  if (schema.type === 'boolean') return '`true`, `false`'
  if (schema.type === 'object') return schema.properties === undefined ? 'parameters' : 'a mapping'
  if (schema.type === 'array') return 'a list'
  if (schema.anyOf?.some(({ type }) => type === 'array') === true) return 'a text, or a list of them'
  if (schema.type === 'integer' || schema.type === 'number') return 'a number'
  return typeof schema.type === 'object' ? 'a size' : 'a text'
}

function also({ examples, default: standard }: JsonSchema): string {
  const example = examples === undefined ? '' : ` Such as ${examples.map((each) => `\`${each}\``).join(', ')}.`
  return `${example}${standard === undefined ? '' : ` Left out: \`${JSON.stringify(standard).replaceAll('"', '')}\`.`}`
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}

function columns(): string {
  const rows = COLUMNS.map((column) => `| \`${column}\` | ${cell(COLUMN_GUIDE[column])} |\n`)
  return `
## Columns of the list

The list of mailboxes is a CSV file as office programs write it (\`,\`, \`;\` or tab); its first line names the columns, in any order. The same file
serves every command: \`copy\` passes by what only the tenant needs, and the tenant what only \`copy\` needs. Empty: the default, or left as it is.

| column | what it holds |
| --- | --- |
${rows.join('')}`
}

function licences(): string {
  const rows = Object.entries(LICENCES).map(([part, product]) => `| \`${part}\` | ${product} |\n`)
  return `
## Licences

Either name is taken. Any other SKU part number of the tenant is taken too, with a warning.

| part number | product |
| --- | --- |
${rows.join('')}`
}

function parameters(): string {
  const parts: readonly (readonly [string, Parameters])[] = [
    ['connectors, inbound (New-InboundConnector)', INBOUND],
    ['connectors, outbound (New-OutboundConnector)', OUTBOUND],
    ['transport_rules (New-TransportRule); conditions also as exceptions, with ExceptIf before them', withoutExceptions(TRANSPORT_RULE)],
    ['protection, spam (Set-HostedContentFilterPolicy)', SPAM],
    ['protection, malware (Set-MalwareFilterPolicy)', MALWARE],
    ['protection, phishing (Set-AntiPhishPolicy)', PHISHING],
    ['protection, outbound (Set-HostedOutboundSpamFilterPolicy)', OUTBOUND_SPAM],
    ['protection, connection (Set-HostedConnectionFilterPolicy)', CONNECTION],
    ['organisation (Set-OrganizationConfig)', ORGANISATION],
  ]
  return `
## Parameters by their names in PowerShell

Their values are checked; letter case does not count, and \`null\` sets one back. A name that is not here is passed on as it stands, with a warning.
${parts.map(([title, table]) => `\n### ${title}\n\n${grouped(table)}`).join('')}`
}

function withoutExceptions(table: Parameters): Parameters {
  return Object.fromEntries(Object.entries(table).filter(([name]) => !name.startsWith('ExceptIf')))
}

/** Those that take the same stand together. */
function grouped(table: Parameters): string {
  const byKind = new Map<string, string[]>()
  for (const [name, { takes }] of Object.entries(table)) byKind.set(takes, [...(byKind.get(takes) ?? []), `\`${name}\``])
  return [...byKind].map(([takes, names]) => `- ${takes}: ${names.join(', ')}\n`).join('')
}
