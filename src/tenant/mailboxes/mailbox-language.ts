import { textIn } from '../../microsoft/wire-json.ts'
import type { TenantChange } from '../call.ts'
import { key } from '../key.ts'
import type { Standing } from './mailbox-match.ts'
import { standings } from './mailbox-match.ts'
import { rowOrNull } from './mailbox-rows.ts'
import type { Part } from '../part.ts'
import type { Row } from '../settings.ts'

/** Rows of Get-MailboxRegionalConfiguration, by the address that is wanted. */
type Regions = ReadonlyMap<string, Row>

/** Language and time zone. Default folders get their names in that language before the first message is written into them. */
export const mailboxLanguagePart: Part<Regions> = {
  name: 'languages of mailboxes',
  read: async ({ admin }, wanted, actual) => {
    const asked = standings(wanted, actual).filter(
      ({ wanted: { language, timeZone }, mailbox }) => mailbox !== null && (language !== null || timeZone !== null),
    )
    const rows = await Promise.all(
      asked.map(async ({ wanted: { address }, identity }) => {
        const row = await rowOrNull(admin, 'Get-MailboxRegionalConfiguration', { Identity: identity })
        return [address, row ?? {}] as const
      }),
    )
    return new Map(rows)
  },
  compare: (wanted, actual, regions) => ({
    changes: standings(wanted, actual).flatMap((one) => region(one, regions.get(one.wanted.address) ?? null)),
    findings: [],
  }),
}

function region({ wanted, identity }: Standing, row: Row | null): readonly TenantChange[] {
  const { address } = wanted
  const differs = (to: string | null, name: string): boolean => to !== null && textIn(row?.[name]).toLowerCase() !== to.toLowerCase()
  const language = differs(wanted.language, 'Language') ? wanted.language : null
  const timeZone = differs(wanted.timeZone, 'TimeZone') ? wanted.timeZone : null
  if (language === null && timeZone === null) return []
  const was = (name: string): string => (row === null ? '' : ` (was ${textIn(row[name]) || 'not set'})`)
  const told = [
    ...(language === null ? [] : [`language ${language}${was('Language')}, default folders named in it`]),
    ...(timeZone === null ? [] : [`time zone ${timeZone}${was('TimeZone')}`]),
  ]
  const set = (values: TenantValues): TenantChange['calls'] => [
    { cmdlet: 'Set-MailboxRegionalConfiguration', parameters: { Identity: identity, ...values } },
  ]
  return [
    {
      key: `language ${address.toLowerCase()}`,
      kind: 'language',
      about: address,
      says: `Set ${address}: ${told.join(', ')}`,
      after: [key.mailbox(address)],
      look: { call: { cmdlet: 'Get-MailboxRegionalConfiguration', parameters: { Identity: identity } } },
      expect: {
        is: 'set',
        values: {
          ...(language === null ? {} : { Language: { to: language, as: 'text' } }),
          ...(timeZone === null ? {} : { TimeZone: { to: timeZone, as: 'text' } }),
        },
      },
      calls: set({
        // A date as one language writes it may be none in another (Set-MailboxRegionalConfiguration).
        ...(language === null ? {} : { Language: language, DateFormat: null, TimeFormat: null, LocalizeDefaultFolderName: true }),
        ...(timeZone === null ? {} : { TimeZone: timeZone }),
      }),
      undo: set({
        ...(language === null
          ? {}
          : {
              Language: { $: 'before.Language' },
              DateFormat: { $: 'before.DateFormat' },
              TimeFormat: { $: 'before.TimeFormat' },
              LocalizeDefaultFolderName: true,
            }),
        ...(timeZone === null ? {} : { TimeZone: { $: 'before.TimeZone' } }),
      }),
      takes: 'minutes',
    },
  ]
}

type TenantValues = Readonly<Record<string, string | boolean | null | { readonly $: string }>>
