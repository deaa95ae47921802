import { appendLimit, parseCapabilities } from './capability.ts'
import type { Quirk } from './quirks.ts'
import type { Command } from './running-command.ts'
import { VariedCommands } from './varied-commands.ts'

/** `others`: of other users and of everybody; `shared`: those of everybody among them. */
export type Namespaces = {
  readonly personal: readonly Namespace[]
  readonly others: readonly Namespace[]
  readonly shared: readonly Namespace[]
}

export type Namespace = { readonly prefix: string; readonly separator: string | null }

/** What a session has learnt about its server and where it stands. */
export class SessionState {
  greeting = ''
  /** Since the connection was made, as IMAP text: what a server counts that allows only so much a day. */
  receivedBytes = 0
  capabilities: ReadonlySet<string> = new Set()
  /** Counts how often the server told its capabilities: after a login they must be told anew. */
  capabilitiesTold = 0
  serverId: ReadonlyMap<string, string> = new Map()
  quirks: ReadonlySet<Quirk> = new Set()
  /** What the server says it enabled (RFC 5161), in upper case. */
  enabled: ReadonlySet<string> = new Set()
  /** null where the server has no NAMESPACE. */
  namespaces: Namespaces | null = null
  /** Folder names are UTF-8 rather than modified UTF-7. */
  utf8Names = false
  /** RETURN options of LIST that the server answered with BAD: not asked again. */
  readonly refusedListOptions = new Set<string>()
  /** The folder that is open, and how many messages it told on opening. */
  opened: { readonly name: string; readonly messages: number } | null = null
  /** How many commands it answered with NO or BAD: some servers close after ten. */
  refusals = 0
  /** Grows whenever a folder is opened or left: what was opened before is then closed. */
  openings = 0
  /** A literal of up to this size was taken by this server: it goes without asking from then on. */
  provenLiteralBytes = 256 * 1024
  readonly #without: ReadonlySet<string>
  readonly #varied = new VariedCommands()

  constructor(without: ReadonlySet<string>) {
    this.#without = without
  }

  /** The command in the form that this server takes again and again. */
  asSent(command: Command): Command {
    return this.quirks.has('counts-commands') ? this.#varied.vary(command) : command
  }

  learnCapabilities(text: string): void {
    this.capabilities = parseCapabilities(text, this.#without)
    this.capabilitiesTold++
  }

  get appendLimitBytes(): number | null {
    return appendLimit(this.capabilities)
  }

  /** May a literal of this size go without waiting for the server's `+` (RFC 7888)? Larger ones ask, so that a server can refuse before the upload. */
  nonSync(bytes: number): boolean {
    if (this.capabilities.has('LITERAL+')) return bytes <= this.provenLiteralBytes || bytes <= (this.appendLimitBytes ?? 0)
    return this.capabilities.has('LITERAL-') && bytes <= 4096
  }
}
