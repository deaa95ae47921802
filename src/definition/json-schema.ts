import { z } from 'zod'
import { SCHEMA } from './sections.ts'

/** What is used here of JSON Schema. */
export type JsonSchema = {
  readonly description?: string
  readonly examples?: readonly string[]
  readonly default?: unknown
  readonly type?: string | readonly string[]
  readonly enum?: readonly (string | number)[]
  readonly const?: string | number | boolean
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly items?: JsonSchema
  readonly anyOf?: readonly JsonSchema[]
  readonly additionalProperties?: JsonSchema | boolean
}

let made: JsonSchema | undefined

/** cutover.yaml as JSON Schema, for editors and for the guide. */
export function definitionSchema(): JsonSchema {
  made ??= z.toJSONSchema(SCHEMA, {
    io: 'input',
    override: ({ zodSchema, jsonSchema }) => {
      const { examples, oneOrMore, size } = z.globalRegistry.get(zodSchema) ?? {}
      // Left out for what is transformed, though they are of its input.
      if (Array.isArray(examples)) jsonSchema.examples = examples
      const { items } = jsonSchema
      if (oneOrMore === true && typeof items === 'object' && !Array.isArray(items)) jsonSchema.anyOf = [items, { type: 'array', items }]
      if (size === true) jsonSchema.anyOf = [{ type: 'string' }, { type: 'number' }]
      if (jsonSchema.anyOf !== undefined) {
        delete jsonSchema.type
        delete jsonSchema.items
      }
      delete jsonSchema['oneOrMore']
      delete jsonSchema['size']
    },
  }) as JsonSchema
  return made
}

/** The schema of what stands at a path; undefined where nothing may. */
export function schemaAt(path: readonly (string | number)[]): JsonSchema | undefined {
  let at: JsonSchema | undefined = definitionSchema()
  for (const step of path) {
    const list: JsonSchema | undefined = at?.items ?? at?.anyOf?.find((each) => each.items !== undefined)?.items
    const beyond: JsonSchema | boolean | undefined = at?.additionalProperties
    if (typeof step === 'number') at = list
    else at = ownProperty(at, step) ?? (typeof beyond === 'object' ? beyond : undefined)
  }
  return at
}

function ownProperty(schema: JsonSchema | undefined, name: string): JsonSchema | undefined {
  const properties = schema?.properties
  return properties !== undefined && Object.hasOwn(properties, name) ? properties[name] : undefined
}
