import { z } from 'zod'
import { section } from '../section.ts'
import { mailboxFields } from './mailbox-fields.ts'

export const shared = section({
  title: 'Shared mailboxes',
  about: 'Shared mailboxes that are new in the tenant. One whose mail moves stands in the list of mailboxes instead, with `kind` shared.',
  schema: z.array(z.strictObject(mailboxFields)),
})
