import type { Definition } from './definition.ts'
import type { MailboxLine } from './mailbox-list.ts'

/** Tells of a line of the list whether its mailbox stays at the old side for now (`switch: staying`): by its batch, or an address of it. */
export function stays({ sections }: Pick<Definition, 'sections'>): (line: MailboxLine) => boolean {
  const named = stayingNames({ sections })
  if (named.size === 0) return () => false
  return ({ batch, target, sourceLogin, aliases }) =>
    named.has(batch?.toLowerCase() ?? '') || [target, sourceLogin, ...aliases].some((one) => named.has(bare(one)))
}

/** Addresses and batches that are named there, in lower case. */
export function stayingNames({ sections }: Pick<Definition, 'sections'>): ReadonlySet<string> {
  return new Set((sections.switch?.staying ?? []).map((one) => one.toLowerCase()))
}

/** An address as it is compared. */
export function bare(address: string): string {
  return address
    .trim()
    .replace(/^smtp:/i, '')
    .toLowerCase()
}
