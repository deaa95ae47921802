import type { Finding } from '../../model/change.ts'
import type { TenantCall, TenantChange } from '../call.ts'
import type { Directory, Sku } from '../directory.ts'
import { key } from '../key.ts'
import type { Person } from './person.ts'
import { afterUser, findingAbout, userPath } from './person.ts'
import { ARCHIVE_ADDON_ID, type MailboxPlan, mailboxPlan, skuTitle } from './plans.ts'

/** A licence as one person has it now or will have it. */
export type Held = { readonly sku: Sku; readonly disabledPlans: readonly string[]; readonly byGroup: boolean }

export type LicencePlan = {
  readonly changes: readonly TenantChange[]
  readonly findings: readonly Finding[]
  /** Each takes a seat. */
  readonly added: readonly Sku[]
  /** All that the person has in the end. */
  readonly held: readonly Held[]
}

/** What must be done so that a person has the licences that are wanted for it. Whether there are seats is counted over all persons. */
export function licencePlan(person: Person, directory: Directory): LicencePlan {
  const { wanted, user } = person
  const { skus, findings } = ownedSkus(person, directory)
  const now = heldNow(person, directory)
  const has = (sku: Sku): Held | undefined => now.find((held) => held.sku.skuId === sku.skuId)
  const added = skus.filter((sku) => has(sku) === undefined)
  const without = (wanted.withoutLicences ?? []).map(folded)
  const goes = ({ sku, byGroup }: Held): boolean => !byGroup && without.includes(folded(sku.part))
  const off = skus.flatMap((sku) => {
    const held = has(sku)
    const isOff = held !== undefined && fullPlan(sku) !== null && activePlan(held) === null
    return isOff && !now.some((other) => activePlan(other) !== null && !goes(other)) ? [held] : []
  })
  const wantedPlans = new Set([...added, ...off.map(({ sku }) => sku)].flatMap((sku) => fullPlan(sku)?.id ?? []))
  const inTheWay = now.filter((held) => {
    const plan = activePlan(held)
    return wantedPlans.size > 0 && plan !== null && !wantedPlans.has(plan.id)
  })
  const removed = inTheWay.filter(goes)
  if (wantedPlans.size > 1) findings.push(excludeEachOther(person, [...added, ...off.map(({ sku }) => sku)]))
  for (const held of inTheWay)
    if (!removed.includes(held)) findings.push(inTheWayFinding(person, held, [...added, ...off.map(({ sku }) => sku)]))
  findings.push(...off.map(({ sku, byGroup }) => (byGroup ? offByGroup(person, sku) : offUntilNow(person, sku))))
  for (const sku of added)
    if (
      sku.plans.some(({ id }) => id === ARCHIVE_ADDON_ID) &&
      fullPlan(sku) === null &&
      wantedPlans.size + now.filter(activePlan).length === 0
    )
      findings.push(
        findingAbout(
          wanted,
          'blocker',
          'licence-needs-another',
          `${skuTitle(sku.part)} works only beside a licence with a mailbox, and ${wanted.address} has none.`,
          'Give the mailbox a licence with an Exchange plan too.',
        ),
      )
  findings.push(...licenceErrors(person, directory))
  if (added.length > 0 && (user?.usageLocation ?? null) === null) findings.push(...noLocation(person))
  const main = added.find((sku) => fullPlan(sku) !== null) ?? null
  return {
    findings,
    added,
    held: [
      ...now.filter((held) => !removed.includes(held) && !off.includes(held)),
      ...added.map((sku) => ({ sku, disabledPlans: [], byGroup: false })),
      ...off.map((held) => switchedOn(held)),
    ],
    changes: [
      ...added.map((sku) => assignment(person, sku, sku === main ? removed : [], main)),
      ...off.filter(({ byGroup }) => !byGroup).map((held, at) => switchOn(person, held, main === null && at === 0 ? removed : [])),
    ],
  }
}

/** The plan with a mailbox that a licence gives as long as nothing of it is switched off. */
export function fullPlan({ plans, part }: Sku): MailboxPlan | null {
  return mailboxPlan(
    plans.map(({ id }) => id),
    part,
  )
}

