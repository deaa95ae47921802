import type { ImapLogin } from '../../imap/endpoint.ts'
import { WAYS, type Way } from '../../imap/sasl.ts'
import type { Context } from '../../lib/context.ts'
import type { Secret } from '../../model/secret.ts'
import type { AccessKind } from '../profile.ts'

export { WAYS }

/** What an operator says of how the mailboxes of a source are opened. What a kind does not want must be null. */
export type AccessChoice = {
  readonly kind: AccessKind
  /** The administrator, or the name of a trusted application. */
  readonly login: string | null
  /** The administrator's password, a master password, a key, or the text of a key file. */
  readonly secret: Secret | null
  readonly template: string | null
  readonly tenant: string | null
  readonly clientId: string | null
  /** PEM; the secret is then its private key. */
  readonly certificatePem: string | null
  /** The only way to sign in that is tried; null: the best that the server lists. */
  readonly way: Way | null
}

export type AccessSettingKey = Exclude<keyof AccessChoice, 'kind'>

/** One setting of a kind, as the command line and the guide describe it. */
export type AccessSetting = {
  readonly key: AccessSettingKey
  readonly label: string
  readonly required: boolean
}

/** Where the mailboxes are opened from. */
export type AccessScene = {
  readonly host: string
  readonly cloud: 'global' | 'gcc-high' | 'dod' | 'china'
  /** A sign-in service on loopback that stands in for the real one; null: the real one. */
  readonly authority: string | null
  /** Where what persons granted is kept. */
  readonly stateDir: string
  /** Seals what is kept there; null: only the permissions of the file protect it. */
  readonly sealKey: Secret | null
  /** Tells a person what to do to sign in. */
  readonly show: (message: string) => void
  readonly ctx: Context
}

/** A line of the list of mailboxes, as far as it matters here. */
export type ListedMailbox = {
  readonly user: string
  readonly password: Secret | null
  /** Exchange's mail alias, where the list tells it. */
  readonly alias?: string | null
}

/** One way to open the mailboxes of a source: one file of this folder, one line in the registry. */
export type AccessMethod = {
  readonly name: AccessKind
  /** What it is, in half a line. */
  readonly title: string
  readonly settings: readonly AccessSetting[]
  /** The list must hold a password for every mailbox. */
  readonly needsPasswords: boolean
  /** No password is at stake, of which servers count the wrong tries. */
  readonly usesTokens: boolean
  /** Asks nobody yet; the settings were checked to be complete. Throws `bad-input` where one makes no sense. */
  open(choice: AccessChoice, scene: AccessScene): Promise<(mailbox: ListedMailbox) => ImapLogin>
}
