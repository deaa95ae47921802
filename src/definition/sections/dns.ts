import { z } from 'zod'
import { distinct } from '../distinct.ts'
import { name, oneOrMore, text } from '../field.ts'
import { section } from '../section.ts'
import { addressOf, domainOf } from '../values/address.ts'
import { nameServerOf, recordNameOf, spfTermOf } from '../values/dns.ts'

const seconds = z.number().int().min(0).max(604_800)

const settings = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean()]).transform((value) => String(value)),
)

/** What may be said for all domains, and of one of them otherwise. */
const EACH = {
  provider: name(64)
    .optional()
    .meta({
      description: 'Who hosts the DNS, by the name in docs/guide/dns-hosts.md; `manual`: a person changes it.',
      examples: ['cloudflare', 'rfc2136'],
    }),
  settings: settings.optional().meta({
    description: 'What that host must be told, by the keys of docs/guide/dns-hosts.md. Keys and tokens as `env:NAME` or `file:PATH`.',
  }),
  name_servers: oneOrMore(text(nameServerOf))
    .optional()
    .meta({ description: 'Servers that answer for the domain, where they are not found by its delegation.', examples: ['192.0.2.53'] }),
  senders: oneOrMore(text(spfTermOf))
    .optional()
    .meta({
      description: 'Who else sends for the domain and must stay in its SPF record.',
      examples: ['include:_spf.crm.example', 'ip4:192.0.2.7'],
    }),
  keep: oneOrMore(text(recordNameOf))
    .optional()
    .meta({ description: 'Names whose records stay as they are; without the domain, or whole.', examples: ['autoconfig'] }),
  dmarc_reports: text(addressOf)
    .optional()
    .meta({ description: 'Where receivers send reports (DMARC); used where there is no DMARC record yet.' }),
  tls_reports: text(addressOf).optional().meta({ description: 'Where senders report mail that could not be sent encrypted (TLS-RPT).' }),
  services: oneOrMore(z.enum(['teams', 'devices']))
    .optional()
    .meta({ description: 'Services of the tenant besides mail whose records are made too.' }),
  retire_senders: oneOrMore(text(spfTermOf)).optional().meta({ description: 'Senders that leave the SPF record in the last phase.' }),
  retire: oneOrMore(text(recordNameOf))
    .optional()
    .meta({ description: 'Names of the old system whose records go in the last phase.', examples: ['old._domainkey'] }),
}

export const dns = section({
  title: 'DNS',
  about:
    'Who hosts the DNS of the domains, and what must stay. `cutover dns plan` makes the rest of what the tenant tells and of what stands there: ' +
    'see [the plan of the records](dns-plan.md). What is said of one domain goes before what is said of all.',
  concealed: ['settings'],
  schema: z.strictObject({
    ...EACH,
    ttl: seconds.default(3600).meta({ description: 'Time to live of new records, and of MX at the end, in seconds.' }),
    low_ttl: seconds.default(300).meta({ description: 'Time to live while the domain moves, in seconds. Hosts have a lowest one.' }),
    domains: z
      .array(z.strictObject({ name: text(domainOf).meta({ description: 'The domain.', examples: ['example.org'] }), ...EACH }))
      .superRefine(distinct('name', ({ name }) => name))
      .optional()
      .meta({ description: 'The domains that move. Left out: those of `domains`.' }),
  }),
})
