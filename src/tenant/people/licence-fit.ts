import type { Finding } from '../../model/change.ts'
import type { Directory, Sku } from '../directory.ts'
import { activePlan, fullPlan, type Held } from './licences.ts'
import { findingAbout, type Person } from './person.ts'
import { ARCHIVE_ADDON_ID, type MailboxPlan, mayGrow, skuTitle } from './plans.ts'

const GB = 1024 ** 3
/** A shared mailbox, room or equipment without a licence. */
const UNLICENSED_BYTES = 50 * GB
/** No plan has more. */
const LARGEST_BYTES = 100 * GB
/** From there on little room is left for what comes after the migration. */
const NEARLY_FULL = 0.9
const PLAN_2 = 'EXCHANGE_S_ENTERPRISE'

/** Whether the licences that a mailbox will have are enough for what goes into it, and for what is wanted of it. */
export function fitFindings(person: Person, held: readonly Held[], directory: Directory): readonly Finding[] {
  const { wanted, mailbox } = person
  const { address } = wanted
  const giving = held.find((one) => activePlan(one) !== null) ?? null
  const plan = giving === null ? null : activePlan(giving)
  // Whoever has no mailbox has nothing that could be too small.
  if (wanted.kind === 'user' && plan === null && mailbox === null) return [noMailbox(person, held)]
  const hasAddon = held.some(({ sku, disabledPlans }) => sku.plans.some(({ id }) => id === ARCHIVE_ADDON_ID && !disabledPlans.includes(id)))
  const mayArchive = hasAddon || (plan !== null && plan.archiveBytes !== null) || mailbox?.hasArchive === true
  const mayHold = hasAddon || plan?.name === PLAN_2 || mailbox?.litigationHold === true
  const lacking = (code: string, what: string, remedy: string): Finding =>
    findingAbout(wanted, 'blocker', code, `${what} is wanted for ${address}, and its licences do not include that.`, remedy)
  return [
    ...(wanted.archive === true && !mayArchive
      ? [
          lacking(
            'archive-unlicensed',
            'An archive',
            'Give it Exchange Online Plan 1 or 2, or add EXCHANGEARCHIVE_ADDON, or want no archive.',
          ),
        ]
      : []),
    ...(wanted.litigationHold === true && !mayHold
      ? [lacking('hold-unlicensed', 'A litigation hold', 'Give it Exchange Online Plan 2, or add EXCHANGEARCHIVE_ADDON, or want no hold.')]
      : []),
    ...sizeFindings(person, plan, giving, directory),
  ]
}

/** A blocker, as the mailbox would be waited for without end. */
function noMailbox({ wanted }: Person, held: readonly Held[]): Finding {
  const names = held.map(({ sku }) => skuTitle(sku.part)).join(', ')
  const why = names === '' ? 'no licence is wanted for it, and it has none' : `there is no mailbox in ${names}`
  return findingAbout(
    wanted,
    'blocker',
    'no-mailbox',
    `${wanted.address} gets no mailbox: ${why}.`,
    'Write a licence with an Exchange plan into the list. If a group is to give it, put the user into that group first.',
  )
}

type Room = { readonly bytes: number; readonly title: string; readonly mayGrow: boolean }

function sizeFindings(person: Person, plan: MailboxPlan | null, giving: Held | null, directory: Directory): readonly Finding[] {
  const { wanted } = person
  const { address, sourceBytes } = wanted
  const room = roomOf(person, plan, giving)
  if (sourceBytes === null || !wanted.isMigrated || room === null || sourceBytes <= room.bytes * NEARLY_FULL) return []
  const says = `The old mailbox of ${address} has ${shownGb(sourceBytes)}, and ${room.title} takes ${shownGb(room.bytes)}.`
  if (sourceBytes <= room.bytes) {
    const remedy = 'Little room is left there: have old mail archived, or give it a larger licence.'
    return [findingAbout(wanted, 'warning', 'mailbox-nearly-full', says, remedy)]
  }
  if (room.mayGrow && sourceBytes <= LARGEST_BYTES) {
    const growing = `${says} Microsoft is enlarging mailboxes of this licence to 100 GB.`
    const remedy = 'Look at the quota as soon as the mailbox is there: the next plan reads it.'
    return [findingAbout(wanted, 'warning', 'mailbox-too-large', growing, remedy)]
  }
  return [findingAbout(wanted, 'blocker', 'mailbox-too-large', says, remedyFor(person, sourceBytes, plan, directory))]
}

/** What the mailbox itself says counts as long as its plan and its kind stay. */
function roomOf({ wanted, mailbox, user }: Person, plan: MailboxPlan | null, giving: Held | null): Room | null {
  const isKept = giving === null || user?.licences.some(({ skuId }) => skuId === giving.sku.skuId) === true
  const staysShared = (mailbox?.kind === 'UserMailbox') === (wanted.kind === 'user')
  if (mailbox !== null && mailbox.quotaBytes !== null && isKept && staysShared)
    return { bytes: mailbox.quotaBytes, title: 'the new one', mayGrow: false }
  if (wanted.kind !== 'user' && plan?.name !== PLAN_2)
    return { bytes: UNLICENSED_BYTES, title: `a ${wanted.kind} mailbox without Exchange Online Plan 2`, mayGrow: false }
  if (plan === null || giving === null) return null
  const { part } = giving.sku
  return { bytes: plan.quotaBytes, title: `one with ${skuTitle(part)}`, mayGrow: mayGrow(part) }
}

function remedyFor({ mailbox }: Person, sourceBytes: number, plan: MailboxPlan | null, { skus }: Directory): string {
  if (plan !== null && mailbox !== null && plan.quotaBytes >= sourceBytes)
    return `Raise the quota of the mailbox: its licence allows ${shownGb(plan.quotaBytes)}. Then plan again.`
  const room = (sku: Sku): number => fullPlan(sku)?.quotaBytes ?? 0
  const [best] = skus.filter((sku) => room(sku) >= sourceBytes).toSorted((a, b) => room(a) - room(b) || b.free - a.free)
  const seats = best === undefined || best.free === 0 ? 'no seat is free' : `${best.free} free`
  if (best !== undefined)
    return `Give it ${skuTitle(best.part)} (${shownGb(room(best))}, ${seats}), or have old mail archived or left behind.`
  if (sourceBytes <= LARGEST_BYTES)
    return 'Give it a licence with Exchange Online Plan 2 (100 GB), or have old mail archived or left behind.'
  return 'No licence has room for that: have old mail archived first, or move a part of it only.'
}

function shownGb(bytes: number): string {
  const gb = bytes / GB
  return `${gb >= 10 || Number.isInteger(gb) ? Math.ceil(gb) : gb.toFixed(1)} GB`
}
