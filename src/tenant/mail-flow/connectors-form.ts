import type { Settings, WantedConnector } from '../../model/wanted-tenant.ts'
import { entriesOf, type Row } from '../settings.ts'

/** The parameters of a connector as Exchange shows them afterwards, so that the same is never set twice. */
export function inNormalForm({ parameters }: WantedConnector): Settings {
  const { Name: _, Identity: __, ...others } = parameters
  return Object.fromEntries(
    Object.entries(others).map(([name, value]) => [
      name,
      name.toLowerCase() === 'senderdomains' && value !== null ? entriesOf(value).map(senderDomain) : value,
    ]),
  )
}

/** What a Get cmdlet shows, in the same form. */
export function normalRow(row: Row): Row {
  return row['SenderDomains'] === undefined ? row : { ...row, SenderDomains: entriesOf(row['SenderDomains']).map(senderDomain) }
}

/** `*` and `example.org` are shown as `smtp:*;1` and `smtp:example.org;1`: kind, address space and cost. */
function senderDomain(text: string): string {
  const { domain = text, cost = '1' } = /^(?:smtp:)?(?<domain>[^;]*)(?:;(?<cost>\d+))?$/i.exec(text.trim())?.groups ?? {}
  return `smtp:${domain.toLowerCase()};${cost}`
}
