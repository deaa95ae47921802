import { z } from 'zod'
import { distinct } from '../distinct.ts'
import { name, oneOrMore, text } from '../field.ts'
import { section } from '../section.ts'
import { domainOf } from '../values/address.ts'
import { checkSettings } from '../parameters/check.ts'
import { POLICIES, POLICY_ELSEWHERE } from '../parameters/protection.ts'
import { settings, told } from './settings.ts'

/** Exchange's own names of the policy that is always there. */
const DEFAULT_NAMES = new Set(['default', 'office365 antiphish default'])

export const protection = section({
  title: 'Protection',
  about:
    'Exchange Online Protection. A preset is what Microsoft recommends and keeps up to date; policies of your own are for what a preset ' +
    'does not cover. Microsoft recommends for Standard: spam to Junk, high-confidence spam and phishing to quarantine, bulk threshold 6, ' +
    'quarantine for 30 days; for Strict: everything to quarantine, bulk threshold 5. Lists of allowed senders are best left empty.',
  schema: z.strictObject({
    preset: z
      .enum(['standard', 'strict', 'off'])
      .optional()
      .meta({ description: "Microsoft's preset. It must have been turned on once in the Defender portal." }),
    preset_domains: oneOrMore(text(domainOf))
      .optional()
      .meta({ description: 'Domains whose people it covers. Left out: all of `domains`.' }),
    policies: z
      .array(
        z
          .strictObject({
            feature: z
              .enum(['spam', 'malware', 'phishing', 'outbound', 'connection'])
              .meta({ description: 'What it is about; `outbound` is spam that leaves, `connection` the lists of servers.' }),
            name: name(64).meta({ description: 'Its name; `Default` changes the default policy.' }),
            settings: settings.meta({ description: 'Parameters of its Set- cmdlet, by their names there.' }),
            domains: oneOrMore(text(domainOf))
              .optional()
              .meta({ description: 'Domains whose people it covers (for `outbound`: who send). The default policy has none.' }),
          })
          .transform((entry, ctx) => {
            const say = (path: string, message: string): void =>
              ctx.addIssue({ code: 'custom', message, path: [path], params: { whole: true } })
            const isDefault = DEFAULT_NAMES.has(entry.name.toLowerCase())
            const { domains = [] } = entry
            if (isDefault && domains.length > 0)
              say('domains', 'stands there, and the default policy covers everybody whom no other one covers')
            if (!isDefault && entry.feature === 'connection')
              say('name', 'is not Default: of the connection filter there is only the default policy')
            else if (!isDefault && domains.length === 0)
              say('domains', 'is missing: whom the policy covers (the default policy is called Default)')
            const checked = told(ctx, 'settings', checkSettings(entry.settings, POLICIES[entry.feature], POLICY_ELSEWHERE))
            return { ...entry, name: isDefault ? 'Default' : entry.name, settings: checked }
          }),
      )
      .superRefine(distinct('name', ({ feature, name }) => `${feature} ${name}`))
      .optional()
      .meta({ description: 'Policies of your own.' }),
    dkim: z
      .array(
        z.strictObject({
          domain: text(domainOf).meta({ description: 'The domain.' }),
          key_bits: z
            .union([z.literal(1024), z.literal(2048)])
            .default(2048)
            .meta({ description: 'Length of the key.' }),
        }),
      )
      .superRefine(distinct('domain', ({ domain }) => domain))
      .optional()
      .meta({ description: 'Domains that sign with DKIM.' }),
    quarantine_notices: z
      .strictObject({
        enabled: z.boolean().meta({ description: 'Whether people hear of what is held for them.' }),
        every_hours: z
          .union([z.literal(4), z.literal(24), z.literal(168)])
          .optional()
          .meta({ description: 'How often: every 4 hours, daily or weekly.' }),
      })
      .optional()
      .meta({ description: 'Notices of the quarantine.' }),
  }),
})
