/** Everything a user can do, as typed functions over plain data. The command line and the dashboard speak to nothing else. */
import type { Secret } from '../model/secret.ts'
import type { CopyBackInput, CopyBackResult } from './copy-back.ts'
import type { DefinedAddresses, DefinedAddressesInput } from './defined-addresses.ts'
import type { DnsApplyInput } from './dns-apply.ts'
import type { DnsInput } from './dns-open.ts'
import type { DnsApplyResult, DnsPlanResult, DnsStatusResult, DnsUndoResult } from './dns-results.ts'
import type { DnsUndoInput } from './dns-undo.ts'
import type { AssessInput, AssessResult } from './assess.ts'
import type { CheckAdInput, CheckAdResult } from './check-ad.ts'
import type { DnsAssessInput, DnsAssessResult } from './dns-assess.ts'
import type { LateMailbox } from './late-mail.ts'
import type { ProbeInput, ProbeResult } from './probe.ts'
import type { RehearsedProject, RehearseWholeInput } from './rehearse-whole.ts'
import type { SwitchOperations } from './switch.ts'
import type { AccessChoice } from '../source/access/method.ts'
import type { DiscoverInput, DiscoverResult } from './discovery.ts'
import type {
  CopyResult,
  ErrorsResult,
  FoldersResult,
  LimitResult,
  LoginsResult,
  ManifestResult,
  RehearsalResult,
  StatusResult,
  VerifyLevel,
  VerifyResult,
} from './results.ts'
import type { Purpose } from './purposes.ts'
import type { Need } from './tenant-access.ts'
import type { TenantApplyInput } from './tenant-apply.ts'
import type { TenantJournalInput } from './tenant-journal.ts'
import type { TenantPlanInput } from './tenant-plan.ts'
import type { TenantApplyResult, TenantPasswordsResult, TenantPlanResult, TenantStatusResult, TenantUndoResult } from './tenant-results.ts'
import type { TenantUndoInput } from './tenant-undo.ts'
import type { ConnectInput, ConnectResult } from './tenant-connect.ts'
import type { MailflowResult } from './mailflow.ts'
import type { MailflowTestInput } from './mailflow-defined.ts'
import type { NativeOperations } from './native-operations.ts'
import type { MessageOperations } from './notify-operations.ts'
import type { ControlOperations } from './project-control.ts'
import type { ProjectOperations } from './project-operations.ts'
import type { PhaseOperations } from './project-phases.ts'
import type { ProjectRehearsal, RehearseProjectInput } from './rehearse-project.ts'
import type { ReportsInput, ReportsResult } from './reports.ts'
import type { RehearseInput, SimulateInput, Simulation } from './simulation.ts'

export type DnsPlanInput = DnsInput

