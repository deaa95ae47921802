import type { Finding } from '../model/change.ts'
import { DOCUMENTED_MESSAGE_BYTES, HIGHEST_MESSAGE_BYTES, MAX_ITEMS } from './limits.ts'
import type { Server } from './plan.ts'
import { reachOf } from './public-host.ts'
import type { SignIn } from './sign-in.ts'

/** A mailbox of the list with what is known of it. */
export type FitMailbox = {
  readonly target: string
  /** What our own ledger knows; null: we have not looked into it. */
  readonly known: {
    readonly messages: number
    readonly largestBytes: number
    readonly repaired: number
    /** Folders whose names hold a "/". */
    readonly slashFolders: readonly string[]
  } | null
}

/** What the tenant told; null: it was not asked. */
export type FitTenant = {
  /** By target, in lower case; null: there is no mailbox of that address. */
  readonly mailboxes: ReadonlyMap<string, { readonly maxReceiveBytes: number | null } | null>
  /** The batch that each target is in, by target in lower case. */
  readonly batchOf: ReadonlyMap<string, string>
}

export type FitQuestion = {
  readonly server: Server
  /** The tenant is a simulator on this machine: its own addresses are reached then. */
  readonly simulated: boolean
  readonly oldTls: boolean
  readonly ownAuthority: boolean
  readonly signIn: SignIn
  readonly excludeFolders: readonly string[]
  readonly mailboxes: readonly FitMailbox[]
  readonly tenant: FitTenant | null
}

/** Whether Microsoft's batches can take these mailboxes. A blocker: not all of them, or none. */
export function fit(question: FitQuestion): readonly Finding[] {
  const { server, signIn, tenant } = question
  const findings = [...serverFindings(question), ...gmailFindings(server, question.excludeFolders)]
  if (!signIn.fits)
    findings.push(
      finding('sign-in', 'blocker', server.host, signIn.why, 'Use `cutover copy`, which signs in this way, or an access with passwords.'),
    )
  else if (signIn.note !== null)
    findings.push(
      finding('sign-in-note', 'note', server.host, signIn.note, 'An administrator’s login survives that; see docs/guide/access.md.'),
    )
  for (const mailbox of question.mailboxes) findings.push(...mailboxFindings(mailbox, tenant))
  const unknown = question.mailboxes.filter(({ known }) => known === null).length
  if (unknown > 0)
    findings.push(
      finding(
        'not-looked-into',
        'note',
        '',
        `Of ${unknown} ${unknown === 1 ? 'mailbox' : 'mailboxes'} sizes, counts and folder names are not known yet.`,
        'What does not fit is found when Microsoft skips it, and by `cutover verify` afterwards.',
      ),
    )
  return findings
}

function serverFindings({ server, simulated, oldTls, ownAuthority }: FitQuestion): Finding[] {
  const { host, security } = server
  const findings: Finding[] = []
  const reach = reachOf(host)
  if (reach !== 'public' && !(simulated && reach === 'this machine'))
    findings.push(
      finding(
        'not-public',
        'blocker',
        host,
        `Microsoft's servers cannot reach ${host}: ${REACH[reach]}.`,
        'Give the public name of the server, with its port open to the internet, or use `cutover copy`, which runs inside the network.',
      ),
    )
  if (oldTls)
    findings.push(
      finding('old-tls', 'blocker', host, `${host} needs a TLS older than 1.2, which Microsoft does not speak.`, 'Use `cutover copy`.'),
    )
  if (ownAuthority)
    findings.push(
      finding(
        'own-authority',
        'blocker',
        host,
        `The certificate of ${host} is of an authority of your own (--ca, or ca=), which Microsoft does not trust.`,
        'Give the server a certificate of a public authority, or use `cutover copy`.',
      ),
    )
  if (security === 'None' && reach === 'public')
    findings.push(
      finding(
        'not-encrypted',
        'blocker',
        host,
        `Passwords and mail would cross the internet in clear text to ${host}.`,
        'Use imaps:// or imap:// with STARTTLS.',
      ),
    )
  return findings
}

