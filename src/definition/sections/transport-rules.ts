import { z } from 'zod'
import { name } from '../field.ts'
import { section } from '../section.ts'
import { settings } from './settings.ts'

export const transportRules = section({
  title: 'Transport rules',
  about: 'Rules of the mail flow, in the order in which they apply.',
  schema: z.array(
    z.strictObject({
      name: name(64).meta({ description: 'Its name.' }),
      enabled: z.boolean().default(true).meta({ description: 'Whether it applies.' }),
      parameters: settings.meta({
        description: 'Conditions, exceptions and actions: parameters of New-TransportRule, by their names there.',
      }),
    }),
  ),
})
