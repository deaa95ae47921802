import { basename } from 'node:path'
import type { Finding } from '../model/change.ts'
import type { WantedContact, WantedGroup, WantedMailbox, WantedTenant } from '../model/wanted-tenant.ts'
import { definitionFailure } from './definition.ts'
import type { Definition } from './definition.ts'
import { doubles } from './doubles.ts'
import type { Claim } from './doubles.ts'
import { definitionFindings } from './findings.ts'
import { listWishes } from './list-wishes.ts'
import type { MailboxLine } from './mailbox-list.ts'
import { stays } from './staying.ts'
import { wantedMailFlow } from './wanted-mail-flow.ts'
import { protocolsIn, wantedMailbox } from './wanted-mailbox.ts'
import type { Path } from './yaml-file.ts'

/** What is read of a definition here. */
export type WantedFrom = Pick<Definition, 'fileName' | 'mailboxesFile' | 'sections' | 'where' | 'position'>

export type Wanted = { readonly wanted: WantedTenant; readonly findings: readonly Finding[] }

/**
 * What the definition and its list of mailboxes want of the tenant. Mistakes that show only between them (an address twice, a cell of
 * the list) come all at once in one `Failure('bad-input')`; what is only doubtful is a finding. `listFile`: where the list was read from.
 */
export function wantedTenant(definition: WantedFrom, list: readonly MailboxLine[], listFile = definition.mailboxesFile): Wanted {
  const listName = basename(listFile ?? 'the list of mailboxes')
  const mistakes: string[] = []
  const claims: Claim[] = []
  // Who stays for now gets no mailbox yet: mail would arrive there.
  const isStaying = stays(definition)
  const moving = list.filter((line) => !isStaying(line))
  const mailboxes = [...fromList(definition, moving, listName, mistakes, claims), ...fromDefinition(definition, claims)]
  const groups = groupsOf(definition, claims)
  const contacts = contactsOf(definition, claims)
  for (const mailbox of mailboxes)
    if (mailbox.forwarding !== null && [mailbox.address, ...mailbox.aliases].includes(mailbox.forwarding.to))
      mistakes.push(`${mailbox.where}: ${mailbox.address} forwards to itself`)
  for (const group of groups)
    if (group.members.some((member) => [group.address, ...group.aliases].includes(member)))
      mistakes.push(`${group.where}: the group ${group.address} is its own member`)
  mistakes.push(...doubles(claims))
  if (mistakes.length > 0) throw definitionFailure(definition.fileName, mistakes.toSorted(byLine))
  const { cloud_only: cloudOnly } = definition.sections.tenant
  const wanted = { mailboxes, groups, contacts, ...wantedMailFlow(definition), ...(cloudOnly === undefined ? {} : { cloudOnly }) }
  return { wanted, findings: definitionFindings(wanted) }
}

function fromList(
  definition: WantedFrom,
  list: readonly MailboxLine[],
  listName: string,
  mistakes: string[],
  claims: Claim[],
): readonly WantedMailbox[] {
  return list.flatMap((line) => {
    const where = `${listName} line ${line.line}`
    const own = listWishes(line, where, (says) => mistakes.push(`${where}: ${says}`))
    if (own === null) return []
    const mailbox = wantedMailbox(own, definition.sections.mailboxes?.defaults ?? {})
    claim(claims, mailbox, () => where)
    return [mailbox]
  })
}

function fromDefinition(definition: WantedFrom, claims: Claim[]): readonly WantedMailbox[] {
  const { shared = [], rooms = [], mailboxes } = definition.sections
  const entries = [
    ...shared.map((entry, at) => ({ entry, kind: 'shared' as const, path: ['shared', at] })),
    ...rooms.map((entry, at) => ({ entry, kind: entry.kind, path: ['rooms', at] })),
  ]
  return entries.map(({ entry, kind, path }) => {
    const own = {
      where: definition.where(path),
      kind,
      isMigrated: false,
      address: entry.address,
      displayName: entry.name,
      alias: entry.alias,
      aliases: entry.aliases,
      licences: entry.licence,
      location: entry.location,
      language: entry.language,
      timeZone: entry.time_zone,
      archive: entry.archive,
      retentionHold: entry.retention_hold,
      litigationHold: entry.litigation_hold,
      forwardTo: entry.forward_to,
      keepCopy: entry.keep_copy,
      hidden: entry.hidden,
      receiveBytes: entry.receive_size,
      sendBytes: entry.send_size,
      protocols: protocolsIn(entry.protocols),
      fullAccess: entry.full_access,
      sendAs: entry.send_as,
    }
    const mailbox = wantedMailbox(own, mailboxes?.defaults ?? {})
    claim(claims, mailbox, (field) => definition.position([...path, field]))
    return mailbox
  })
}

function groupsOf(definition: WantedFrom, claims: Claim[]): readonly WantedGroup[] {
  return (definition.sections.groups ?? []).map((entry, at) => {
    const path: Path = ['groups', at]
    const group = {
      where: definition.where(path),
      address: entry.address,
      name: entry.name,
      aliases: [...new Set(entry.aliases)].filter((alias) => alias !== entry.address),
      members: [...new Set(entry.members)],
      exactly: entry.exactly,
      owners: [...new Set(entry.owners)],
      outsideSenders: entry.outside_senders ?? null,
      hidden: entry.hidden ?? null,
    }
    claim(claims, group, (field) => definition.position([...path, field]))
    return group
  })
}

function contactsOf(definition: WantedFrom, claims: Claim[]): readonly WantedContact[] {
  return (definition.sections.contacts ?? []).map(({ address, name }, at) => {
    const contact = { where: definition.where(['contacts', at]), address, name }
    claim(claims, contact, (field) => definition.position(['contacts', at, field]))
    return contact
  })
}

type Claimant = {
  readonly where: string
  readonly address: string
  readonly aliases?: readonly string[]
  readonly userPrincipalName?: string
}

function claim(claims: Claim[], entry: Claimant, where: (field: string) => string): void {
  const owner = `${entry.where} ${claims.length}`
  claims.push({ address: entry.address, owner, as: 'address', where: where('address') })
  for (const alias of entry.aliases ?? []) claims.push({ address: alias, owner, as: 'alias', where: where('aliases') })
  const { userPrincipalName } = entry
  if (userPrincipalName !== undefined) claims.push({ address: userPrincipalName, owner, as: 'sign-in name', where: where('address') })
}

/** Of one file by its lines. */
function byLine(a: string, b: string): number {
  const [fileA = '', lineA = 0] = placeOf(a)
  const [fileB = '', lineB = 0] = placeOf(b)
  return fileA === fileB ? lineA - lineB : fileA < fileB ? -1 : 1
}

function placeOf(says: string): readonly [string, number] | readonly [] {
  const [, file, line] = /^(.*?) line (\d+)/.exec(says) ?? []
  return file === undefined ? [] : [file, Number(line)]
}
