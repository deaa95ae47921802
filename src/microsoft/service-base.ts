import { Failure } from '../model/failure.ts'

/** Where a service of Microsoft answers: its host in the cloud, or a simulator on this machine. Throws `bad-input` for any other place: the token would go there. */
export function serviceBase(host: string, base: string | null): URL {
  if (base === null) return new URL(`https://${host}/`)
  const url = URL.canParse(base) ? new URL(base) : null
  const loopback = url !== null && /^https?:$/.test(url.protocol) && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname)
  if (!loopback) throw new Failure('bad-input', 'A stand-in for Microsoft 365 may only be on this machine (http://127.0.0.1:PORT).')
  return url
}

/** The address of a next page, which must be at the same place as the first. Throws `answer-unreadable`: the token is for nobody else. */
export function nextAddress(link: string, base: URL, seen: Set<string>): URL {
  const url = URL.canParse(link, base.href) ? new URL(link, base) : null
  if (url === null || url.origin !== base.origin)
    throw new Failure('answer-unreadable', `The next page was said to be at ${url?.host ?? 'no address'} instead of ${base.host}.`)
  if (seen.has(url.href)) throw new Failure('answer-unreadable', `The pages of ${base.host} go round in a circle.`)
  seen.add(url.href)
  return url
}