export type Operations = SwitchOperations & {
  copy(input: CopyInput): Promise<CopyResult>
  /** Carries back to the old server what came to the new side since a time. The one operation that writes to a source. */
  copyBack(input: CopyBackInput): Promise<CopyBackResult>
  /** What came to the old mailboxes since the switch, as the copies since then saw it. Opens no socket. */
  lateMail(input: Addresses & { readonly switchedAt: number }): Promise<readonly LateMailbox[]>
  verify(input: VerifyInput): Promise<VerifyResult>
  /** Both ends as a definition names them. Opens no socket. */
  definedAddresses(input: DefinedAddressesInput): Promise<DefinedAddresses>
  /** The mapping preview. Creates nothing. */
  folders(input: FoldersInput): Promise<FoldersResult>
  /** Tries to open every mailbox at both ends, each once. Changes nothing. */
  logins(input: LoginsInput): Promise<LoginsResult>
  /** Finds a server and tells what it is. Signs in only where a mailbox is given. */
  probe(input: ProbeInput): Promise<ProbeResult>
  /** What a move would meet: the old mailboxes, DNS and the tenant are looked at, messages are read. Changes nothing. */
  assess(input: AssessInput): Promise<AssessResult>
  /** Who has a mailbox at the source, and the list of mailboxes made of it. */
  discover(input: DiscoverInput): Promise<DiscoverResult>
  /** What the ledger knows. Opens no socket. */
  status(input: StatusInput): Promise<StatusResult>
  errors(input: ErrorsInput): Promise<ErrorsResult>
  /** Sets, clears and tells the limits of a state directory; a running copy follows within two seconds. */
  limit(input: LimitInput): Promise<LimitResult>
  /** Resolves once the simulator listens; it runs until it is disposed of. */
  simulate(input: SimulateInput): Promise<Simulation>
  rehearse(input: RehearseInput): Promise<RehearsalResult>
  /** A whole project on simulators, from import to closeout. Touches nothing outside this machine. */
  rehearseWhole(input: RehearseWholeInput): Promise<RehearsedProject>
  /** Copies the real mail into a simulated Exchange on this machine. The source is read, nothing is written anywhere else. */
  rehearseProject(input: RehearseProjectInput): Promise<ProjectRehearsal>
  /** Whether everything is there that cutover needs in a tenant, what is missing, and how it is given. */
  tenantConnect(input: ConnectInput): Promise<ConnectResult>
  /** What the application needs for these purposes, [] for all: asks nobody. */
  tenantPermissions(input: { readonly purposes: readonly Purpose[] }): Promise<readonly Need[]>
  /** Projects in their store: import, export, tasks, words of people about them. */
  projects(): Promise<ProjectOperations>
  /** Where a project stands, and carrying it on; loaded when it is asked for. */
  phases(): Promise<PhaseOperations>
  readonly native: NativeOperations
  /** Holding transfers back, and being told of them; loaded when it is asked for. */
  control(): Promise<ControlOperations>
  /** Messages to the customer and to users; loaded when they are asked for. */
  messages(): Promise<MessageOperations>
  /** Sends probes over every way of the mail and finds them again; they are removed afterwards. */
  mailflowTest(input: MailflowTestInput): Promise<MailflowResult>
  /** Compares a tenant with its definition. Changes nothing. */
  tenantPlan(input: TenantPlanInput): Promise<TenantPlanResult>
  /** Carries a plan out, once it was approved, and compares again. */
  tenantApply(input: TenantApplyInput): Promise<TenantApplyResult>
  /** Takes back what `tenantApply` did, newest first. */
  tenantUndo(input: TenantUndoInput): Promise<TenantUndoResult>
  /** What was done to the tenant. Opens no socket. */
  tenantStatus(input: TenantJournalInput): Promise<TenantStatusResult>
  /** What Entra Connect would refuse of an Active Directory, from an export of it. Changes nothing. */
  checkAd(input: CheckAdInput): Promise<CheckAdResult>
  /** Hands the temporary passwords of new users out, once. Opens no socket. */
  tenantPasswords(input: TenantJournalInput & { readonly file: string }): Promise<TenantPasswordsResult>
  /** Writes a definition to begin with. */
  tenantInit(input: { readonly file: string }): Promise<{ readonly file: string }>
  /** What DNS says of the mail of domains, and what stands in the way of moving it. Changes nothing. */
  dnsAssess(input: DnsAssessInput): Promise<DnsAssessResult>
  /** Which records change, in which phase and why. Changes nothing. */
  dnsPlan(input: DnsPlanInput): Promise<DnsPlanResult>
  /** Carries one phase out, once it was approved; not the switch. */
  dnsApply(input: DnsApplyInput): Promise<DnsApplyResult>
  /** Puts back what `dnsApply` changed, newest first. */
  dnsUndo(input: DnsUndoInput): Promise<DnsUndoResult>
  /** What was done to records. Opens no socket. */
  dnsStatus(input: Pick<DnsInput, 'stateDir' | 'env'>): Promise<DnsStatusResult>
  /** Makes reports of a project and writes them. Opens no socket. */
  makeReports(input: ReportsInput): Promise<ReportsResult>
  /** Checks a signed manifest offline. A manifest that does not hold is a result, not an error. */
  checkManifest(input: { readonly file: string }): Promise<ManifestResult>
}

/**
 * How a long operation is watched and stopped. An aborted one finishes its window, then resolves with what was done, each
 * unfinished mailbox with the failure `stopped`; where there is nothing to tell yet it throws `Failure('stopped')`.
 */
export type Watch = {
  readonly signal: AbortSignal
  /** Called once, as soon as the mailboxes of this run are known. */
  readonly onMailboxes: (names: readonly string[]) => void
  readonly onProgress: (progress: Progress) => void
}

export type Phase = 'connect' | 'read' | 'scan' | 'copy' | 'settle' | 'delta' | 'labels' | 'verify' | 'done'

/** Where one mailbox stands in its present phase; figures are totals of the phase, not differences. */
export type Progress = {
  readonly mailbox: string
  readonly phase: Phase
  readonly folder: string | null
  readonly done: number
  readonly total: number
  readonly bytes: number
  /** null while it is not known. */
  readonly totalBytes: number | null
  /** Milliseconds since 1970 until when the server made us wait (throttling); null when we do not wait. */
  readonly waitingUntilMs: number | null
  readonly note: string | null
}

/** How the destination's tokens are obtained. */
export type ExchangeIdentity =
  | { readonly kind: 'secret'; readonly tenant: string; readonly clientId: string; readonly clientSecret: Secret }
  | {
      readonly kind: 'certificate'
      readonly tenant: string
      readonly clientId: string
      readonly privateKeyPem: Secret
      readonly certificatePem: string
    }
  | { readonly kind: 'device'; readonly tenant: string; readonly clientId: string; readonly show: (message: string) => void }

export type CloudName = 'global' | 'gcc-high' | 'dod' | 'china'

