import { isProps, type Json, type Props } from './props.ts'

/** One request as the services see it; a member of a batch is one too. */
export type ServiceRequest = {
  readonly method: string
  /** With its query. The path keeps its escapes. */
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly bytes: Buffer
}

/** The body as JSON; undefined when there is none or it is something else. */
export function jsonOf({ bytes }: ServiceRequest): Json | undefined {
  if (bytes.length === 0) return undefined
  try {
    return JSON.parse(bytes.toString('utf8')) as Json
  } catch {
    return undefined
  }
}

export function bodyOf(request: ServiceRequest): Props {
  const body = jsonOf(request)
  return isProps(body) ? body : {}
}

/** Everything in a request that may name an address. */
export function wordsOf({ url, bytes }: ServiceRequest): string {
  const { pathname, search } = url
  const asked = `${pathname}${search}`.replace(/%40/g, '@').replace(/%27/g, "'")
  return `${asked} ${bytes.length > 200_000 ? '' : bytes.toString('utf8')}`
}
