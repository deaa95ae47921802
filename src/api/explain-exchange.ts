import { mailbox as readMailbox } from '../microsoft/exchange-reads.ts'
import { sizeBytes } from '../microsoft/exchange-values.ts'
import { FAILURES } from '../model/failure-codes.ts'
import type { Context } from '../lib/context.ts'
import { Failure } from '../model/failure.ts'
import { mailboxCheck, mailboxFacts } from '../tenant/connect/connect-mailbox.ts'
import { forEachAtOnce } from './at-once.ts'
import { parseEndpointUrl } from './endpoint-url.ts'
import type { Addresses } from './operations.ts'
import type { Trouble } from './results.ts'
import { VAGUE } from './vague.ts'
import type { TenantDoor, World } from './world.ts'

type Outcome = { readonly target: string; readonly failure: Trouble | null }

/** A tenant with trouble everywhere is not asked about each mailbox. */
const MOST = 25
/** A message that does not fit any more needs not fill it to the last byte. */
const FULL = 0.95

/**
 * Asks the administration of Exchange Online what stands behind failures that IMAP tells in one word, and says that instead: a full
 * mailbox with its figures, IMAP switched off, no Full Access, no licence. Where it may not be asked, or does not know, all stays as it was.
 */
export async function explained<One extends Outcome>(
  world: World,
  input: Pick<Addresses, 'identity' | 'cloud' | 'destination'>,
  outcomes: readonly One[],
  ctx: Context,
): Promise<readonly One[]> {
  const destination = parseEndpointUrl(input.destination)
  const vague = outcomes.filter(({ failure }) => failure !== null && VAGUE.has(failure.code) && failure.side === 'destination')
  // A person would have to sign in once more.
  if (vague.length === 0 || destination.kind !== 'exchange' || input.identity?.kind === 'device') return outcomes
  const known = new Map<One, Trouble>()
  try {
    const door = await world.tenant(input.identity, input.cloud, destination.simulator, ctx)
    await forEachAtOnce(vague.slice(0, MOST), 4, ctx.signal, async (one) => {
      const trouble = one.failure === null ? null : await causeOf(door, one.target, one.failure)
      if (trouble !== null) known.set(one, trouble)
    })
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    ctx.log.debug('administration was not asked', { code: error.code })
  }
  return outcomes.map((one) => (known.has(one) ? { ...one, failure: known.get(one) ?? one.failure } : one))
}

async function causeOf(door: TenantDoor, address: string, failure: Trouble): Promise<Trouble | null> {
  try {
    return failure.code === 'server-unavailable' ? await fullness(door, address, failure) : await closedness(door, address, failure)
  } catch (error) {
    if (error instanceof Failure) return null
    throw error
  }
}

async function fullness({ admin }: TenantDoor, address: string, failure: Trouble): Promise<Trouble | null> {
  const quota = (await readMailbox(admin, address))?.quotaBytes ?? null
  const { rows } = await admin.invoke('Get-MailboxStatistics', { Identity: address })
  const used = sizeBytes(rows[0]?.['TotalItemSize'])
  if (quota === null || used === null || used < quota * FULL) return null
  const message = `The mailbox ${address} is full: ${gb(used)} of ${gb(quota)} are used.`
  return { ...failure, code: 'quota-full', message, help: FAILURES['quota-full'].help }
}

async function closedness(door: TenantDoor, address: string, failure: Trouble): Promise<Trouble | null> {
  const principal = await door.admin.invoke('Get-ServicePrincipal', { Identity: door.clientId }).catch(() => null)
  const id = principal?.rows[0]?.['ObjectId']
  const facts = await mailboxFacts(door, address, typeof id === 'string' ? id : null)
  const { says, state } = mailboxCheck(address, { failure: new Failure(failure.code, failure.message) }, facts, null)
  if (state === 'unknown') return null
  const help = `\`cutover tenant connect --mailbox ${address}\` tells what to do${state === 'waiting' ? '; with --wait 60 it waits until it works' : ''}.`
  return { ...failure, message: `${address}: ${says}`, help }
}

function gb(bytes: number): string {
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`
}
