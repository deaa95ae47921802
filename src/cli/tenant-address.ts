import type { Command } from 'commander'
import { Option } from 'commander'
import type { CloudName, ExchangeIdentity } from '../api/operations.ts'
import type { TenantAddress } from '../api/tenant-access.ts'
import { secretPlace } from './access-options.ts'
import { commonOptions, DEFAULT_STATE, identityOf } from './address-options.ts'
import { printable } from './printable.ts'
import type { Shell } from './world.ts'

export type TenantFlags = {
  readonly file?: string
  readonly state: string
  readonly mailboxes?: string
  readonly cloud?: CloudName
  readonly service?: string
  readonly tenant?: string
  readonly clientId?: string
  readonly clientSecret?: string
  readonly certificate?: string
  readonly key?: string
  readonly deviceCode?: boolean
}

/** Which tenant, and as whom: a definition, or options that go before what it says. */
export function tenantOptions(command: Command): Command {
  return commonOptions(
    command
      .option('-f, --file <cutover.yaml>', 'the definition; it says which tenant, and as whom')
      .option('--mailboxes <file.csv>', 'the list of mailboxes, where the definition names none')
      .option('--state <dir>', 'where is kept what was done', DEFAULT_STATE)
      .addOption(new Option('--cloud <name>', 'national cloud').choices(['global', 'gcc-high', 'dod', 'china']))
      .option('--tenant <id>', 'tenant id or a domain of it (or CUTOVER_TENANT)')
      .option('--client-id <id>', 'application id (or CUTOVER_CLIENT_ID)')
      .option('--client-secret <where>', 'env:NAME or file:PATH (or CUTOVER_CLIENT_SECRET)', secretPlace)
      .option('--certificate <file>', 'certificate of the application, PEM; with --key')
      .option('--key <file>', 'private key of the certificate, PEM')
      .option('--device-code', 'sign in as a person with a code in a browser')
      .option('--service <url>', 'a simulator on this machine, http://127.0.0.1:PORT'),
  )
}

/** Throws `bad-input` where something of what signs in is given and the rest is missing. */
export function tenantAddress(shell: Shell, flags: TenantFlags): TenantAddress {
  return {
    definitionFile: flags.file ?? null,
    identity: identityGiven(shell, flags),
    cloud: flags.cloud ?? null,
    service: flags.service ?? null,
    mailboxesFile: flags.mailboxes ?? null,
    env: shell.world.env,
    show: (message) => shell.screen.say(printable(message)),
  }
}

/** With a definition or a simulator, what stands in the environment alone says nothing: it may be meant for another tenant. */
export function identityGiven(shell: Shell, flags: Omit<TenantFlags, 'state'>): ExchangeIdentity | null {
  const { tenant, clientId, clientSecret, certificate, key, deviceCode, file, service } = flags
  const isGiven = [tenant, clientId, clientSecret, certificate, key, deviceCode].some((value) => value !== undefined)
  if (!isGiven && (file !== undefined || service !== undefined)) return null
  const { env } = shell.world
  const inEnv = ['CUTOVER_TENANT', 'CUTOVER_CLIENT_ID'].some((name) => env[name] !== undefined)
  if (!isGiven && !inEnv) return null
  return identityOf(shell, { ...flags, cloud: flags.cloud ?? 'global', destination: 'exchange:', source: '', mailboxes: '', state: '' })
}