export function activePlan({ sku, disabledPlans }: Held): MailboxPlan | null {
  return mailboxPlan(
    sku.plans.map(({ id }) => id).filter((id) => !disabledPlans.includes(id)),
    sku.part,
  )
}

function switchedOn(held: Held): Held {
  const plan = fullPlan(held.sku)
  return { ...held, disabledPlans: held.disabledPlans.filter((id) => id !== plan?.id) }
}

function ownedSkus({ wanted }: Person, { skus }: Directory): { readonly skus: readonly Sku[]; readonly findings: Finding[] } {
  const findings: Finding[] = []
  const found = [...new Set(wanted.licences.map(folded))].flatMap((part) => {
    const sku = skus.find((one) => folded(one.part) === part)
    if (sku !== undefined) return [sku]
    const owned = skus.map((one) => one.part).toSorted()
    const name = wanted.licences.find((one) => folded(one) === part) ?? part
    findings.push(
      findingAbout(
        wanted,
        'blocker',
        'licence-unknown',
        `This tenant has no licence ${skuTitle(name)}. It has ${owned.length === 0 ? 'none at all' : owned.join(', ')}.`,
        'Buy it, or write the name of one that the tenant has.',
      ),
    )
    return []
  })
  return { skus: found, findings }
}

function heldNow({ user }: Person, { skus }: Directory): readonly Held[] {
  return (user?.licences ?? []).flatMap(({ skuId, disabledPlans, byGroup }) => {
    const sku = skus.find((one) => one.skuId === skuId)
    return sku === undefined ? [] : [{ sku, disabledPlans, byGroup }]
  })
}

/** The new licence, and in the same call those that it takes the place of go, so that the mailbox is never without one. */
function assignment(person: Person, sku: Sku, removed: readonly Held[], main: Sku | null): TenantChange {
  const { wanted, user } = person
  const name = user?.userPrincipalName ?? wanted.userPrincipalName
  const instead = removed.map((held) => skuTitle(held.sku.part)).join(', ')
  const add = { skuId: sku.skuId, disabledPlans: [] }
  return {
    key: key.licence(wanted.userPrincipalName, sku.part),
    kind: 'licence',
    about: wanted.address,
    says: `Give ${name} the licence ${skuTitle(sku.part)}${instead === '' ? '' : ` in place of ${instead}, in one step`}`,
    after: [
      ...afterUser(person),
      key.usageLocation(wanted.userPrincipalName),
      ...(main === null || main === sku ? [] : [key.licence(wanted.userPrincipalName, main.part)]),
    ],
    look: lookAt(person, sku),
    expect: { is: 'there', id: 'skuId' },
    calls: [
      assign(
        person,
        [add],
        removed.map((held) => held.sku.skuId),
      ),
    ],
    undo: [assign(person, removed.map(given), [sku.skuId])],
    takes: 'seconds',
  }
}

/** The mailbox of a licence that is there with its Exchange plan switched off. What else is off stays off. */
function switchOn(person: Person, held: Held, removed: readonly Held[]): TenantChange {
  const { wanted, user } = person
  const plan = fullPlan(held.sku)
  const name = user?.userPrincipalName ?? wanted.userPrincipalName
  const instead = removed.map((one) => skuTitle(one.sku.part)).join(', ')
  return {
    key: key.licence(wanted.userPrincipalName, held.sku.part),
    kind: 'licence',
    about: wanted.address,
    says: `Switch on the mailbox (${plan?.name ?? ''}) in the licence ${skuTitle(held.sku.part)} of ${name}${instead === '' ? '' : `, in place of ${instead}`}`,
    after: [...afterUser(person), key.usageLocation(wanted.userPrincipalName)],
    look: lookAt(person, held.sku),
    expect: { is: 'lacks', property: 'disabledPlans', entries: plan === null ? [] : [plan.id] },
    calls: [
      assign(
        person,
        [given(switchedOn(held))],
        removed.map((one) => one.sku.skuId),
      ),
    ],
    undo: [assign(person, [{ skuId: held.sku.skuId, disabledPlans: { $: 'before.disabledPlans' } }, ...removed.map(given)], [])],
    takes: 'seconds',
  }
}

type Given = { readonly skuId: string; readonly disabledPlans: readonly string[] | { readonly $: string } }

