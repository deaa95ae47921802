import { z } from 'zod'
import { distinct } from '../distinct.ts'
import { text } from '../field.ts'
import { section } from '../section.ts'
import { domainOf } from '../values/address.ts'

export const domains = section({
  title: 'Domains',
  about:
    'Domains whose mail the tenant takes. While some mailboxes are still in the old system a domain is `internal-relay`, so that mail to ' +
    'those whom the tenant does not know goes on to it.',
  schema: z
    .array(
      z.strictObject({
        name: text(domainOf).meta({ description: 'The domain.', examples: ['example.org'] }),
        type: z
          .enum(['authoritative', 'internal-relay'])
          .optional()
          .meta({ description: 'Whether the tenant alone knows who is there, or another system too.' }),
        default: z.boolean().optional().meta({ description: 'Whether new addresses are made in it.' }),
      }),
    )
    .superRefine(distinct('name', ({ name }) => name))
    .superRefine((entries, ctx) => {
      const [, ...more] = entries.flatMap((entry, at) => (entry.default === true ? [at] : []))
      for (const at of more) ctx.addIssue({ code: 'custom', message: 'another domain above is the default already', path: [at, 'default'] })
    }),
})
