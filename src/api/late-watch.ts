import type { PassOptions } from '../engine/options.ts'
import { tellingFullness } from '../engine/full-mailbox.ts'
import { CLOCK_SKEW_MS, noteLateMail, noteLostSight } from '../engine/late-mail.ts'
import type { Context } from '../lib/context.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { ArrivalSides } from '../message/arrival.ts'
import type { Failure } from '../model/failure.ts'
import type { Source } from '../source/port.ts'
import { parseEndpointUrl, type EndpointUrl } from './endpoint-url.ts'
import type { OpenMailbox } from './mailboxes.ts'
import type { AfterSwitch } from './operations.ts'

/** What Exchange Online's hosts are called, in every cloud: what they received did not come to the old side. */
export const MICROSOFT_HOSTS = ['outlook.com', 'office365.com', 'office365.us', 'outlook.cn', 'outlook.us', 'mx.microsoft'] as const
/** Old servers forward from before the switch on, and a copy made then is a copy as well. */
const FORWARDED_BEFORE_MS = 7 * 24 * 3_600_000

/** Watches mailboxes for late mail while they are copied. */
export type LateWatch = {
  wrapped(mailbox: OpenMailbox): OpenMailbox
  /** After a pass. */
  arrived(mailbox: OpenMailbox, mailboxId: number, source: Source): Promise<void>
  /** After a pass that failed. */
  lost(mailboxId: number, why: Failure): void
}

/** The rules of a pass after the switch; the reasons stand with `AfterSwitch`. */
export function rulesAfter({ at }: AfterSwitch): Pick<PassOptions, 'deletions' | 'flags' | 'alreadyThere'> {
  return { deletions: 'keep', flags: 'keep', alreadyThere: { since: at - FORWARDED_BEFORE_MS, as: 'copied' } }
}

export function lateWatch(
  ledger: Ledger,
  { source, destination }: { readonly source: string; readonly destination: string },
  { at, ttlSeconds, oldHosts }: AfterSwitch,
  ctx: Context,
): LateWatch {
  const ours = [...hostsOf(parseEndpointUrl(source)), ...oldHosts.map((host) => host.toLowerCase().replace(/\.$/, ''))]
  const since = at - ttlSeconds * 1000 - CLOCK_SKEW_MS
  return watchFor(ledger, at, { since, ours, theirs: hostsOf(parseEndpointUrl(destination)) }, ctx)
}

/** `switchedAt`: what entered the ledger before is not looked at. */
export function watchFor(ledger: Ledger, switchedAt: number, sides: ArrivalSides, ctx: Context): LateWatch {
  const troubles = new Map<OpenMailbox['identity'], string | null>()
  return {
    wrapped: (mailbox) => ({ ...mailbox, source: tellingFullness(mailbox.source, (full) => void troubles.set(mailbox.identity, full)) }),
    async arrived({ identity }, mailboxId, source) {
      await noteLateMail({ ledger, mailboxId, source, switchedAt, sides, trouble: troubles.get(identity) ?? null, ctx })
    },
    lost(mailboxId, why) {
      if (why.side === 'destination' || why.code === 'stopped') return
      noteLostSight(ledger, mailboxId, switchedAt, why)
    },
  }
}

export function hostsOf(endpoint: EndpointUrl): readonly string[] {
  return endpoint.kind === 'imap' ? [endpoint.host.toLowerCase()] : MICROSOFT_HOSTS
}
