import { z } from 'zod'
import { section } from '../section.ts'
import { checkSettings } from '../parameters/check.ts'
import { ORGANISATION, ORGANISATION_ELSEWHERE } from '../parameters/organisation.ts'
import { settings, told } from './settings.ts'

export const organisation = section({
  title: 'The organisation',
  about: 'What holds for the tenant as a whole.',
  schema: z
    .strictObject({
      customization: z
        .boolean()
        .default(true)
        .meta({ description: 'Enable-OrganizationCustomization, where something else here needs it. It cannot be taken back.' }),
      focused_inbox: z.boolean().optional().meta({ description: 'Focused Inbox. `false` spares the question where the mail has gone.' }),
      direct_send: z
        .boolean()
        .optional()
        .meta({ description: 'Whether devices may deliver with an address of the organisation and without signing in.' }),
      settings: settings.optional().meta({ description: 'Further parameters of Set-OrganizationConfig, by their names there.' }),
    })
    .transform((entry, ctx) => ({
      ...entry,
      settings: told(ctx, 'settings', checkSettings(entry.settings ?? {}, ORGANISATION, ORGANISATION_ELSEWHERE)),
    })),
})
