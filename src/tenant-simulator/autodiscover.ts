import { acceptedDomains, domainOf } from './address-book.ts'
import type { Answer } from './answers.ts'
import type { ServiceRequest } from './request.ts'
import type { TenantWorld } from './world.ts'

const URLS: Readonly<Record<string, string>> = {
  activesync: 'https://outlook.office365.com/Microsoft-Server-ActiveSync',
  ews: 'https://outlook.office365.com/EWS/Exchange.asmx',
  autodiscoverv1: 'https://outlook.office365.com/autodiscover/autodiscover.xml',
  rest: 'https://outlook.office.com/api',
}

/** Autodiscover v2: tells where a domain's mail is. It says nothing about whether a mailbox exists. */
export function autodiscover(world: TenantWorld, { url }: ServiceRequest): Answer {
  const email = url.searchParams.get('Email') ?? ''
  const protocol = url.searchParams.get('Protocol') ?? ''
  if (!/^[^@\s]+@[^@\s]+$/.test(email))
    return { status: 400, body: { ErrorCode: 'InvalidUserId', ErrorMessage: 'The given user is invalid.' } }
  const found = URLS[protocol.toLowerCase()]
  if (found === undefined) {
    const known = 'ActiveSync, AutodiscoverV1, EWS, Rest'
    return {
      status: 400,
      body: {
        ErrorCode: 'InvalidProtocol',
        ErrorMessage: `The given protocol value '${protocol}' is invalid. Supported values are '${known}'`,
      },
    }
  }
  if (!acceptedDomains(world).includes(domainOf(email)))
    return { status: 302, headers: { location: `https://autodiscover.${domainOf(email)}/autodiscover/autodiscover.json${url.search}` } }
  return { status: 200, body: { Protocol: protocol, Url: found } }
}
