import { type Command, InvalidArgumentError, Option } from 'commander'
import type { DiscoverInput } from '../api/discovery.ts'
import { DISCOVER_SETTINGS } from '../api/discover-settings.ts'
import type { CloudName } from '../api/operations.ts'
import { Failure } from '../model/failure.ts'
import { Secret } from '../model/secret.ts'
import { secretAt, secretPlace } from './access-options.ts'
import { commonOptions, identityOf } from './address-options.ts'
import type { AddressFlags } from './address-options.ts'
import { printDiscovery } from './discovery.ts'
import type { Runner } from './run.ts'
import { count } from './units.ts'
import type { CommonFlags, Shell } from './world.ts'

type DiscoverFlags = CommonFlags &
  Pick<AddressFlags, 'tenant' | 'clientId' | 'clientSecret' | 'certificate' | 'key' | 'deviceCode' | 'ca'> & {
    readonly from?: string
    readonly out?: string
    readonly merge?: boolean
    readonly force?: boolean
    readonly targetDomain?: readonly string[]
    readonly map?: readonly string[]
    readonly secret?: string
    readonly accessLogin?: string
    readonly accessSecret?: string
    readonly cloud: CloudName
  }

const REDRAW_MS = 100

const HELP = `
Examples:
  cutover discover users.txt --out mailboxes.csv
      a file that the old system wrote; what wrote it is told by what is in it
  doveadm user '*' | cutover discover - --target-domain example.org
      only shows what would be in the list
  cutover discover ldaps://directory.example.org --base dc=example,dc=org \\
      --login cn=reader,dc=example,dc=org --secret env:READER \\
      --out mailboxes.csv
  cutover discover users.json --map old.example.org=example.org \\
      --out mailboxes.csv --merge

--from is one of dovecot, cyrus, courier, zimbra, exchange, google, cpanel,
plesk, mailcow, graph, ldap, json, csv, plain. Which command gives the file on
which system: docs/guide/list-of-mailboxes.md`

export function addDiscover(program: Command, run: Runner): void {
  const command = program
    .command('discover')
    .argument('[input...]', 'files, - for standard input, or a system: imaps://, ldaps://, https://')
    .description('make the list of mailboxes from what the old system can tell')
    .option('--from <kind>', 'what the list comes from; told by its content where it is not given')
    .option('--out <file.csv>', 'write the list; without it only the summary is shown')
    .option('--merge', 'put it into the list that is there; what was typed into that stays')
    .option('--force', 'overwrite the list that is there')
    .option('--target-domain <domain>', 'domain in the new tenant, may be repeated; a login without a domain gets the first', collected)
    .option('--map <old=new>', 'mailboxes of one domain move to another; may be repeated', domainPair)
  for (const [key, { label, value }] of Object.entries(DISCOVER_SETTINGS)) command.option(`--${key} ${value}`, label)
  commonOptions(
    command
      .option('--secret <where>', 'password, API token or key file to ask with: env:NAME or file:PATH', secretPlace)
      .addOption(new Option('--access-login <name>').hideHelp())
      .addOption(new Option('--access-secret <where>').argParser(secretPlace).hideHelp())
      .option('--ca <file>', 'also trust the certificates in this PEM file')
      .addOption(new Option('--cloud <name>', 'national cloud').choices(['global', 'gcc-high', 'dod', 'china']).default('global'))
      .option('--tenant <id>', 'Microsoft 365: tenant id or a domain of it (or CUTOVER_TENANT)')
      .option('--client-id <id>', 'Microsoft 365: application id (or CUTOVER_CLIENT_ID)')
      .option('--client-secret <where>', 'env:NAME or file:PATH (or CUTOVER_CLIENT_SECRET)', secretPlace)
      .option('--certificate <file>', 'certificate of the application, PEM; with --key')
      .option('--key <file>', 'private key of the certificate, PEM')
      .option('--device-code', 'sign in as a person with a code in a browser'),
  )
    .addHelpText('after', HELP)
    .action((inputs: readonly string[], flags: DiscoverFlags) => run(flags, (shell) => discover(shell, inputs, flags)))
}

/** Given several times; a variadic option would swallow the files behind it. */
function collected(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), text]
}

function domainPair(text: string, before: readonly string[] | undefined): readonly string[] {
  if (!/^[^=]+=[^=]+$/.test(text)) throw new InvalidArgumentError('Write it as old.example.org=example.org.')
  return collected(text, before)
}

async function discover(shell: Shell, inputs: readonly string[], flags: DiscoverFlags): Promise<number> {
  if (flags.merge === true && flags.force === true) throw new Failure('bad-input', '--merge and --force exclude each other.')
  if (flags.out === undefined && (flags.merge === true || flags.force === true))
    throw new Failure('bad-input', '--merge and --force need --out, the list to write.')
  const { screen, world } = shell
  try {
    const result = await world.operations.discover({ ...inputOf(shell, inputs, flags), ...watch(shell) })
    screen.clear()
    shell.json(result)
    return printDiscovery(shell, result)
  } finally {
    screen.clear()
  }
}

function inputOf(shell: Shell, inputs: readonly string[], flags: DiscoverFlags): Omit<DiscoverInput, 'onFound' | 'signal'> {
  const { env, stdin } = shell.world
  for (const each of inputs)
    if (/^[a-z]+:\/\/[^/]*@/i.test(each))
      throw new Failure('bad-input', 'The address holds a login or password: give --login and --secret.')
  const place = flags.secret ?? flags.accessSecret
  const secret = place === undefined ? null : new Secret(secretAt(place, '--secret', env))
  const wantsGraph = (flags.from === 'graph' && inputs.length === 0) || inputs.some((each) => /^graph:/i.test(each))
  const settings = Object.entries(DISCOVER_SETTINGS).flatMap(([key]) => {
    const value: unknown = Reflect.get(flags, camel(key)) ?? (key === 'login' ? flags.accessLogin : undefined)
    return typeof value === 'string' && value !== '' ? [[key, value] as const] : []
  })
  return {
    inputs,
    from: flags.from ?? null,
    settings: Object.fromEntries(settings),
    secret,
    identity: wantsGraph ? identityOf(shell, graphFlags(flags)) : null,
    cloud: flags.cloud,
    caFile: flags.ca ?? null,
    targetDomains: flags.targetDomain ?? [],
    maps: flags.map ?? [],
    outFile: flags.out ?? null,
    existing: flags.merge === true ? 'merge' : flags.force === true ? 'overwrite' : 'refuse',
    standardInput: stdin,
  }
}

function graphFlags(flags: DiscoverFlags): Parameters<typeof identityOf>[1] {
  return { ...flags, source: '', mailboxes: '', state: '', destination: 'exchange:' }
}

function camel(key: string): string {
  return key.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

/** How many were found, redrawn on a terminal. */
function watch(shell: Shell): Pick<DiscoverInput, 'onFound' | 'signal'> {
  let shownAt = Number.NEGATIVE_INFINITY
  return {
    signal: shell.signal,
    onFound(found) {
      const now = shell.world.clock.now()
      if (shell.flags.quiet === true || now - shownAt < REDRAW_MS) return
      shownAt = now
      shell.screen.redraw(`${count(found)} found`)
    },
  }
}
