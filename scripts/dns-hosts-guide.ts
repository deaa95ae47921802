/** npm run guide: writes docs/guide/dns-hosts.md from the adapters of src/dns/providers.ts. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { dnsHostsGuide } from '../src/dns/hosts-guide.ts'

writeFileSync(join(import.meta.dirname, '..', 'docs', 'guide', 'dns-hosts.md'), dnsHostsGuide())
