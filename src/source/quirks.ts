/** What a server does against the RFCs, by name, with the evidence; never an `if (host…)` in the flow. */
export type SourceQuirk = {
  readonly name: string
  readonly server: string
  readonly evidence: string
  /** By greeting and ID answer (values joined), never by host name. */
  applies(greeting: string, serverId: string): boolean
}

/** EXAMINE hands out a new UIDVALIDITY until somebody SELECTs the folder once: such servers are opened by SELECT, and left without CLOSE. */
export const EXAMINE_MOVES_UIDVALIDITY: SourceQuirk = {
  name: 'examine-moves-uidvalidity',
  server: 'Courier-IMAP, GNU Mailutils imap4d',
  evidence: 'EXAMINE of a never-selected folder in two sessions two seconds apart gives two UIDVALIDITYs (Courier 5.0.13, imap4d 3.15)',
  applies: (greeting, serverId) => /courier-imap|imap4d|mailutils/i.test(`${greeting} ${serverId}`),
}

export const SOURCE_QUIRKS: readonly SourceQuirk[] = [EXAMINE_MOVES_UIDVALIDITY]
