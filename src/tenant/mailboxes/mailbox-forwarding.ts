import type { Finding } from '../../model/change.ts'
import type { Setting } from './mailbox-change.ts'
import type { Standing } from './mailbox-match.ts'
import { domainOf } from './mailbox-match.ts'

/** Forwarding to an address. One to an object of the directory, which would count before it, is taken away. */
export function forwardingSettings({ wanted: { forwarding }, mailbox }: Standing): readonly Setting[] {
  if (forwarding === null) return []
  const to = forwarding.to.toLowerCase()
  const isSame = mailbox?.forwardingAddress === to && !mailbox.forwardsToObject
  if (isSame && mailbox.deliverAndForward === forwarding.keepCopy) return []
  const copy = forwarding.keepCopy ? 'and keeps a copy' : 'and keeps no copy'
  const was = mailbox === null ? null : (mailbox.forwardingAddress ?? 'nowhere')
  return [
    { name: 'ForwardingSmtpAddress', to: `smtp:${to}`, as: 'text', says: `forwards to ${to} ${copy}`, was },
    ...(mailbox?.forwardsToObject === true
      ? [{ name: 'ForwardingAddress', to: null, as: 'text', says: 'no longer to an object of the directory' } as const]
      : []),
    { name: 'DeliverToMailboxAndForward', to: forwarding.keepCopy, as: 'text', says: '' },
  ]
}

/** Mail that is forwarded to outside is stopped where the outbound policy does not let it go. */
export function forwardingFindings(
  { wanted: { address, forwarding, where } }: Standing,
  own: ReadonlySet<string>,
  modes: readonly string[],
): readonly Finding[] {
  if (forwarding === null || own.has(domainOf(forwarding.to))) return []
  if (modes.length > 0 && modes.every((mode) => mode.toLowerCase() === 'on')) return []
  return [
    {
      code: 'forwarding-outside',
      severity: 'warning',
      about: address,
      says: `${address} forwards to ${forwarding.to}, outside. The outbound policy stops that unless AutoForwardingMode is On.`,
      remedy: 'Want an outbound policy with AutoForwardingMode On for those who need it, or forward to an address inside.',
      where,
    },
  ]
}
