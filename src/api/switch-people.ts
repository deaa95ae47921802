import type { Definition } from '../definition/definition.ts'
import { otherAddresses } from '../definition/listed-addresses.ts'
import { readMailboxList } from '../definition/mailbox-list.ts'
import { bare, stayingNames, stays } from '../definition/staying.ts'
import { wantedTenant } from '../definition/wanted.ts'

/** Who has an address in a domain, and where their mail is, by the definition and its list. Addresses are in lower case. */
export type DomainPeople = {
  /** Every address that the old side takes mail for, aliases, groups and contacts too. */
  readonly known: readonly string[]
  /** Of those, the ones whose mailboxes stay at the old side for now. */
  readonly staying: readonly string[]
  /** What the old side forwards: address → where to. */
  readonly forwards: ReadonlyMap<string, string>
  /** The mailboxes of the list that move with this domain now, by their names there; null: all of them. */
  readonly moving: readonly string[] | null
}

type Reading = {
  readonly mailboxesFile: string | null
  readonly env: Readonly<Record<string, string | undefined>>
  readonly domain: string
}

/** Reads the list. Throws `bad-input` where it is wrong. */
export async function domainPeople(definition: Definition, { mailboxesFile, env, domain }: Reading): Promise<DomainPeople> {
  const lines = mailboxesFile === null ? [] : await readMailboxList(mailboxesFile, env, { source: false, target: false, tenantOnly: true })
  const { mailboxes, groups } = wantedTenant(definition, lines, mailboxesFile).wanted
  const wanted = [...mailboxes, ...groups].flatMap(({ address, aliases }) => [address, ...aliases])
  const listed = lines.map((line) => ({ ...line, addresses: [line.target, line.sourceLogin, ...line.aliases].map(bare) }))
  const isStaying = stays(definition)
  const [stay, move] = [listed.filter(isStaying), listed.filter((one) => !isStaying(one))]
  // Mail of another domain's people is not late because this one is switched.
  const own = move.filter(({ addresses }) => addresses.some((one) => one.endsWith(`@${domain}`)))
  const moving = own.length === 0 ? move : own
  const others = mailboxesFile === null ? [] : await otherAddresses(mailboxesFile)
  const ours = (all: readonly string[]): readonly string[] => [...new Set(all.map(bare).filter((one) => one.endsWith(`@${domain}`)))]
  return {
    known: ours([...wanted, ...listed.flatMap(({ addresses }) => addresses), ...others]),
    staying: ours([...stay.flatMap(({ addresses }) => addresses), ...stayingNames(definition)]),
    forwards: new Map(
      listed.flatMap(({ target, tenant }) => (tenant.forward_to === undefined ? [] : [[bare(target), bare(tenant.forward_to)] as const])),
    ),
    moving: moving.length === listed.length ? null : moving.map(({ name }) => name),
  }
}
