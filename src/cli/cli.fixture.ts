import type { Operations } from '../api/operations.ts'
import type { CopyResult, MailboxOutcome, Trouble } from '../api/results.ts'
import { runCli } from './run.ts'
import type { CliWorld } from './world.ts'

export type Ran = { readonly code: number; readonly out: string; readonly err: string }

export type Stage = {
  readonly world: CliWorld
  run(...argv: string[]): Promise<Ran>
  /** As if Ctrl-C was pressed; tells how many listened. */
  interrupt(): number
  advance(ms: number): void
}

/** For tests: a world whose streams are kept, whose clock moves by hand, and whose operations are those given. */
export function stage(
  operations: Partial<Operations>,
  more: {
    readonly tty?: boolean
    readonly columns?: number
    readonly env?: CliWorld['env']
    readonly stdin?: string
    readonly typed?: string
  } = {},
): Stage {
  const out: string[] = []
  const err: string[] = []
  const listeners = new Set<() => void>()
  let now = Date.UTC(2026, 10, 22, 12, 0, 0)
  const missing = (name: string) => () => Promise.reject(new Error(`this test has no operation ${name}`))
  const all: Operations = {
    copy: missing('copy'),
    copyBack: missing('copyBack'),
    lateMail: missing('lateMail'),
    verify: missing('verify'),
    definedAddresses: missing('definedAddresses'),
    control: missing('control'),
    messages: missing('messages'),
    projects: missing('projects'),
    phases: missing('phases'),
    folders: missing('folders'),
    assess: missing('assess'),
    discover: missing('discover'),
    status: missing('status'),
    errors: missing('errors'),
    limit: missing('limit'),
    logins: missing('logins'),
    probe: missing('probe'),
    simulate: missing('simulate'),
    rehearse: missing('rehearse'),
    rehearseWhole: missing('rehearseWhole'),
    rehearseProject: missing('rehearseProject'),
    tenantConnect: missing('tenantConnect'),
    tenantPermissions: missing('tenantPermissions'),
    tenantPlan: missing('tenantPlan'),
    tenantApply: missing('tenantApply'),
    tenantUndo: missing('tenantUndo'),
    tenantStatus: missing('tenantStatus'),
    tenantPasswords: missing('tenantPasswords'),
    tenantInit: missing('tenantInit'),
    checkAd: missing('checkAd'),
    dnsAssess: missing('dnsAssess'),
    dnsPlan: missing('dnsPlan'),
    dnsApply: missing('dnsApply'),
    dnsUndo: missing('dnsUndo'),
    dnsStatus: missing('dnsStatus'),
    switchRun: missing('switchRun'),
    switchStatus: missing('switchStatus'),
    switchSay: missing('switchSay'),
    mailflowTest: missing('mailflowTest'),
    makeReports: missing('makeReports'),
    checkManifest: missing('checkManifest'),
    native: {
      check: missing('native.check'),
      start: missing('native.start'),
      script: missing('native.script'),
      status: missing('native.status'),
      act: missing('native.act'),
    },
    ...operations,
  }
  const sink = (into: string[]): CliWorld['stdout'] => ({
    write: (text) => into.push(text),
    isTTY: more.tty ?? false,
    columns: more.columns ?? 80,
  })
  const world: CliWorld = {
    stdout: sink(out),
    stderr: sink(err),
    env: more.env ?? {},
    stdin: () => Promise.resolve(Buffer.from(more.stdin ?? '')),
    ask: (question) => {
      err.push(question)
      return Promise.resolve(more.typed ?? null)
    },
    operations: all,
    clock: { now: () => now, sleep: async (ms) => void (now += ms) },
    onSignal(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    program: 'cutover',
    version: '1.2.3',
  }
  return {
    world,
    async run(...argv) {
      const code = await runCli(argv, world)
      return { code, out: out.join(''), err: err.join('') }
    },
    interrupt() {
      const listening = listeners.size
      for (const listener of listeners) listener()
      return listening
    },
    advance(ms) {
      now += ms
    },
  }
}

export const ADDRESSES = ['--source', 'imaps://mail.example.org', '--destination', 'imaps://new.example.org', '--mailboxes', 'people.csv']

export const WRONG_PASSWORD: Trouble = {
  code: 'auth-rejected',
  message: 'The server did not accept login and password.',
  help: 'Check the login and password (or app password) of this mailbox.',
  side: 'source',
  serverText: 'NO [AUTHENTICATIONFAILED] Authentication failed.',
}

export function mailbox(name: string, more: Partial<MailboxOutcome> = {}): MailboxOutcome {
  return {
    name,
    source: `${name}@old.example.org`,
    target: `${name}@new.example.org`,
    pass: 'initial',
    found: 100,
    copied: 100,
    skipped: 0,
    failed: 0,
    unexplained: 0,
    bytes: 34_200_000,
    seconds: 12,
    appends: 100,
    flagsChanged: 0,
    moved: 0,
    deleted: 0,
    failure: null,
    folders: [],
    ...more,
  }
}

export function copyResult(mailboxes: readonly MailboxOutcome[]): CopyResult {
  const sum = (of: (each: MailboxOutcome) => number): number => mailboxes.reduce((all, each) => all + of(each), 0)
  return {
    found: sum((each) => each.found),
    copied: sum((each) => each.copied),
    skipped: sum((each) => each.skipped),
    failed: sum((each) => each.failed),
    unexplained: sum((each) => each.unexplained),
    bytes: sum((each) => each.bytes),
    seconds: 130,
    appends: sum((each) => each.appends),
    mailboxes,
  }
}
