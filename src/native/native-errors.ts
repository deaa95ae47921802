export type Explained = { readonly says: string; readonly help: string }

/** Microsoft's texts of errors of a batch or a mailbox in it, and what they mean (Troubleshoot IMAP migration). */
const KNOWN: readonly (readonly [RegExp, string, string])[] = [
  [
    /recipient wasn.t found|couldn.t find (?:a |the )?recipient|MigrationRecipientNotFound/i,
    'The target has no mailbox.',
    'Make the mailbox, with a licence, or correct the address: a group or a contact cannot be a target. Then start the batch again.',
  ],
  [
    /trouble signing in|LogonDenied|authentication failed|login failed|username or password/i,
    'Microsoft could not sign in to the old server for this mailbox.',
    'Check in this order: the form of the login, the password, whether IMAP is switched on, and the rights of the administrator.',
  ],
  [
    /timed out/i,
    'The old server did not answer Microsoft in time.',
    "Is it running, and does the firewall let Microsoft's addresses in (993, or 143)?",
  ],
  [
    /common algorithm|TLS|SSL|certificate/i,
    'The old server and Microsoft could not agree on encryption.',
    'The old server needs TLS 1.2 and a certificate that is valid for its public name.',
  ],
  [
    /could not be completed|couldn.t connect|RemoteServer.*(?:not be reached|unavailable)/i,
    'Microsoft could not reach the old server.',
    'Its name must be known to public DNS and its port open to the internet.',
  ],
  [
    /mailbox is full|quota/i,
    'The target mailbox is full.',
    'Raise its quota or give it an archive. From Gmail: exclude [Gmail] and begin anew, as labels double the mail.',
  ],
  [
    /already (?:exists|included|in a(?:nother)? (?:migration )?batch)|UserAlreadyBeingMigrated/i,
    'The mailbox, or the name, is taken by another batch.',
    'Remove it from the other batch first. A name stays taken for some minutes after its batch was removed.',
  ],
  [
    /upload file can.t be empty|CSV|column .* is missing|wrong number of columns/i,
    'Microsoft did not take the list of the batch.',
    'If this came over HTTP, print the same as PowerShell with --as-powershell and let a person run it. Else report it, please.',
  ],
  [
    /Stalled|Relinquish|DataMoveReplicationConstraint/i,
    "Microsoft's servers are busy.",
    'Wait: there is nothing to look for before eight hours without progress.',
  ],
]

const UNKNOWN =
  'Start the batch again, which tries the failed mailboxes once more. If it comes back, make the endpoint anew or use another administrator.'

/** The meaning of an error text; null where there is none. What is unknown keeps its words. */
export function explained(text: string | null): Explained | null {
  const told = (text ?? '').trim()
  if (told === '') return null
  const found = KNOWN.find(([pattern]) => pattern.test(told))
  return found === undefined ? { says: told, help: UNKNOWN } : { says: found[1], help: found[2] }
}

/** Kinds of skipped items (Get-MigrationUserStatistics -IncludeSkippedItems), in a sentence. */
const SKIPPED: readonly (readonly [RegExp, string, string])[] = [
  [
    /large/i,
    'Larger than the target takes.',
    'Raise MaxReceiveSize of the target, then run `cutover copy`: it copies what Microsoft left out.',
  ],
  [
    /missing/i,
    'It could not be found at the target after the copy, or policies of the target moved it.',
    'Run `cutover copy`, then `cutover verify`.',
  ],
  [/corrupt|bad/i, 'Exchange refused it as it stands.', 'Run `cutover copy`: it repairs what it can and says why of the rest.'],
]

export function skippedMeaning(kind: string): Explained {
  const found = SKIPPED.find(([pattern]) => pattern.test(kind))
  return {
    says: found?.[1] ?? 'Microsoft did not copy it.',
    help: found?.[2] ?? 'Run `cutover copy`: it copies what Microsoft left out, or says why not.',
  }
}
