import { columned, isTypeName, valuesOf } from '../columns.ts'
import { account, type Found, type Kind, type Problem, type Reading } from '../found.ts'
import type { Listing, ListingFile } from '../listing.ts'
import { proxiesOf } from '../proxy-addresses.ts'

const KINDS: readonly (readonly [RegExp, Kind])[] = [
  [/roomlist/i, 'group'],
  [/shared/i, 'shared'],
  [/room/i, 'room'],
  [/equipment|scheduling/i, 'equipment'],
  [/discovery|arbitration|monitoring|auditlog|system|supervisoryreview/i, 'system'],
  [/group|list/i, 'group'],
  [/contact|guest|mailuser|remote/i, 'contact'],
  [/publicfolder/i, 'public'],
  [/mailbox/i, 'user'],
]

/** Exchange, on premises or online: what `Get-Mailbox` and its like write with `Export-Csv`; `Get-MailboxStatistics` adds the sizes. */
export const exchange: Listing = {
  name: 'exchange',
  title: 'Exchange (Get-Mailbox | Export-Csv)',
  command:
    "Get-Mailbox -ResultSize Unlimited | Select Alias,DisplayName,PrimarySmtpAddress,UserPrincipalName,RecipientTypeDetails,@{n='EmailAddresses';e={$_.EmailAddresses -join ' '}} | Export-Csv mailboxes.csv -NoTypeInformation -Encoding UTF8",
  file: {
    recognises: ({ bytes }) => {
      const { names } = columned(bytes.subarray(0, 65_536))
      return names.includes('recipienttypedetails') || names.includes('primarysmtpaddress') || names.includes('totalitemsize')
    },
    read,
  },
  live: null,
}

function read({ bytes }: ListingFile): Reading {
  const { rows, problems: unreadable } = columned(bytes)
  const problems: Problem[] = [...unreadable]
  const found: Found[] = []
  let collections: number | null = null
  for (const { line, cell } of rows) {
    const addresses = cell('emailaddresses', 'proxyaddresses')
    if (addresses !== null && isTypeName(addresses)) collections ??= line
    const proxies = proxiesOf(valuesOf(addresses))
    const address = cell('primarysmtpaddress', 'windowsemailaddress', 'emailaddress') ?? proxies.primary
    const login = cell('userprincipalname', 'windowslogonname') ?? address
    if (login === null) {
      problems.push({ line, says: 'neither PrimarySmtpAddress nor UserPrincipalName is there: add them to the Select of the command' })
      continue
    }
    const type = cell('recipienttypedetails', 'recipienttype') ?? ''
    const name = cell('displayname', 'name')
    found.push(
      account({
        login,
        address,
        name,
        kind: KINDS.find(([pattern]) => pattern.test(type))?.[1] ?? 'user',
        mailAlias: cell('alias', 'mailnickname'),
        aliases: proxies.others,
        sizeBytes: statisticsBytes(cell('totalitemsize', 'mailboxsize', 'size')),
        messages: messagesOf(cell('itemcount')),
        // Shared mailboxes, rooms and linked mailboxes are disabled accounts by nature.
        disabled: /^true$/i.test(cell('accountdisabled', 'exchangeuseraccountcontrol') ?? '') && /^(?:user|)mailbox$|^$/i.test(type),
        remarks: /^linked/i.test(type) ? ['linked mailbox: its account is in another forest'] : [],
        line,
      }),
    )
  }
  if (collections !== null)
    problems.push({
      line: collections,
      says: 'EmailAddresses holds a type name instead of addresses, so aliases are missing: select @{n=\'EmailAddresses\';e={$_.EmailAddresses -join " "}}',
    })
  return { found, problems }
}

/** "1.234 GB (1,325,400,064 bytes)": the exact figure in the parentheses, whatever the language does to its thousands. */
function statisticsBytes(cell: string | null): number | null {
  const exact = /\(([\d.,\s\u00a0\u202f']+)\s*\p{L}+\)/u.exec(cell ?? '')?.[1]
  if (exact !== undefined) return Number(exact.replaceAll(/\D/g, ''))
  return cell !== null && /^\d+$/.test(cell) ? Number(cell) : null
}

function messagesOf(cell: string | null): number | null {
  return cell !== null && /^\d+$/.test(cell) ? Number(cell) : null
}
