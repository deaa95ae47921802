import type { Command } from 'commander'
import { InvalidArgumentError, Option } from 'commander'
import type { Addresses, CloudName, ExchangeIdentity, SourceAddresses } from '../api/operations.ts'
import { Failure } from '../model/failure.ts'
import { Secret } from '../model/secret.ts'
import { accessOf, accessOptions, secretAt, secretPlace, textOf } from './access-options.ts'
import type { AccessFlags } from './access-options.ts'
import { printable } from './printable.ts'
import type { CommonFlags, Shell } from './world.ts'

export const DEFAULT_STATE = './cutover-state'

export type SourceFlags = AccessFlags & {
  readonly source: string
  readonly mailboxes: string
  readonly state: string
  readonly ca?: string
  readonly only?: readonly string[]
  readonly includeShared?: boolean
  readonly includePublic?: boolean
  readonly includeFolder?: readonly string[]
}

export type AddressFlags = SourceFlags & {
  readonly destination: string
  readonly cloud: CloudName
  readonly tenant?: string
  readonly clientId?: string
  readonly clientSecret?: string
  readonly certificate?: string
  readonly key?: string
  readonly deviceCode?: boolean
}

/** --json, --quiet and --debug. */
export function commonOptions(command: Command): Command {
  return command
    .option('--json', 'print one JSON object and nothing else')
    .option('--quiet', 'no progress')
    .option('--debug', 'show where an error came from')
}

/**
 * Both ends, the mailboxes, and how to sign in to both. `optional`: the destination may be missing, as one end alone makes sense too;
 * `file`: each of them may be, as it may stand in a definition.
 */
export function addressOptions(command: Command, destination: 'required' | 'optional' | 'file' = 'required'): Command {
  const from = new Option('--source <url>', 'imaps://host[:port], imap://host[:port] (STARTTLS), imap://host:port?tls=none')
  const who = new Option('--mailboxes <file.csv>', 'columns source_login, source_password, target, target_password, name')
  const cloud = new Option('--cloud <name>', 'national cloud').choices(['global', 'gcc-high', 'dod', 'china'])
  const to = new Option('--destination <url>', 'exchange: (Exchange Online), or a URL as for --source').argParser(serverUrl)
  return commonOptions(
    accessOptions(
      command
        .addOption(from.argParser(serverUrl).makeOptionMandatory(destination !== 'file'))
        .addOption(to.makeOptionMandatory(destination === 'required'))
        .addOption(who.makeOptionMandatory(destination !== 'file'))
        .option('--state <dir>', 'where the ledger is kept', DEFAULT_STATE)
        .option('--ca <file>', 'also trust the certificates in this PEM file')
        .option('--only <name...>', 'only these mailboxes')
        .option('--include-shared', 'copy what other users share with each person too')
        .option('--include-public', 'copy the public folders into each mailbox too')
        .option('--include-folder <name...>', 'copy this folder although its kind stays behind: a view, Notes …')
        .addOption(destination === 'file' ? cloud : cloud.default('global'))
        .option('--tenant <id>', 'tenant id or a domain of it (or CUTOVER_TENANT)')
        .option('--client-id <id>', 'application id (or CUTOVER_CLIENT_ID)')
        .option('--client-secret <where>', 'env:NAME or file:PATH (or CUTOVER_CLIENT_SECRET)', secretPlace)
        .option('--certificate <file>', 'certificate of the application, PEM; with --key')
        .option('--key <file>', 'private key of the certificate, PEM')
        .option('--device-code', 'sign in as a person with a code in a browser'),
    ),
  )
}

export function serverUrl(text: string): string {
  if (/^[a-z]+:\/\/[^/]*@/i.test(text)) throw new InvalidArgumentError('Logins and passwords belong in the CSV file, not in the URL.')
  return text
}

export function sourceAddresses(shell: Shell, flags: SourceFlags): SourceAddresses {
  return {
    source: flags.source,
    mailboxesFile: flags.mailboxes,
    stateDir: flags.state,
    caFile: flags.ca ?? null,
    only: flags.only ?? [],
    env: shell.world.env,
    trees: { others: flags.includeShared ?? false, public: flags.includePublic ?? false, folders: flags.includeFolder ?? [] },
    ...accessOf(shell, flags),
  }
}

/** Throws `bad-input` where the real Exchange Online is asked for and something to sign in with is missing. */
export function addresses(shell: Shell, flags: AddressFlags & CommonFlags): Addresses {
  return {
    ...sourceAddresses(shell, flags),
    destination: flags.destination,
    cloud: flags.cloud,
    identity: flags.destination.startsWith('exchange:') ? identityOf(shell, flags) : null,
  }
}

export function identityOf(
  shell: Shell,
  flags: Omit<AddressFlags, 'destination'> & { readonly destination: string },
): ExchangeIdentity | null {
  const { env } = shell.world
  const simulator = flags.destination !== 'exchange:'
  const tenant = flags.tenant ?? env['CUTOVER_TENANT']
  const clientId = flags.clientId ?? env['CUTOVER_CLIENT_ID']
  if (tenant === undefined || clientId === undefined) {
    if (simulator) return null
    const missing = [tenant === undefined ? '--tenant' : '', clientId === undefined ? '--client-id' : ''].filter((each) => each !== '')
    throw new Failure('bad-input', `Exchange Online needs ${missing.join(' and ')} to sign in.`)
  }
  if (flags.deviceCode === true) return { kind: 'device', tenant, clientId, show: (message) => shell.screen.say(printable(message)) }
  if (flags.certificate !== undefined || flags.key !== undefined) {
    if (flags.certificate === undefined || flags.key === undefined)
      throw new Failure('bad-input', '--certificate and --key belong together: give both.')
    const privateKeyPem = new Secret(textOf(flags.key, '--key'))
    return { kind: 'certificate', tenant, clientId, privateKeyPem, certificatePem: textOf(flags.certificate, '--certificate') }
  }
  const secret =
    flags.clientSecret === undefined ? env['CUTOVER_CLIENT_SECRET'] : secretAt(flags.clientSecret, '--client-secret', env).trim()
  if (secret !== undefined && secret !== '') return { kind: 'secret', tenant, clientId, clientSecret: new Secret(secret) }
  if (simulator) return null
  throw new Failure('bad-input', 'Exchange Online needs --client-secret, or --certificate and --key, or --device-code to sign in.')
}