/** The source, who moves, and where the ledger is. */
export type SourceAddresses = {
  /** URL text, not yet validated: imaps://host, imap://host, imap://host:port?tls=none. */
  readonly source: string
  readonly mailboxesFile: string
  readonly stateDir: string
  readonly caFile: string | null
  /** Names (or source logins, or targets) of the only mailboxes wanted; empty: all. A name that matches nothing is `bad-input`. */
  readonly only: readonly string[]
  /** Where `env:NAME` passwords of the CSV come from. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** How the mailboxes of the source are opened; absent: as is usual there, each by its own password. */
  readonly access?: AccessChoice | null
  /** Trees that are copied beside each person's own; absent: none. */
  readonly trees?: { readonly others: boolean; readonly public: boolean; readonly folders?: readonly string[] }
  /** Tells a person what to do to sign in; absent: nobody is there to be told. */
  readonly show?: (message: string) => void
}

/** Both ends. */
export type Addresses = SourceAddresses & {
  /** As `source`, or `exchange:`, or `exchange:http://127.0.0.1:PORT` (simulator). */
  readonly destination: string
  /** null where none was given: right for the simulator and for plain IMAP. */
  readonly identity: ExchangeIdentity | null
  readonly cloud: CloudName
}

export type CopyInput = Addresses &
  Watch & {
    readonly pass: 'auto' | 'initial' | 'delta' | 'final'
    readonly deletions: 'follow' | 'keep'
    /** Lets a pass remove more of a folder than the guard allows. */
    readonly allowDeletions: boolean
    readonly oldestFirst: boolean
    /** Most connection pairs for one mailbox where no limit says otherwise; null: the governor finds out. */
    readonly connections: number | null
    readonly mailboxesAtOnce: number | null
    /** null: what the destination accepts. */
    readonly maxMessageBytes: number | null
    readonly keepReceiptRequests: boolean
    /** Copies messages that carry \Deleted as well. */
    readonly includeDeleted: boolean
    /** Tries again what the destination refused in an earlier pass (after a limit was raised, say). */
    readonly retryFailed: boolean
    /** false: no subjects in the ledger. */
    readonly subjects: boolean
    /** false: labels and keywords do not become categories. */
    readonly categories?: boolean
    /** Where no limit says otherwise. */
    readonly bytesPerSecond: number | null
    /** What one mailbox may hand out within 24 hours, where no limit says otherwise; absent: what its system is known to allow. */
    readonly bytesPerDay?: number | null
    /** The domain has been switched: what comes to the source now is late mail. Absent: it has not. */
    readonly afterSwitch?: AfterSwitch
    /** In bytes by name, as far as they are known from elsewhere: the biggest is begun first. */
    readonly sizes?: ReadonlyMap<string, number>
    /** A mailbox whose allowance of today is used waits for tomorrow's, instead of ending until the next run. */
    readonly wait?: boolean
  }

/**
 * What holds for a copy after the switch, whatever its other options: deletions and changed flags at the source do not follow; what
 * the new side received itself is not doubled; each late message is told apart by how it came.
 */
export type AfterSwitch = {
  /** Milliseconds since 1970. */
  readonly at: number
  /** How long caches were told to keep the old MX. */
  readonly ttlSeconds: number
  /** Names of the old side's hosts, its MX first of all; that of `source` is known. */
  readonly oldHosts: readonly string[]
}

export type VerifyInput = Addresses &
  Watch & {
    readonly level: VerifyLevel
    /** null: every message. Only for level `content`. */
    readonly sample: { readonly messages: number } | { readonly percent: number } | null
    /** Copies again what is missing. */
    readonly repair: boolean
    /** Looks at every folder, also at those that a run which was broken off had verified. */
    readonly fresh?: boolean
    readonly manifestFile: string | null
    readonly csvFile: string | null
    readonly htmlFile: string | null
  }

export type FoldersInput = Addresses & {
  readonly signal: AbortSignal
  /** Quotas, rights and subscriptions are asked for too. */
  readonly details?: boolean
}

export type LoginsInput = SourceAddresses &
  Watch & {
    /** As for `copy`; null: only the source is tried. */
    readonly destination: string | null
    readonly identity: ExchangeIdentity | null
    readonly cloud: CloudName
    /** How long what may take effect by itself is tried again; 0: not at all. A password that was refused never is. */
    readonly waitMinutes: number
  }

export type StatusInput = { readonly stateDir: string; readonly only: readonly string[] }

/** With nothing to set or clear it only tells. A limit of null is lifted, one that is absent stays as it is. */
export type LimitInput = {
  readonly stateDir: string
  /** 0 pauses. */
  readonly bytesPerSecond?: number | null
  readonly connections?: number | null
  /** What one mailbox may hand out within 24 hours. */
  readonly bytesPerDay?: number | null
  /** Hours of this machine's day, "08:00-18:00", that this is about; null: always. */
  readonly between: string | null
  /** Takes the rule for `between` away; without `between` all of them. */
  readonly clear: boolean
}

export type ErrorsInput = {
  readonly stateDir: string
  readonly only: readonly string[]
  readonly csvFile: string | null
  readonly emlDir: string | null
  /** Needed to fetch the messages for `emlDir`; null otherwise. */
  readonly addresses: SourceAddresses | null
} & Watch
