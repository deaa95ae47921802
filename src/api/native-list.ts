import { sep } from 'node:path'
import { existsSync } from 'node:fs'
import { openLedger } from '../ledger/ledger.ts'
import { Failure } from '../model/failure.ts'
import type { Finding } from '../model/change.ts'
import { mailbox, mailboxes } from '../microsoft/exchange-reads.ts'
import type { ExchangeAdmin } from '../microsoft/exchange-admin.ts'
import { fit, type FitMailbox, type FitTenant } from '../native/fit.ts'
import type { Server } from '../native/plan.ts'
import { usersIn } from '../native/reads.ts'
import { signInFor, type NativeRow, type SignIn } from '../native/sign-in.ts'
import type { AccessChoice } from '../source/access/method.ts'
import { checkTemplate, filledIn } from '../source/access/template.ts'
import { parseEndpointUrl, type ExchangeUrl, type ImapUrl } from './endpoint-url.ts'
import { listedMailboxes } from './mailboxes.ts'
import type { SourceAddresses } from './operations.ts'

type Listed = Awaited<ReturnType<typeof listedMailboxes>>['mailboxes'][number]

/** A list of mailboxes as Microsoft's batches see it. */
export type NativeList = {
  readonly server: Server
  readonly mailboxes: readonly Listed[]
  readonly signIn: SignIn
  /** Throws where the way to sign in does not fit. */
  readonly rowOf: (mailbox: Listed) => NativeRow
  findings(tenant: FitTenant | null, simulated: boolean, excludeFolders: readonly string[]): readonly Finding[]
}

/** Reads the list. Throws `bad-input` for what is none, and for a source that is Exchange Online. */
export async function nativeList(input: SourceAddresses, needsPasswords: boolean): Promise<NativeList> {
  const { from, access, mailboxes } = await listedMailboxes(input, needsPasswords)
  if (from.kind === 'exchange')
    throw new Failure('bad-input', "Microsoft's IMAP batches do not move mail from one tenant to another: use `cutover copy`.")
  const signIn = signInOf(access)
  const known = figuresOf(input.stateDir, mailboxes)
  return {
    server: serverOf(from),
    mailboxes,
    signIn,
    rowOf: (one) => {
      if (!signIn.fits) throw new Failure('bad-input', signIn.why)
      return signIn.row(one)
    },
    findings: (tenant, simulated, excludeFolders) =>
      fit({
        server: serverOf(from),
        simulated,
        oldTls: from.options.oldTls,
        ownAuthority: input.caFile !== null || from.options.caFile !== null,
        signIn,
        excludeFolders,
        mailboxes: known,
        tenant,
      }),
  }
}

/** The tenant behind `exchange:`. */
export function exchangeUrl(destination: string): ExchangeUrl {
  const to = parseEndpointUrl(destination)
  if (to.kind === 'imap') throw new Failure('bad-input', "Microsoft's batches copy to Exchange Online only: --destination exchange:")
  return to
}

/** Up to so many mailboxes are asked for one by one; of more all of the tenant are read. */
const ONE_BY_ONE = 20

/** What decides in the tenant: whether each target has a mailbox, what it takes, and which batch it is in. */
export async function lookedUp(admin: ExchangeAdmin, targets: readonly string[]): Promise<FitTenant> {
  const found = new Map<string, { readonly maxReceiveBytes: number | null } | null>()
  if (targets.length <= ONE_BY_ONE)
    for (const target of targets) {
      const one = await mailbox(admin, target)
      found.set(target.toLowerCase(), one === null ? null : { maxReceiveBytes: one.maxReceiveBytes })
    }
  else
    for await (const { addresses, primaryAddress, maxReceiveBytes } of mailboxes(admin))
      for (const address of [primaryAddress, ...addresses.map((each) => each.replace(/^smtp:/i, ''))])
        found.set(address.toLowerCase(), { maxReceiveBytes })
  const users = await usersIn(admin, null)
  return { mailboxes: found, batchOf: new Map(users.map(({ address, batch }) => [address.toLowerCase(), batch])) }
}

function serverOf({ host, port, tls }: ImapUrl): Server {
  return { host, port, security: tls === 'implicit' ? 'Ssl' : tls === 'starttls' ? 'Tls' : 'None' }
}

function signInOf(access: AccessChoice): SignIn {
  const { kind, login, secret, template } = access
  if (kind === 'template') checkTemplate(template ?? '', login ?? '')
  return signInFor({ kind, login, secret, template }, ({ sourceLogin, alias }) => filledIn(template ?? '', sourceLogin, login ?? '', alias))
}

/** What our own passes found in the mailboxes, where there were any. */
function figuresOf(stateDir: string, mailboxes: readonly Listed[]): readonly FitMailbox[] {
  if (!existsSync(`${stateDir}${sep}ledger.sqlite`)) return mailboxes.map(({ target }) => ({ target, known: null }))
  using ledger = openLedger(stateDir, { readOnly: true })
  const ids = new Map(ledger.mailboxes().map(({ source, id }) => [source, id]))
  return mailboxes.map(({ target, sourceKey }) => {
    const id = ids.get(sourceKey)
    const figures = id === undefined ? null : ledger.foreign.figures(id)
    if (id === undefined || figures === null || figures.messages === 0) return { target, known: null }
    const slashFolders = ledger.folders(id).flatMap((folder) => folder.sourcePath.filter((level) => level.includes('/')))
    return { target, known: { ...figures, slashFolders } }
  })
}
