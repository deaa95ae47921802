import { z } from 'zod'
import { distinct } from '../distinct.ts'
import { name, text } from '../field.ts'
import { section } from '../section.ts'
import { addressOf } from '../values/address.ts'

export const SIDES = ['customer', 'us', 'vendor'] as const

export const people = section({
  title: 'The people',
  about: 'Who is responsible on each side, and whom to ask. Tasks name them.',
  schema: z
    .array(
      z.strictObject({
        name: name(100).meta({ description: 'As tasks and reports call the person.', examples: ['Anna Example'] }),
        address: text(addressOf).meta({ description: 'Where the person is written to.', examples: ['anna@example.org'] }),
        phone: name(50)
          .optional()
          .meta({ description: 'In quotes.', examples: ['+49 30 1234'] }),
        side: z.enum(SIDES).meta({ description: 'The customer, us, or somebody else: the host of the old mail, of DNS …' }),
        role: name(100).meta({ description: 'What for.', examples: ['decides', 'DNS', 'help desk'] }),
      }),
    )
    .superRefine(distinct('name', ({ name }) => name)),
})
