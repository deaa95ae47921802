import { z } from 'zod'
import { section } from '../section.ts'
import { mailboxFields } from './mailbox-fields.ts'

export const rooms = section({
  title: 'Rooms and equipment',
  about: 'Mailboxes that are booked.',
  schema: z.array(
    z.strictObject({
      ...mailboxFields,
      kind: z.enum(['room', 'equipment']).default('room').meta({ description: 'What is booked.' }),
    }),
  ),
})
