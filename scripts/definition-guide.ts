/** npm run guide: writes docs/guide/definition.md and docs/cutover.schema.json from src/definition. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { definitionGuide, schemaText } from '../src/definition/guide.ts'

const docs = join(import.meta.dirname, '..', 'docs')
writeFileSync(join(docs, 'guide', 'definition.md'), definitionGuide())
writeFileSync(join(docs, 'cutover.schema.json'), schemaText())
