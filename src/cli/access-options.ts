import { readFileSync } from 'node:fs'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { ACCESS_KINDS, ACCESS_MECHANISMS, type AccessKind, type AccessMechanism } from '../api/access.ts'
import type { SourceAddresses } from '../api/operations.ts'
import { Failure } from '../model/failure.ts'
import { Secret } from '../model/secret.ts'
import { printable } from './printable.ts'
import type { Shell } from './world.ts'

/** How the mailboxes of the source are opened. */
export type AccessFlags = {
  readonly access?: AccessKind
  readonly accessLogin?: string
  readonly accessSecret?: string
  readonly accessTemplate?: string
  readonly accessTenant?: string
  readonly accessClientId?: string
  readonly accessCertificate?: string
  readonly accessMechanism?: AccessMechanism
}

/** The options of a source that is opened with less than every password; see docs/guide/access.md. */
export function accessOptions(command: Command): Command {
  return command
    .addOption(new Option('--access <kind>', 'how the mailboxes of the source are opened; see docs/guide/access.md').choices(ACCESS_KINDS))
    .option('--access-login <name>', 'the administrator, or the trusted application')
    .option('--access-secret <where>', 'its password or key: env:NAME or file:PATH', secretPlace)
    .option('--access-template <form>', "for template, such as '{user}*{admin}'")
    .option('--access-tenant <id>', 'for microsoft-app and oauth: the tenant of the source')
    .option('--access-client-id <id>', 'for microsoft-app and oauth: the application')
    .option('--access-certificate <file>', 'for microsoft-app, PEM; its key is then the secret')
    .addOption(new Option('--access-mechanism <name>', 'sign in this way only').choices(ACCESS_MECHANISMS))
}

/** A secret on the command line is visible to every user of the machine. */
export function secretPlace(text: string): string {
  if (!/^(?:env|file):./.test(text)) throw new InvalidArgumentError('Write env:NAME or file:PATH, never the secret itself.')
  return text
}

/** null where nothing is said of it. Throws `bad-input` where the secret cannot be read. */
export function accessOf(shell: Shell, flags: AccessFlags): Pick<SourceAddresses, 'access' | 'show'> {
  const { env } = shell.world
  const secret = flags.accessSecret === undefined ? null : new Secret(secretAt(flags.accessSecret, '--access-secret', env))
  const settings = {
    login: flags.accessLogin ?? null,
    secret,
    template: flags.accessTemplate ?? null,
    tenant: flags.accessTenant ?? null,
    clientId: flags.accessClientId ?? null,
    certificatePem: flags.accessCertificate === undefined ? null : textOf(flags.accessCertificate, '--access-certificate'),
    way: flags.accessMechanism ?? null,
  }
  const show = (message: string): void => {
    for (const line of message.split('\n')) shell.screen.say(printable(line))
  }
  if (flags.access !== undefined) return { access: { kind: flags.access, ...settings }, show }
  if (settings.way !== null && Object.values(settings).filter((value) => value !== null).length === 1)
    return { access: { kind: 'own', ...settings }, show }
  if (Object.values(settings).every((value) => value === null)) return { access: null, show }
  throw new Failure('bad-input', `The --access-… options need --access, which says the kind: ${ACCESS_KINDS.join(', ')}.`)
}

export function secretAt(place: string, option: string, env: Readonly<Record<string, string | undefined>>): string {
  if (place.startsWith('file:'))
    return textOf(place.slice('file:'.length), option)
      .replace(/^\uFEFF/, '')
      .replace(/\r?\n$/, '')
  const name = place.slice('env:'.length)
  const value = env[name]
  if (value === undefined || value === '') throw new Failure('bad-input', `The environment variable ${name} of ${option} is not set.`)
  return value
}

export function textOf(file: string, option: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : ''
    throw new Failure('bad-input', `The file ${file} of ${option} cannot be read${code}.`, { cause })
  }
}
