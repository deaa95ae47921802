/** npm run guide: writes docs/guide/sources.md from the profiles of src/source/profiles. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sourcesGuide } from '../src/source/guide.ts'

writeFileSync(join(import.meta.dirname, '..', 'docs', 'guide', 'sources.md'), sourcesGuide())
