import { z } from 'zod'
import { bytes, name } from '../field.ts'
import { section } from '../section.ts'
import { messageSizeOf } from '../values/size.ts'

export const migration = section({
  title: 'The migration',
  about: 'What holds only as long as mail is being moved, and is put back afterwards.',
  schema: z.strictObject({
    app: name(256)
      .optional()
      .meta({ description: 'Display name in Exchange of the application that moves the mail. Left out: it needs no access.' }),
    receive_size: bytes(messageSizeOf)
      .optional()
      .meta({ description: 'Largest message that mailboxes take meanwhile.', examples: ['150 MB'] }),
    send_size: bytes(messageSizeOf).optional().meta({ description: 'Largest message that they send meanwhile.' }),
    suspend_retention: z
      .boolean()
      .default(true)
      .meta({ description: 'Retention and archive policies leave alone what has just been copied.' }),
  }),
})
