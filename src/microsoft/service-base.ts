import { Failure } from '../model/failure.ts'

/** Where a service of Microsoft answers: its host in the cloud, or a simulator on this machine. Throws `bad-input` for any other place: the token would go there. */
export function serviceBase(host: string, base: string | null): URL {
  if (base === null) return new URL(`https://${host}/`)
  const url = URL.canParse(base) ? new URL(base) : null
  if (url === null || !/^https?:$/.test(url.protocol) || !isLoopback(url))
    throw new Failure('bad-input', 'A stand-in for Microsoft 365 may only be on this machine (http://127.0.0.1:PORT).')
  return url
}

/** Both are on this machine, or both hosts of Microsoft over TLS with the same domain, such as two regions. */
export function isKin(url: URL, base: URL): boolean {
  if (url.origin === base.origin || (isLoopback(url) && isLoopback(base))) return true
  const domain = (host: string): string => host.split('.').slice(-2).join('.')
  return url.protocol === 'https:' && base.protocol === 'https:' && url.port === '' && domain(url.hostname) === domain(base.hostname)
}

/** The address of a next page, which must be at a place like the first. Throws `answer-unreadable`: the token is for nobody else. */
export function nextAddress(link: string, base: URL, seen: Set<string>): URL {
  const url = URL.canParse(link, base.href) ? new URL(link, base) : null
  if (url === null || !isKin(url, base))
    throw new Failure('answer-unreadable', `The next page was said to be at ${url?.host ?? 'no address'} instead of ${base.host}.`)
  if (seen.has(url.href)) throw new Failure('answer-unreadable', `The pages of ${base.host} go round in a circle.`)
  seen.add(url.href)
  return url
}

function isLoopback({ hostname }: URL): boolean {
  return ['127.0.0.1', '[::1]', 'localhost'].includes(hostname)
}
