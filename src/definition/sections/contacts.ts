import { z } from 'zod'
import { name, text } from '../field.ts'
import { section } from '../section.ts'
import { addressOf } from '../values/address.ts'

export const contacts = section({
  title: 'Contacts',
  about: 'People outside the organisation who stand in the address list or are members of a group.',
  schema: z.array(
    z.strictObject({
      address: text(addressOf).meta({ description: 'Its address.', examples: ['partner@example.net'] }),
      name: name(64).meta({ description: 'Display name.' }),
    }),
  ),
})
