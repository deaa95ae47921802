import { z } from 'zod'
import { name, oneOrMore, text } from '../field.ts'
import { section } from '../section.ts'
import { addressOf } from '../values/address.ts'

export const groups = section({
  title: 'Groups',
  about: 'Distribution groups and their members. A member outside the organisation stands under `contacts` too.',
  schema: z.array(
    z.strictObject({
      address: text(addressOf).meta({ description: 'Its address.', examples: ['team@example.org'] }),
      name: name(64).meta({ description: 'Display name.' }),
      aliases: oneOrMore(text(addressOf)).optional().meta({ description: 'Further addresses.' }),
      members: oneOrMore(text(addressOf)).optional().meta({ description: 'Addresses of its members.' }),
      exactly: z.boolean().default(false).meta({ description: 'Members who are not named here are taken out.' }),
      owners: oneOrMore(text(addressOf)).optional().meta({ description: 'Addresses of those who may change it.' }),
      outside_senders: z.boolean().optional().meta({ description: 'Whether people outside the organisation may write to it.' }),
      hidden: z.boolean().optional().meta({ description: 'Whether address lists leave it out.' }),
    }),
  ),
})
