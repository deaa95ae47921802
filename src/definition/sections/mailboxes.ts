import { z } from 'zod'
import { text } from '../field.ts'
import { section } from '../section.ts'
import { mailboxEntries } from './mailbox-entries.ts'
import { commonFields, licencedFields } from './mailbox-fields.ts'

export const mailboxes = section({
  title: 'The mailboxes',
  concealed: ['entries'],
  about:
    'Who moves stands in the list of mailboxes, a CSV file that `cutover discover` writes ([its columns](#columns-of-the-list)), or under ' +
    '`entries`. What `defaults` says holds for every mailbox whose own line says nothing else; licence, location, archive and litigation hold only for persons (`kind` user).',
  schema: z
    .strictObject({
      list: text((given) =>
        given.trim() === '' ? { says: 'the path of the list of mailboxes, such as mailboxes.csv' } : { value: given.trim() },
      )
        .optional()
        .meta({ description: 'Path of the list of mailboxes, relative to this file.', examples: ['mailboxes.csv'] }),
      entries: mailboxEntries.optional().meta({
        description:
          'The mailboxes themselves, in place of a list: a whole project is then one file. Passwords only as `env:NAME` or `file:PATH`.',
      }),
      defaults: z
        .strictObject({ ...licencedFields, ...commonFields })
        .optional()
        .meta({ description: 'For every mailbox whose own line says nothing else.' }),
    })
    .superRefine(({ list, entries }, ctx) => {
      if (list !== undefined && entries !== undefined)
        ctx.addIssue({
          code: 'custom',
          message: 'list and entries contradict each other: the mailboxes stand in one of them',
          path: ['entries'],
        })
    }),
})
