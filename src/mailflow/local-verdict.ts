import type { Resolver } from './mx-route.ts'
import { headerFields, hopsOf } from './headers.ts'

/** SPF, DKIM and DMARC of a message as we find them ourselves: the second opinion beside the receiver's headers. */
export type LocalVerdict = {
  readonly spf: string
  /** The domain whose SPF was asked. */
  readonly spfDomain: string
  readonly dkim: string
  /** Who signed; '' for nobody. */
  readonly signer: string
  readonly selector: string
  readonly dmarc: string
  /** Of the address in From. */
  readonly domain: string
}

/**
 * Computes the three from the bytes of a message as it arrived. Which host handed it in is read from the topmost Received line, which the
 * receiver wrote. `sender` is the envelope's.
 */
export async function localVerdict(message: Buffer, sender: string, resolver: Resolver): Promise<LocalVerdict> {
  // Loaded by who has a message to judge.
  const { authenticate } = await import('mailauth')
  const [hop] = hopsOf(headerFields(message))
  const { spf, dkim, dmarc } = await authenticate(message, {
    sender,
    ip: hop?.ip ?? '0.0.0.0',
    helo: hop?.from ?? '',
    mta: hop?.by ?? '',
    disableArc: true,
    disableBimi: true,
    resolver: async (name, type) =>
      [...(await resolver(name, type))].map((record) => (typeof record === 'string' ? record : [...record])) as string[],
  })
  const results = dkim?.results ?? []
  const signed = results.find(({ status }) => status.result === 'pass') ?? results[0]
  return {
    spf: spf === undefined || spf === false ? 'none' : spf.status.result,
    spfDomain: spf === undefined || spf === false ? '' : (spf.domain ?? ''),
    dkim: signed?.status.result ?? 'none',
    signer: signed?.signingDomain ?? '',
    selector: signed?.selector ?? '',
    dmarc: dmarc === undefined || dmarc === false ? 'none' : dmarc.status.result,
    domain: dmarc === undefined || dmarc === false ? '' : (dmarc.domain ?? ''),
  }
}
