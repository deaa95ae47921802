/** Fails when a folder of src/ imports one that the table of ARCHITECTURE.md does not allow. */
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'

const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  model: [],
  lib: [],
  db: ['lib', 'model'],
  ledger: ['db', 'model'],
  imap: ['lib', 'model'],
  message: ['lib', 'model'],
  mapping: ['model'],
  oauth: ['lib', 'model'],
  google: ['oauth', 'lib', 'model'],
  microsoft: ['oauth', 'lib', 'model'],
  source: ['imap', 'google', 'microsoft', 'oauth', 'lib', 'model'],
  destination: ['imap', 'microsoft', 'lib', 'model'],
  engine: ['ledger', 'message', 'mapping', 'source', 'destination', 'lib', 'model'],
  change: ['db', 'lib', 'model'],
  dns: ['change', 'google', 'microsoft', 'oauth', 'lib', 'model'],
  switch: ['db', 'dns', 'lib', 'model'],
  definition: ['lib', 'model'],
  directory: ['lib', 'model'],
  tenant: ['change', 'microsoft', 'lib', 'model'],
  mailflow: ['imap', 'dns', 'microsoft', 'lib', 'model'],
  native: ['microsoft', 'ledger', 'lib', 'model'],
  discover: ['imap', 'microsoft', 'lib', 'model'],
  probe: ['imap', 'mapping', 'source', 'lib', 'model'],
  assess: ['db', 'destination', 'imap', 'message', 'mapping', 'source', 'discover', 'ledger', 'dns', 'tenant', 'engine', 'lib', 'model'],
  notify: ['db', 'lib', 'model'],
  project: ['db', 'definition', 'switch', 'lib', 'model'],
  report: ['ledger', 'message', 'project', 'assess', 'notify', 'model', 'lib'],
  simulator: ['lib'],
  'tenant-simulator': ['simulator', 'lib'],
  'mail-simulator': ['tenant-simulator', 'simulator', 'lib'],
  api: [
    'project',
    'assess',
    'notify',
    'switch',
    'mailflow',
    'change',
    'definition',
    'directory',
    'tenant',
    'native',
    'microsoft',
    'discover',
    'dns',
    'probe',
    'engine',
    'ledger',
    'mapping',
    'report',
    'source',
    'destination',
    'message',
    'lib',
    'model',
  ],
  cli: ['api', 'lib', 'model'],
}
/** What the files at the top of src/ may import: everything is put together there. */
const TOP = new Set(['main.ts', 'app.ts', 'simulated-world.ts', 'simulated-mail.ts', 'simulated-project.ts', 'simulated-exchange.ts'])
/** npm packages that only some folders may import. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  '@azure/msal-node': ['microsoft'],
  aws4fetch: ['dns'],
  commander: ['cli'],
  'csv-parse': ['lib'],
  'iconv-lite': ['message'],
  imapflow: [],
  jose: ['google'],
  ldapts: ['discover'],
  oauth4webapi: ['oauth'],
  'dns-packet': ['dns', 'probe', 'mail-simulator'],
  mailauth: ['mailflow'],
  mjml: ['notify'],
  nodemailer: ['mail-simulator', 'notify'],
  pdfmake: ['report'],
  'smtp-server': ['mail-simulator'],
  saxes: ['discover', 'dns', 'probe'],
  tldts: ['dns'],
  yaml: ['definition'],
}

const root = join(import.meta.dirname, '..')
const problems: string[] = []
for (const file of globSync('src/**/*.ts', { cwd: root })) {
  if (/\.(?:test|fixture)\.ts$/.test(file)) continue
  const [, folder = '', rest] = file.split('/')
  if (rest === undefined && TOP.has(folder)) continue
  const allowed = MAY_IMPORT[folder]
  if (allowed === undefined) {
    problems.push(`${file}: folder ${folder} is not in the table of scripts/check-imports.ts`)
    continue
  }
  const text = readFileSync(join(root, file), 'utf8')
  for (const match of text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)) {
    const target = match[1] ?? ''
    if (target.startsWith('.')) {
      const to = relative('src', normalize(join(dirname(file), target))).split('/')[0] ?? ''
      if (to !== folder && !allowed.includes(to)) problems.push(`${file}: ${folder} may not import ${to} (${target})`)
    } else if (!target.startsWith('node:')) {
      const name = target.startsWith('@') ? target.split('/').slice(0, 2).join('/') : (target.split('/')[0] ?? '')
      const owners = PACKAGES[name]
      if (owners !== undefined && !owners.includes(folder))
        problems.push(`${file}: only ${owners.join(', ') || 'tests'} may import ${name}`)
    }
  }
}
for (const problem of problems) console.error(problem)
process.exit(problems.length === 0 ? 0 : 1)
