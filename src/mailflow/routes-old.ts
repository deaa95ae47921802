import { deliver } from './deliver.ts'
import { notTaken, type FlowRun, type Told } from './flow-run.ts'
import { outsider } from './routes-in.ts'
import { seenOf } from './route-result.ts'
import type { Lookout } from './sighting.ts'

const NO_OLD: Told = { outcome: 'not-run', says: ['The old host is not given (--old-mx).'] }

/** P8: straight to the old host by its address. It must still take mail, as caches of the world still name it. */
export async function toOldHost(flow: FlowRun): Promise<Told> {
  const { old, user } = flow.setup
  const sender = flow.setup.sender ?? outsider(flow)
  if (old === null) return NO_OLD
  if (sender === null) return { outcome: 'not-run', says: ['No sender is given (--sender).'] }
  const recipient = old.mailbox?.address ?? user
  const letter = flow.letter('old', sender, recipient)
  const { helo, times } = flow.setup
  const options = { windowMs: times.greylistMs, ...(helo === null ? {} : { helo }) }
  const delivery = await deliver(old.target, { sender, recipient, messageId: letter.messageId, bytes: letter.bytes }, flow.ctx, options)
  const refused = notTaken([delivery])
  if (refused !== null)
    return {
      ...refused,
      says: [...refused.says, ...(refused.outcome === 'failed' ? ['Mail of senders with an old cache would bounce now.'] : [])],
    }
  if (flow.oldMailbox() === null)
    return {
      outcome: 'passed',
      says: [
        `The old host took it: ${delivery.says}. Where it went nobody can look (--old-imap); the next pass of \`cutover copy\` shows it.`,
      ],
      evidence: { probe: letter.id, messageId: letter.messageId, deliveries: [delivery] },
    }
  return whereItCame(flow, recipient, letter, [delivery])
}

/** P3: handed in at the old host by its own user: such mail never asks for MX. It must be in the old mailbox or in the new one, never lost. */
export async function fromOldHost(flow: FlowRun): Promise<Told> {
  const { old, user } = flow.setup
  if (old === null) return NO_OLD
  if (old.submission === null) return { outcome: 'not-run', says: ['No account at the old host is given (--old-smtp).'] }
  const letter = flow.letter('old-user', old.submission.user, user)
  const delivery = await flow.bySubmission(letter, old.submission, old.submission.user, user)
  return notTaken([delivery]) ?? whereItCame(flow, user, letter, [delivery])
}

/** P6, the way back: handed in at the old host by somebody who has not moved, for somebody who has. */
export async function fromUnmoved(flow: FlowRun): Promise<Told> {
  const { old, unmoved, user } = flow.setup
  if (unmoved === null) return { outcome: 'not-run', says: ['Nobody is named who has not moved (--unmoved).'] }
  const submission = old?.submission ?? null
  if (submission === null || submission.user.toLowerCase() !== unmoved.toLowerCase())
    return { outcome: 'not-run', says: [`The account of ${unmoved} at the old host is not given (--old-mailbox, --old-smtp).`] }
  const letter = flow.letter('unmoved-back', unmoved, user)
  const delivery = await flow.bySubmission(letter, submission, unmoved, user)
  const refused = notTaken([delivery])
  if (refused !== null) return refused
  // Their own mailbox is the one that can be looked into at the old side, so that only the new one tells of this message.
  const arrival = await flow.arrival(flow.tenantMailbox(user), letter)
  const evidence = { probe: letter.id, messageId: letter.messageId, deliveries: [delivery] }
  if (arrival.outcome !== 'failed')
    return {
      outcome: arrival.outcome,
      says: [arrival.says],
      evidence: arrival.sighting === null ? evidence : { ...evidence, arrived: seenOf(arrival.sighting) },
    }
  return {
    outcome: 'warning',
    says: [
      'The old host took it, and it did not come to the tenant: it is kept at the old side until the next pass of `cutover copy`.',
      `Have the old host pass mail for ${user} on to the tenant, so that those who have not moved reach those who have at once.`,
    ],
    evidence,
  }
}

async function whereItCame(
  flow: FlowRun,
  recipient: string,
  letter: ReturnType<FlowRun['letter']>,
  deliveries: Parameters<typeof notTaken>[0],
): Promise<Told> {
  const evidence = { probe: letter.id, messageId: letter.messageId, deliveries: typeof deliveries === 'string' ? [] : deliveries }
  const places = [flow.oldMailbox(), flow.tenantMailbox(recipient)].filter((one): one is Lookout => one !== null)
  const first = await flow.arrival(places.length === 0 ? null : either(places), letter)
  if (first.sighting === null) return { outcome: first.outcome, says: ['The old host took it.', first.says], evidence }
  const others = places.filter((_, at) => at !== (first.sighting?.where === 'imap' ? 0 : places.length - 1))
  const twice = (await Promise.all(others.map((place) => place.find(letter)))).some((sighting) => sighting !== null)
  const atOld = first.sighting.where === 'imap'
  return {
    outcome: twice ? 'warning' : first.outcome,
    says: [
      first.says,
      twice
        ? 'It is at both sides: the next pass must not copy it again.'
        : atOld
          ? 'It stays at the old side: the next pass of `cutover copy` has to carry it over.'
          : 'The old host sends it on by itself.',
    ],
    evidence: { ...evidence, arrived: seenOf(first.sighting) },
  }
}

/** Whichever has it first. */
function either(places: readonly Lookout[]): Lookout {
  return {
    mailbox: [...new Set(places.map(({ mailbox }) => mailbox))].join(' or '),
    async find(sought) {
      for (const place of places) {
        const sighting = await place.find(sought)
        if (sighting !== null) return sighting
      }
      return null
    },
    remove: () => Promise.resolve(0),
  }
}
