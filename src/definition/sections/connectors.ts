import { z } from 'zod'
import { distinct } from '../distinct.ts'
import { name } from '../field.ts'
import { section } from '../section.ts'
import { checkSettings } from '../parameters/check.ts'
import { connectorProblems, INBOUND, OUTBOUND } from '../parameters/connectors.ts'
import { settings, told } from './settings.ts'

export const connectors = section({
  title: 'Connectors',
  about: 'Ways between the tenant and the old system while both are in use.',
  schema: z
    .array(
      z
        .strictObject({
          name: name(64).meta({ description: 'Its name.' }),
          direction: z.enum(['inbound', 'outbound']).meta({ description: 'Inbound brings mail into the tenant.' }),
          parameters: settings.meta({ description: 'Parameters of New-InboundConnector or New-OutboundConnector, by their names there.' }),
        })
        .transform((entry, ctx) => {
          const checked = checkSettings(entry.parameters, entry.direction === 'inbound' ? INBOUND : OUTBOUND, {
            Name: 'write name: beside parameters',
          })
          const problems = checked.problems.length > 0 ? checked.problems : connectorProblems(entry.direction, checked.settings)
          return { ...entry, parameters: told(ctx, 'parameters', { ...checked, problems }) }
        }),
    )
    .superRefine(distinct('name', ({ direction, name }) => `${direction} ${name}`)),
})
