/** What private name servers of tests are started with. */
export const UPDATE_KEY = {
  name: 'test-update',
  algorithm: 'hmac-sha256',
  secret: Buffer.from('secret-for-the-test-rig-32-bytes').toString('base64'),
} as const

export type Zone = {
  readonly name: string
  /** Lines of a zone file after its SOA and NS; names relative to the zone. */
  readonly records: readonly string[]
  /** Names (relative, '@' the zone itself) that the update key may change, each with its types; absent: all. */
  readonly mayUpdate?: Readonly<Record<string, readonly string[]>>
  /** Of the SOA; a server with a lower one lags behind. */
  readonly serial?: number
  /** Signed by keys that are made at the start (BIND only). */
  readonly signed?: true
  /** A copy of the zone of this server on 127.0.0.1, which is asked every so many seconds whether it has a newer one (Knot only). */
  readonly copyOf?: { readonly port: number; readonly everySeconds: number }
}

/** The zone as a file. Short times, so that tests need not wait for them. */
export function zoneFile({ name, records, serial = 2026010100 }: Zone): string {
  return [
    `$ORIGIN ${name}.`,
    '$TTL 3600',
    `@ IN SOA ns1 hostmaster ${serial} 3600 600 1209600 60`,
    '@ IN NS ns1',
    'ns1 IN A 127.0.0.1',
    ...records,
    '',
  ].join('\n')
}
