import { z } from 'zod'
import { oneOrMore } from '../field.ts'
import { whole } from '../number-field.ts'
import { section } from '../section.ts'
import { PROTOCOLS } from '../values/protocol.ts'

/** What a move is accepted by. */
export const CRITERIA = ['access', 'mail', 'rules', 'flow', 'protection'] as const

export const acceptance = section({
  title: 'The acceptance',
  about:
    'What is agreed to be looked at before the project is closed: users get in (`access`), mail and folders are there (`mail`), rules work ' +
    '(`rules`), mail is sent and received (`flow`), protection works (`protection`).',
  schema: z.strictObject({
    protocols: oneOrMore(z.enum(PROTOCOLS))
      .optional()
      .meta({ description: 'Ways in that must be open for every user. Left out: imap, owa, mapi, activesync.' }),
    sample: whole(1, 100_000, 'mailboxes').optional().meta({ description: 'So many mailboxes are tried. Left out: all.' }),
    without: oneOrMore(z.enum(CRITERIA)).optional().meta({ description: 'Criteria that were agreed not to be part of it.' }),
  }),
})
