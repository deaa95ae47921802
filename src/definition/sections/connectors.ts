import { z } from 'zod'
import { name } from '../field.ts'
import { section } from '../section.ts'
import { settings } from './settings.ts'

export const connectors = section({
  title: 'Connectors',
  about: 'Ways between the tenant and the old system while both are in use.',
  schema: z.array(
    z.strictObject({
      name: name(64).meta({ description: 'Its name.' }),
      direction: z.enum(['inbound', 'outbound']).meta({ description: 'Inbound brings mail into the tenant.' }),
      parameters: settings.meta({ description: 'Parameters of New-InboundConnector or New-OutboundConnector, by their names there.' }),
    }),
  ),
})
