/** Logins under test: the real operations, and a list of mailboxes without passwords. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { COPY_DEFAULTS, VERIFY_DEFAULTS } from '../../src/api/defaults.ts'
import { operationsIn } from '../../src/api/operations-in.ts'
import type { CopyInput, LoginsInput } from '../../src/api/operations.ts'
import type { CopyResult, FoldersResult, LoginsResult, VerifyResult } from '../../src/api/results.ts'
import { realWorld } from '../../src/app.ts'
import { Secret } from '../../src/model/secret.ts'
import { OWN_ACCESS } from '../../src/source/access.ts'
import type { AccessChoice } from '../../src/source/access/method.ts'
import { hastyClock } from '../scenario/migration.ts'

export type Line = { readonly login: string; readonly password?: string; readonly target?: string; readonly targetPassword?: string }

export type Ends = AsyncDisposable & {
  readonly stateDir: string
  logins(more?: Partial<LoginsInput>): Promise<LoginsResult>
  folders(destination: string): Promise<FoldersResult>
  verify(destination: string): Promise<VerifyResult>
  copy(destination: string, more?: Partial<CopyInput>): Promise<CopyResult>
}

/** A source, how it is opened (null: nothing is said of it), and its mailboxes. */
export async function ends(
  source: string,
  access: Partial<AccessChoice> | null,
  lines: readonly Line[],
  env: Record<string, string> = {},
): Promise<Ends> {
  const folder = await mkdtemp(join(tmpdir(), 'cutover-access-'))
  const mailboxesFile = join(folder, 'people.csv')
  const stateDir = join(folder, 'state')
  const rows = lines.map((line, at) =>
    [line.login, line.password ?? '', line.target ?? `user${at}@example.org`, line.targetPassword ?? ''].join(','),
  )
  await writeFile(mailboxesFile, ['source_login,source_password,target,target_password', ...rows, ''].join('\n'))
  const operations = operationsIn({ ...realWorld(), clock: hastyClock() })
  const shared = {
    source,
    mailboxesFile,
    stateDir,
    caFile: null,
    only: [],
    env,
    access: access === null ? null : { ...OWN_ACCESS, ...access },
    identity: null,
    cloud: 'global',
    signal: new AbortController().signal,
    onMailboxes: () => {},
    onProgress: () => {},
  } as const
  return {
    stateDir,
    logins: (more = {}) => operations.logins({ ...shared, destination: null, waitMinutes: 0, ...more }),
    folders: (destination) => operations.folders({ ...shared, destination }),
    verify: (destination) => operations.verify({ ...shared, ...VERIFY_DEFAULTS, destination }),
    copy: (destination, more = {}) => operations.copy({ ...shared, ...COPY_DEFAULTS, destination, ...more }),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

export function by(
  kind: AccessChoice['kind'],
  login: string | null,
  secret: string | null,
  template: string | null = null,
): Partial<AccessChoice> {
  return { kind, login, secret: secret === null ? null : new Secret(secret), template }
}

/** The code of each mailbox's source end, 'works' where there is no failure. */
export function codes(result: LoginsResult): readonly string[] {
  return result.mailboxes.map(({ source }) => source.failure?.code ?? 'works')
}
