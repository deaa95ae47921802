import { officeText } from '../lib/csv-rows.ts'
import { Failure } from '../model/failure.ts'
import { courier } from './adapters/courier.ts'
import { cpanel } from './adapters/cpanel.ts'
import { csv } from './adapters/csv.ts'
import { cyrus } from './adapters/cyrus.ts'
import { dovecot } from './adapters/dovecot.ts'
import { exchange } from './adapters/exchange.ts'
import { google } from './adapters/google.ts'
import { graph } from './adapters/graph.ts'
import { json } from './adapters/json.ts'
import { ldap } from './adapters/ldap.ts'
import { mailcow } from './adapters/mailcow.ts'
import { plain } from './adapters/plain.ts'
import { plesk } from './adapters/plesk.ts'
import { zimbra } from './adapters/zimbra.ts'
import type { Listing, ListingFile } from './listing.ts'

/** Every listing; a file is taken for the first that recognises it, so the particular ones come first. */
export const LISTINGS: readonly Listing[] = [
  dovecot,
  google,
  cpanel,
  mailcow,
  graph,
  plesk,
  zimbra,
  cyrus,
  courier,
  exchange,
  ldap,
  json,
  csv,
  plain,
]

/** The listing of this name. Throws `bad-input` with all names. */
export function listingNamed(name: string): Listing {
  const listing = LISTINGS.find((each) => each.name === name.toLowerCase())
  if (listing !== undefined) return listing
  throw new Failure('bad-input', `There is no listing "${name}": --from is one of ${LISTINGS.map((each) => each.name).join(', ')}.`)
}

/** What an address of a system speaks: by its scheme, or by the port of its panel. */
export function listingAt(url: string): Listing | null {
  if (/^imaps?:/i.test(url)) return cyrus
  if (/^ldaps?:/i.test(url)) return ldap
  if (/^google:/i.test(url)) return google
  if (/^graph:/i.test(url)) return graph
  if (/^https:\/\/[^/]+:2083(?:\/|$)/i.test(url)) return cpanel
  return /^https:\/\/[^/]+:8443(?:\/|$)/i.test(url) ? plesk : null
}

/** The listing that a file looks like. Throws `bad-input` when it looks like none. */
export function recognised(file: ListingFile, named: string): Listing {
  const listing = LISTINGS.find(({ file: reader }) => reader?.recognises(file) === true)
  if (listing !== undefined) return listing
  throw new Failure('bad-input', `${named} is no listing that we know: say with --from what wrote it.`)
}

export function listingFile(bytes: Buffer): ListingFile {
  return { bytes, text: officeText(bytes) }
}
