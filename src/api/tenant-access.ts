import type { TenantAccess } from '../definition/definition.ts'
import { readDefinition } from '../definition/definition.ts'
import { readMailboxList } from '../definition/mailbox-list.ts'
import { Failure } from '../model/failure.ts'
import { type Need, NEEDS, needsFor, type Purpose } from '../tenant/connect/app-permissions.ts'
import type { CloudName, ExchangeIdentity } from './operations.ts'

export { type Need }

/** Which tenant, and as whom: by a definition, or by what was given on the command line. */
export type TenantAddress = {
  /** cutover.yaml; null: the rest says all. */
  readonly definitionFile: string | null
  /** What stands here goes before the definition. */
  readonly identity: ExchangeIdentity | null
  readonly cloud: CloudName | null
  /** Base URL of a simulator on this machine; null: as the definition says, or Microsoft 365. */
  readonly service: string | null
  /** The list of mailboxes; null: that of the definition, or none. */
  readonly mailboxesFile: string | null
  readonly env: Readonly<Record<string, string | undefined>>
  /** Tells a person what to do to sign in. */
  readonly show: (message: string) => void
}

export type OpenAddress = {
  readonly identity: ExchangeIdentity | null
  readonly cloud: CloudName
  readonly service: string | null
  /** Addresses of the mailboxes that move. */
  readonly mailboxes: readonly string[]
}

/** Reads the files that are named. All that is wrong with them is in one `Failure('bad-input')`. */
export async function openAddress(address: TenantAddress): Promise<OpenAddress> {
  const { definitionFile, env, show } = address
  const definition = definitionFile === null ? null : await readDefinition(definitionFile, env, { secrets: address.identity === null })
  const list = address.mailboxesFile ?? definition?.mailboxesFile ?? null
  const lines = list === null ? [] : await readMailboxList(list, env, { source: false, target: false, tenantOnly: true })
  const identity = address.identity ?? (definition === null ? null : identityIn(definition.tenant, show))
  const service = address.service ?? definition?.tenant.service ?? null
  if (identity === null && service === null)
    throw new Failure(
      'bad-input',
      'Which tenant? Give -f cutover.yaml, or --tenant, --client-id and --client-secret env:NAME (or --certificate and --key, or --device-code).',
    )
  return {
    identity,
    cloud: address.cloud ?? definition?.tenant.cloud ?? 'global',
    service,
    mailboxes: [...new Set(lines.map(({ target }) => target))],
  }
}

export function identityIn({ tenant, clientId, signIn }: TenantAccess, show: (message: string) => void): ExchangeIdentity {
  return signIn.kind === 'device' ? { kind: 'device', tenant, clientId, show } : { ...signIn, tenant, clientId }
}

/** [] for all there is, each in its own row; else the least that is enough. */
export function permissionsFor(purposes: readonly Purpose[]): readonly Need[] {
  return purposes.length === 0 ? NEEDS : needsFor(purposes)
}