function given({ sku, disabledPlans }: Held): Given {
  return { skuId: sku.skuId, disabledPlans }
}

function assign(person: Person, addLicenses: readonly Given[], removeLicenses: readonly string[]): TenantCall {
  return { graph: 'POST', path: `${userPath(person)}/assignLicense`, body: { addLicenses, removeLicenses } }
}

function lookAt(person: Person, { skuId }: Sku): TenantChange['look'] {
  return {
    call: { graph: 'GET', path: `${userPath(person)}?$select=id,assignedLicenses` },
    inside: 'assignedLicenses',
    find: { property: 'skuId', equals: skuId },
  }
}

function noLocation({ wanted, user }: Person): readonly Finding[] {
  const { address, usageLocation } = wanted
  if (usageLocation === null)
    return [
      findingAbout(
        wanted,
        'blocker',
        'location-missing',
        `${address} needs a country (usage location) before it can get a licence, and none is known.`,
        'Write its country into the list: two letters, such as DE.',
      ),
    ]
  if (user === null) return []
  const says = `${address} has no country (usage location) yet, without which there is no licence. It is set first.`
  return [findingAbout(wanted, 'note', 'location-missing', says, `Check that ${usageLocation.toUpperCase()} is right.`)]
}

function excludeEachOther({ wanted }: Person, skus: readonly Sku[]): Finding {
  const names = skus.filter((sku) => fullPlan(sku) !== null).map(({ part }) => skuTitle(part))
  return findingAbout(
    wanted,
    'blocker',
    'licences-exclude',
    `${names.join(' and ')} each bring a mailbox of another size: Microsoft 365 gives one person one of them only.`,
    'Write only one of them.',
  )
}

function inTheWayFinding({ wanted }: Person, { sku, byGroup }: Held, skus: readonly Sku[]): Finding {
  const next = skus.find((one) => fullPlan(one) !== null)
  const from = byGroup ? ' by a group' : ''
  return findingAbout(
    wanted,
    'blocker',
    'licences-exclude',
    `${wanted.address} has ${skuTitle(sku.part)}${from}, which brings a mailbox of another size than ${skuTitle(next?.part ?? '')}: only one of both can be.`,
    byGroup
      ? `Take the person out of the group that gives ${sku.part}, or leave it at that licence.`
      : `Write ${sku.part} into the column without_licence to have it replaced in one step, or leave it at that licence.`,
  )
}

function offByGroup({ wanted }: Person, sku: Sku): Finding {
  return findingAbout(
    wanted,
    'blocker',
    'plan-off',
    `${wanted.address} has ${skuTitle(sku.part)} by a group, with the mailbox (${fullPlan(sku)?.name ?? ''}) switched off there.`,
    'Switch it on in the licences of that group (Microsoft 365 admin centre).',
  )
}

function offUntilNow({ wanted }: Person, sku: Sku): Finding {
  return findingAbout(
    wanted,
    'note',
    'plan-off',
    `${wanted.address} has ${skuTitle(sku.part)} with the mailbox (${fullPlan(sku)?.name ?? ''}) switched off. It is switched on.`,
    'If somebody switched it off on purpose, leave the mailbox out of the list.',
  )
}

const ERRORS: Readonly<Record<string, string>> = {
  CountViolation: 'there was no seat left',
  MutuallyExclusiveViolation: 'another licence excludes it',
  DependencyViolation: 'a licence that it needs is missing',
  ProhibitedInUsageLocationViolation: 'the location is missing, or it is not sold there',
  UniquenessViolation: 'another object has the same address',
}

function licenceErrors({ wanted, user }: Person, { skus }: Directory): readonly Finding[] {
  return (user?.licenceErrors ?? []).map(({ skuId, error }) => {
    const part = skus.find((sku) => sku.skuId === skuId)?.part ?? skuId
    const why = ERRORS[error]
    return findingAbout(
      wanted,
      'warning',
      'licence-error',
      `Microsoft 365 could not give ${wanted.address} all of ${skuTitle(part)}: ${why === undefined ? error : `${why} (${error})`}.`,
      'Put that right in the Microsoft 365 admin centre, and have the licence processed again.',
    )
  })
}

function folded(part: string): string {
  return part.trim().toLowerCase()
}
