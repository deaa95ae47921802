import { z } from 'zod'
import { bytes, name, oneOrMore, text } from '../field.ts'
import { addressOf, mailAliasOf } from '../values/address.ts'
import { licenceOf } from '../values/licence.ts'
import { countryOf, languageOf } from '../values/region.ts'
import { messageSizeOf } from '../values/size.ts'
import { timeZoneOf } from '../values/time-zone.ts'

const on = z.boolean().optional()

/** Fields of a mailbox that may also be given for all of them. */
export const commonFields = {
  language: text(languageOf)
    .optional()
    .meta({
      description: 'Language and country. The default folders are named in it before the first message arrives.',
      examples: ['de-DE'],
    }),
  time_zone: text(timeZoneOf)
    .optional()
    .meta({ description: 'Windows name of the time zone.', examples: ['W. Europe Standard Time'] }),
  retention_hold: on.meta({
    description:
      'Retention policies leave the mailbox alone, for good. Only for the time of the migration: `suspend_retention` of `migration`.',
  }),
  hidden: on.meta({ description: 'Whether address lists leave it out.' }),
  receive_size: bytes(messageSizeOf)
    .optional()
    .meta({ description: 'Largest message it takes, at most 150 MB.', examples: ['150 MB'] }),
  send_size: bytes(messageSizeOf).optional().meta({ description: 'Largest message it sends, at most 150 MB.' }),
  protocols: z
    .strictObject({
      imap: on.meta({ description: 'IMAP' }),
      pop: on.meta({ description: 'POP' }),
      owa: on.meta({ description: 'Outlook on the web' }),
      mapi: on.meta({ description: 'Outlook' }),
      activesync: on.meta({ description: 'Exchange ActiveSync, for telephones' }),
      ews: on.meta({ description: 'Exchange Web Services' }),
      smtp_auth: on.meta({ description: 'Sending with SMTP and a login' }),
    })
    .optional()
    .meta({ description: 'Ways in that are switched on (`true`) or off (`false`). Those not named are left.' }),
}

/** Fields that want a licence, which shared mailboxes and rooms mostly have none of. */
export const licencedFields = {
  licence: oneOrMore(text(licenceOf))
    .optional()
    .meta({
      description: 'SKU part number or product name; several as a list. Others that are there are left.',
      examples: ['SPE_E3', 'Microsoft 365 E3'],
    }),
  location: text(countryOf)
    .optional()
    .meta({ description: 'Usage location, which a licence needs: a country in two letters.', examples: ['DE'] }),
  archive: on.meta({ description: 'An archive mailbox beside it.' }),
  litigation_hold: on.meta({ description: 'Nothing can be deleted from it for good. Needs Exchange Online Plan 2 or an add-on.' }),
}

/** A mailbox that stands in cutover.yaml itself. */
export const mailboxFields = {
  address: text(addressOf).meta({ description: 'Its address.', examples: ['info@example.org'] }),
  name: name(256).meta({ description: 'Display name.' }),
  alias: text(mailAliasOf).optional().meta({ description: "Exchange's mail alias. Left out: what stands before the @." }),
  aliases: oneOrMore(text(addressOf)).optional().meta({ description: 'Further addresses. Others that are there are left.' }),
  forward_to: text(addressOf).optional().meta({ description: 'Where mail to it is forwarded.' }),
  keep_copy: on.meta({ description: 'Whether forwarded mail stays here too. Left out: it does.' }),
  full_access: oneOrMore(text(addressOf)).optional().meta({ description: 'Who may open it. Others who may are left.' }),
  send_as: oneOrMore(text(addressOf)).optional().meta({ description: 'Who may send as it. Others who may are left.' }),
  ...commonFields,
  ...licencedFields,
}
