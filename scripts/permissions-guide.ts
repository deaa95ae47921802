/** npm run guide: writes docs/guide/permissions.md from the table of src/tenant/connect/app-permissions.ts. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { permissionsGuide } from '../src/tenant/connect/connect-guide.ts'

writeFileSync(join(import.meta.dirname, '..', 'docs', 'guide', 'permissions.md'), permissionsGuide())
