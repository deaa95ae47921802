import { z } from 'zod'
import { distinct } from '../distinct.ts'
import { name, oneOrMore, text } from '../field.ts'
import { section } from '../section.ts'
import { addressOf } from '../values/address.ts'
import { dayOf, localTimeOf } from '../values/local.ts'

export const batches = section({
  title: 'The batches',
  about:
    'Mailboxes that move together, in this order. A mailbox names its batch in the column `batch` of the list, or is named here. Without ' +
    'this section the list alone says it; without such a column all move as one.',
  schema: z
    .array(
      z.strictObject({
        name: name(100).meta({ description: 'As the list names it.', examples: ['first'] }),
        starts: text(dayOf).optional().meta({ description: 'The day from which it is copied. Left out: with the others.' }),
        cutover: text(localTimeOf)
          .optional()
          .meta({ description: 'When its people work at the new side. Left out: with the cutover of the project.' }),
        mailboxes: oneOrMore(text(addressOf))
          .optional()
          .meta({ description: 'Addresses at the new side, where the list does not say it.' }),
      }),
    )
    .superRefine(distinct('name', ({ name }) => name)),
})
