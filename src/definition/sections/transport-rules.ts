import { z } from 'zod'
import { distinct } from '../distinct.ts'
import { name } from '../field.ts'
import { section } from '../section.ts'
import { checkSettings } from '../parameters/check.ts'
import { RULE_ELSEWHERE, TRANSPORT_RULE, transportRuleProblems } from '../parameters/transport-rules.ts'
import { settings, told } from './settings.ts'

export const transportRules = section({
  title: 'Transport rules',
  about: 'Rules of the mail flow, in the order in which they apply.',
  schema: z
    .array(
      z
        .strictObject({
          name: name(64).meta({ description: 'Its name.' }),
          enabled: z.boolean().default(true).meta({ description: 'Whether it applies.' }),
          parameters: settings.meta({
            description: 'Conditions, exceptions and actions: parameters of New-TransportRule, by their names there.',
          }),
        })
        .transform((entry, ctx) => {
          const checked = checkSettings(entry.parameters, TRANSPORT_RULE, RULE_ELSEWHERE)
          const problems = checked.problems.length > 0 ? checked.problems : transportRuleProblems(checked.settings)
          return { ...entry, parameters: told(ctx, 'parameters', { ...checked, problems }) }
        }),
    )
    .superRefine(distinct('name', ({ name }) => name)),
})
