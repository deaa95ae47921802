import { z } from 'zod'
import { bytes, oneOrMore, text } from '../field.ts'
import { whole } from '../number-field.ts'
import { section } from '../section.ts'
import type { Checked } from '../values/checked.ts'
import { hoursOf } from '../values/local.ts'
import { sizeOf } from '../values/size.ts'

/** Bytes a second: `20 MB`, `20 MB/s`. */
function rateOf(given: string): Checked<number> {
  const size = sizeOf(given.replace(/\s*\/\s*s(?:ec(?:ond)?)?$|\s+(?:a|per) second$/i, ''))
  if ('says' in size) return { says: 'a rate like 20 MB (a second)' }
  return size.value < 1024 ? { says: 'it has a unit: 20 MB' } : size
}

function limitOf(given: string): Checked<number> {
  const size = sizeOf(given)
  if ('says' in size) return size
  return size.value < 2 ** 20 ? { says: 'it has a unit: 2 GB' } : size
}

export const transfer = section({
  title: 'The transfer',
  about: 'How fast mail is copied, and when. `cutover limit` and `cutover transfer` change it while it runs.',
  schema: z.strictObject({
    rate: bytes(rateOf)
      .optional()
      .meta({ description: 'At most so much a second, for all mailboxes together.', examples: ['20 MB'] }),
    per_day: bytes(limitOf)
      .optional()
      .meta({ description: 'At most so much of one mailbox in 24 hours, where the old server locks it else.', examples: ['2 GB'] }),
    connections: whole(1, 50, 'connections')
      .optional()
      .meta({ description: 'Most connections for one mailbox. Left out: it is found out.' }),
    mailboxes_at_once: whole(1, 500, 'mailboxes').optional().meta({ description: 'Mailboxes that are copied at a time.' }),
    between: oneOrMore(text(hoursOf))
      .optional()
      .meta({ description: 'Hours of the day in which nothing runs, by the clocks of the project.', examples: ['08:00-18:00'] }),
    deltas_every_hours: whole(0, 168, 'hours')
      .default(4)
      .meta({ description: 'How often new mail is fetched until the cutover. 0: only when it is asked for.' }),
    oldest_first: z.boolean().default(false).meta({ description: 'Old mail before new mail.' }),
    deletions: z
      .enum(['follow', 'keep'])
      .default('follow')
      .meta({ description: 'Whether what people delete at the old side until the cutover goes at the new one too.' }),
  }),
})
