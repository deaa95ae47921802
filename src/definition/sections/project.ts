import { z } from 'zod'
import { bytes, name, oneOrMore, text } from '../field.ts'
import { money, signedMoney, whole } from '../number-field.ts'
import { section } from '../section.ts'
import { addressOf } from '../values/address.ts'
import { dayOf, ianaZoneOf, localTimeOf } from '../values/local.ts'
import { currencyOf, pathOf, projectNameOf } from '../values/project.ts'
import { sizeOf } from '../values/size.ts'

export const PROJECT_LANGUAGES = ['en', 'de', 'fr', 'es', 'ru'] as const

const amounts = z
  .array(
    z.strictObject({
      says: name(200).meta({ description: 'What it is for.' }),
      amount: signedMoney.meta({ description: 'How much; less than nothing is a discount.' }),
    }),
  )
  .optional()

export const project = section({
  title: 'The project',
  about:
    'Who moves, when, and what it costs. Needed by `cutover project import`, which keeps the definition in the store of projects; ' +
    '[the project](project.md) tells the rest.',
  schema: z.strictObject({
    name: text(projectNameOf).meta({ description: 'Short name: small letters, digits, hyphens.', examples: ['example-org'] }),
    customer: name(200).meta({ description: 'Whose mail moves, as reports and messages call them.', examples: ['Example GmbH'] }),
    language: z.enum(PROJECT_LANGUAGES).default('en').meta({ description: 'Language of reports and messages.' }),
    logo: text(pathOf)
      .optional()
      .meta({ description: 'Picture for reports and messages: PNG, JPEG or SVG.', examples: ['logo.png'] }),
    time_zone: text(ianaZoneOf).meta({
      description: 'IANA name. Every time of day in this file is told by it, and every one that people read.',
      examples: ['Europe/Berlin'],
    }),
    kickoff: text(dayOf)
      .optional()
      .meta({ description: 'The day on which it begins.', examples: ['2026-11-23'] }),
    cutover: text(localTimeOf)
      .optional()
      .meta({ description: 'When the domain is to be switched. Left out: not planned yet.', examples: ['2026-12-04T18:00'] }),
    currency: text(currencyOf)
      .default('USD')
      .meta({ description: 'Currency of all amounts.', examples: ['EUR'] }),
    price: z
      .strictObject({
        base: money.default(90).meta({ description: 'For the project as a whole.' }),
        per_mailbox: money.default(10).meta({ description: 'For each mailbox that moves.' }),
        hours: z
          .strictObject({
            planned: z.number().meta({ description: 'Hours of work that are planned.' }),
            rate: money.meta({ description: 'What an hour costs.' }),
          })
          .optional()
          .meta({ description: 'Work that is charged by the hour. Left out: the price is fixed.' }),
        extras: amounts.meta({ description: 'Beside it.' }),
        costs: amounts.meta({ description: 'What is planned to be spent on licences, tools and others.' }),
      })
      .optional()
      .meta({ description: 'The price. Left out: 90, and 10 a mailbox.' }),
    risks: z
      .strictObject({
        mailbox: bytes(sizeOf)
          .optional()
          .meta({ description: 'A mailbox from this size on is a risk.', examples: ['50 GB'] }),
        deleted: bytes(sizeOf)
          .optional()
          .meta({ description: 'Deleted items from this size on are one.', examples: ['30 GB'] }),
        vip: oneOrMore(text(addressOf)).optional().meta({ description: 'People who are looked after first.' }),
      })
      .optional()
      .meta({ description: 'Whom and what the analysis looks at twice. Left out: 50 GB, 30 GB, nobody.' }),
    lag_minutes: whole(5, 1440, 'minutes').optional().meta({
      description: 'How far the copy of a mailbox may be behind at the cutover. Left out: `switch.lag_minutes`, else 30.',
    }),
  }),
})