const REACH: Readonly<Record<string, string>> = {
  'this machine': 'it is this machine',
  'private network': 'it is the name or address of a private network',
  'no such name': 'no DNS server knows names that end like this',
}

function gmailFindings({ host }: Server, excluded: readonly string[]): Finding[] {
  if (!/(?:^|\.)(?:gmail|googlemail)\.com$/i.test(host)) return []
  const covered = excluded.some((folder) => folder.toLowerCase().startsWith('[gmail]'))
  const says = covered
    ? 'Labels of Gmail are folders here: a message with two of them comes twice, and mail without a label does not come, as [Gmail] is excluded.'
    : 'Labels of Gmail are folders here: each message comes once for every label and once more with [Gmail]/All Mail.'
  const remedy = covered ? 'Use `cutover copy`, which copies each message once.' : 'Add --exclude-folder "[Gmail]", or use `cutover copy`.'
  return [finding('gmail-labels', 'warning', host, says, remedy)]
}

function mailboxFindings({ target, known }: FitMailbox, tenant: FitTenant | null): Finding[] {
  const findings: Finding[] = []
  const key = target.toLowerCase()
  const there = tenant?.mailboxes.get(key)
  if (tenant !== null && (there === undefined || there === null))
    findings.push(
      finding(
        'no-mailbox',
        'blocker',
        target,
        `The tenant has no mailbox with the address ${target}.`,
        'Make it, with a licence, or correct the address; a group or a contact cannot be a target.',
      ),
    )
  const batch = tenant?.batchOf.get(key)
  if (batch !== undefined)
    findings.push(
      finding(
        'in-batch',
        'blocker',
        target,
        `${target} is in the batch "${batch}" already, and can be in one only.`,
        'Take it from the list, or remove that batch first (`cutover native remove`).',
      ),
    )
  if (known !== null) findings.push(...sizeFindings(target, known, there?.maxReceiveBytes ?? DOCUMENTED_MESSAGE_BYTES))
  return findings
}

function sizeFindings(target: string, known: NonNullable<FitMailbox['known']>, maxReceiveBytes: number): Finding[] {
  const findings: Finding[] = []
  const { messages, largestBytes, repaired, slashFolders } = known
  const ours = 'Run `cutover copy` afterwards, or instead.'
  if (messages > MAX_ITEMS)
    findings.push(
      finding(
        'too-many',
        'blocker',
        target,
        `${target} has ${grouped(messages)} messages: Microsoft copies the newest ${grouped(MAX_ITEMS)}, so that the oldest are left behind.`,
        ours,
      ),
    )
  const most = Math.min(HIGHEST_MESSAGE_BYTES, maxReceiveBytes)
  if (largestBytes > most)
    findings.push(
      finding(
        'too-large',
        'warning',
        target,
        `The largest message of ${target} has ${megabytes(largestBytes)} MB; ${megabytes(most)} MB are taken. Larger ones are skipped.`,
        largestBytes > HIGHEST_MESSAGE_BYTES
          ? 'Exchange Online takes no message of more than 150 MB.'
          : 'Raise MaxReceiveSize before the first sync.',
      ),
    )
  if (slashFolders.length > 0)
    findings.push(
      finding(
        'slash',
        'warning',
        target,
        `Folders with "/" in their names are not copied from ${target}: ${slashFolders.slice(0, 5).join(', ')}${slashFolders.length > 5 ? ' …' : ''}.`,
        ours,
      ),
    )
  if (repaired > 0)
    findings.push(
      finding(
        'needs-repair',
        'warning',
        target,
        `${grouped(repaired)} messages of ${target} needed a repair before Exchange took them; Microsoft repairs nothing.`,
        ours,
      ),
    )
  return findings
}

function finding(code: string, severity: Finding['severity'], about: string, says: string, remedy: string): Finding {
  return { code, severity, about, says, remedy, where: null }
}

function grouped(count: number): string {
  return count.toLocaleString('en-US')
}

function megabytes(bytes: number): string {
  return grouped(Math.floor(bytes / 1024 ** 2))
}
