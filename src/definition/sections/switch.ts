import { z } from 'zod'
import { distinct } from '../distinct.ts'
import { name, numberOrText, oneOrMore, text } from '../field.ts'
import { section } from '../section.ts'
import { addressOf } from '../values/address.ts'
import { hostNameOf, imapUrlOf, portOf, resolverOf, smtpUrlOf } from '../values/mail-place.ts'
import { pemFileOf, secretPlaceOf } from './secret-field.ts'

/** What the switch was proven with; less lets mail be lost, and is refused. */
export const LEAST = { marginHours: 48, quietHours: 24, tailDays: 14 } as const

/** A whole number, where too little is refused with the reason. */
function between(least: number, most: number, unit: string, why: string): z.ZodNumber {
  return z
    .number()
    .int()
    .superRefine((value, ctx) => {
      if (value < least) ctx.addIssue({ code: 'custom', message: `at least ${least} ${unit}: ${why}` })
      else if (value > most) ctx.addIssue({ code: 'custom', message: `at most ${most} ${unit}` })
    })
}

const mailbox = text(addressOf)

export const switchSection = section({
  title: 'The switch',
  about:
    'What `cutover switch` and `cutover mailflow test` need to know, so that it need not be typed each time. An option goes before what ' +
    'stands here. See [what happens at the cutover](what-happens-at-cutover.md) and [the test of the mail flow](mail-flow-test.md).',
  concealed: ['reflector'],
  schema: z.strictObject({
    user: mailbox
      .optional()
      .meta({ description: 'A mailbox of the tenant that gets and sends test mail.', examples: ['anna@example.org'] }),
    second: mailbox.optional().meta({ description: 'A second one, for mail inside the tenant.' }),
    unmoved: mailbox.optional().meta({ description: 'Somebody whose mailbox is still at the old side.' }),
    staying: oneOrMore(name(256))
      .optional()
      .meta({
        description:
          'Who stays at the old side for now though the domain is switched: addresses, or batches of the list. The domain is then an internal relay with a connector to the old host.',
        examples: ['carla@example.org', 'second'],
      }),
    aliases: z
      .array(
        z.strictObject({
          address: mailbox.meta({ description: 'An alias.', examples: ['sales@example.org'] }),
          mailbox: mailbox.meta({ description: 'The mailbox where its mail arrives.' }),
        }),
      )
      .superRefine(distinct('address', ({ address }) => address))
      .optional()
      .meta({ description: 'Aliases that test mail is sent to.' }),
    groups: z
      .array(
        z.strictObject({
          address: mailbox.meta({ description: 'A group.', examples: ['team@example.org'] }),
          member: mailbox.meta({ description: 'A member whose mailbox is looked at.' }),
        }),
      )
      .superRefine(distinct('address', ({ address }) => address))
      .optional()
      .meta({ description: 'Groups that test mail is sent to.' }),
    reflector: z
      .strictObject({
        address: mailbox.meta({ description: 'Its address.', examples: ['probe@elsewhere.example'] }),
        imap: text(imapUrlOf)
          .optional()
          .meta({ description: 'Where it is read.', examples: ['imaps://imap.elsewhere.example'] }),
        smtp: text(smtpUrlOf)
          .optional()
          .meta({ description: 'Where it sends.', examples: ['smtp://smtp.elsewhere.example'] }),
        login: name(256).optional().meta({ description: 'Its login. Left out: its address.' }),
        secret: text(secretPlaceOf).meta({ description: 'Where its password is: `env:NAME` or `file:PATH`.' }),
      })
      .optional()
      .meta({ description: 'A mailbox outside, at another provider, that gets and sends test mail.' }),
    sender: mailbox.optional().meta({ description: 'Who mail from this machine comes from.' }),
    helo: text(hostNameOf)
      .optional()
      .meta({ description: 'The name of this machine, as mail hosts see it.', examples: ['move.example.org'] }),
    ports: oneOrMore(numberOrText(portOf))
      .optional()
      .meta({ description: 'Where mail hosts listen, if not at 25.', examples: ['mx.example.org=2525'] }),
    resolvers: oneOrMore(text(resolverOf))
      .optional()
      .meta({ description: 'Resolvers that are asked for MX. Left out: 1.1.1.1, 8.8.8.8, 9.9.9.9.', examples: ['9.9.9.9'] }),
    margin_hours: between(
      LEAST.marginHours,
      336,
      'hours',
      'some caches keep a record for days longer than they should, and mail that they send to the old side would be lost',
    )
      .default(LEAST.marginHours)
      .meta({ description: 'Waited beyond the time to live of the old records; 72 for a domain with much mail from abroad.' }),
    quiet_hours: between(LEAST.quietHours, 336, 'hours', 'mail that comes once a day would not be seen')
      .default(LEAST.quietHours)
      .meta({ description: 'How long no mail may have come to the side that is left.' }),
    tail_days: between(LEAST.tailDays, 365, 'days', 'machines in which the old host was written down by hand are found only by then')
      .default(LEAST.tailDays)
      .meta({ description: 'How long the old host stays after the switch.' }),
    lag_minutes: between(5, 1440, 'minutes', 'a pass over a mailbox takes its time')
      .default(30)
      .meta({ description: 'How far the copy of a mailbox may be behind at the switch.' }),
    ca_file: text(pemFileOf).optional().meta({ description: 'PEM file of certificates that are trusted too, at mail hosts.' }),
  }),
})
