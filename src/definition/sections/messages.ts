import { z } from 'zod'
import { MOMENTS, type Moment } from '../../model/moment.ts'
import { name, oneOrMore, text } from '../field.ts'
import { whole } from '../number-field.ts'
import { section } from '../section.ts'
import { addressOf } from '../values/address.ts'
import type { Checked } from '../values/checked.ts'
import { dueOf } from '../values/local.ts'
import { smtpUrlOf } from '../values/mail-place.ts'
import { paragraphsOf } from '../values/project.ts'
import { secretPlaceOf } from './secret-field.ts'

function webOf(given: string): Checked<string> {
  const url = URL.canParse(given.trim()) ? new URL(given.trim()) : null
  return url?.protocol === 'https:' && url.username === ''
    ? { value: given.trim() }
    : { says: 'an address such as https://outlook.office.com' }
}

const template = z.strictObject({
  off: z.boolean().default(false).meta({ description: 'It is not sent.' }),
  subject: name(200).optional().meta({ description: 'In place of the standard one.' }),
  text: text(paragraphsOf).optional().meta({ description: 'In place of the standard text; empty lines part paragraphs.' }),
  extra: text(paragraphsOf).optional().meta({ description: 'A paragraph beside the standard text.' }),
  when: text(dueOf)
    .optional()
    .meta({ description: 'When it is sent, in place of the standard time.', examples: ['cutover-14d'] }),
})

const MOMENT_GUIDE: Readonly<Record<Moment, string>> = {
  kickoff: 'To the customer: what comes, and what is needed.',
  announcement: 'That the mail moves, and when.',
  credentials: 'Where logins are needed and no administrator has access.',
  expect: 'What to expect: what moves and what does not.',
  reminder: 'The day before.',
  'access-early': 'How to get in, some hours before the cutover.',
  live: 'How to get in, at the cutover.',
  done: 'All mail is there.',
  'follow-up': 'A week later.',
  'new-date': 'The cutover was moved.',
}

const TEMPLATES = Object.fromEntries(
  MOMENTS.map((moment) => [moment, template.optional().meta({ description: MOMENT_GUIDE[moment] })]),
) as Readonly<Record<Moment, z.ZodOptional<typeof template>>>

export const messages = section({
  title: 'Messages to users',
  about: 'What users are told, when, and how it is sent. `cutover messages plan` shows it, and nothing is sent that was not looked at.',
  concealed: ['smtp'],
  schema: z.strictObject({
    from: text(addressOf).meta({ description: 'Who they come from.', examples: ['it@example.org'] }),
    reply_to: text(addressOf).optional().meta({ description: 'Where answers go. Left out: `from`.' }),
    by: z.enum(['smtp', 'graph']).default('smtp').meta({ description: 'Over a mail host, or from a mailbox of the tenant.' }),
    smtp: z
      .strictObject({
        url: text(smtpUrlOf).meta({ description: 'The mail host that takes them.', examples: ['smtp://mail.example.org:587'] }),
        login: name(256).optional().meta({ description: 'Its login.' }),
        secret: text(secretPlaceOf).optional().meta({ description: 'Where the password is: `env:NAME` or `file:PATH`.' }),
      })
      .optional()
      .meta({ description: 'Needed with `by: smtp`.' }),
    per_minute: whole(1, 10_000, 'messages').default(30).meta({ description: 'At most so many a minute.' }),
    contact: name(300)
      .optional()
      .meta({ description: 'Whom users call.', examples: ['the help desk, telephone 4711'] }),
    web_address: text(webOf).default('https://outlook.office.com').meta({ description: 'Where users read mail.' }),
    safe_way: name(300)
      .optional()
      .meta({
        description:
          'How users hand over a password where one is needed: a sentence. Left out: by telephone, to `contact`. Never by mail, and by no link in one.',
        examples: ['Olga comes to your desk for it on 25 November.'],
      }),
    old_until: name(100)
      .optional()
      .meta({ description: 'Until when the old mailboxes can be read, as users are told.', examples: ['31 January 2027'] }),
    survey: text(webOf)
      .optional()
      .meta({ description: 'Asked about in the last message.', examples: ['https://survey.example.org/move'] }),
    new_side: name(253)
      .optional()
      .meta({
        description:
          'The domain under which new mailboxes are reached before the cutover. Left out: that of the tenant, where its name is known.',
        examples: ['example.onmicrosoft.com'],
      }),
    folder: name(1000)
      .optional()
      .meta({
        description: 'A folder of own templates beside this file, `MOMENT.LANGUAGE.txt` or `.mjml`: docs/guide/messages.md.',
        examples: ['templates'],
      }),
    opt_out: oneOrMore(text(addressOf)).optional().meta({ description: 'Mailboxes that get none.' }),
    kinds: oneOrMore(z.enum(['user', 'shared', 'room', 'equipment']))
      .optional()
      .meta({ description: 'Kinds of mailboxes that get them. Left out: user.' }),
    templates: z.strictObject(TEMPLATES).optional().meta({ description: 'What differs from the standard, by moment.' }),
  }),
})
