import type { Context } from '../lib/context.ts'
import { exchanged } from './api-http.ts'
import type { Cloud } from './clouds.ts'
import { serviceBase } from './service-base.ts'
import { textIn } from './wire-json.ts'

/** Where Exchange Online sends the programs of somebody. `url`: null where it names none; `says`: its own words then. */
export type Autodiscovered = { readonly status: number; readonly url: string | null; readonly says: string }

export const PROTOCOLS = ['ActiveSync', 'EWS'] as const
const TIMEOUT_MS = 30_000

/**
 * Asks Exchange Online where the mailbox of an address is, for one protocol, without any token. It answers for whole domains: that
 * proves where the domain is, and not that there is such a mailbox. A redirect elsewhere is told and not followed.
 */
export async function autodiscovered(
  address: string,
  protocol: (typeof PROTOCOLS)[number],
  cloud: Cloud,
  base: string | null,
  ctx: Context,
): Promise<Autodiscovered> {
  const url = new URL('/autodiscover/autodiscover.json', serviceBase(cloud.imapHost, base))
  url.search = new URLSearchParams({ Email: address, Protocol: protocol, RedirectCount: '1' }).toString()
  const { status, json, headers } = await exchanged(
    { method: 'GET', url, headers: {}, body: null, timeoutMs: TIMEOUT_MS },
    'autodiscover',
    ctx,
  )
  const found = textIn(json?.['Url']) || headers.get('location') || ''
  return { status, url: URL.canParse(found) ? found : null, says: textIn(json?.['ErrorMessage']) || textIn(json?.['ErrorCode']) }
}

/** Hosts of Exchange Online, in all its clouds. */
export function isExchangeOnline(url: string): boolean {
  const host = URL.canParse(url) ? new URL(url).hostname : url.toLowerCase().replace(/\.$/, '')
  return /(?:^|\.)(?:office365\.(?:com|us)|outlook\.(?:com|office365\.us|cn)|office\.com|partner\.outlook\.cn)$/.test(host)
}
