import { badRequest, notFound, type Answer } from './answers.ts'
import { domainOf } from './address-book.ts'
import { body, context, created, listAnswer, NO_CONTENT, oneAnswer, param, type GraphCall, type Route } from './graph-call.ts'
import { listOf, textOf, type Props } from './props.ts'
import type { Domain } from './state.ts'
import { guidFrom, type TenantWorld } from './world.ts'

const READ = ['Domain.Read.All', 'Domain.ReadWrite.All', 'Directory.Read.All', 'Directory.ReadWrite.All']
const WRITE = ['Domain.ReadWrite.All']
const SERVICES = ['Email', 'OfficeCommunicationsOnline', 'Yammer']

export const DOMAIN_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/domains',
    needs: READ,
    run: (call) =>
      listAnswer(
        call,
        call.world.state.domains.map(({ props }) => props),
        { what: 'domains', defaultTop: 100, maxTop: 999 },
      ),
  },
  { method: 'POST', path: '/domains', needs: WRITE, run: createDomain },
  { method: 'GET', path: '/domains/:id', needs: READ, run: (call) => oneAnswer(call, 'domains', domainAt(call).props) },
  { method: 'PATCH', path: '/domains/:id', needs: WRITE, run: changeDomain },
  { method: 'DELETE', path: '/domains/:id', needs: WRITE, run: deleteDomain },
  { method: 'GET', path: '/domains/:id/verificationDnsRecords', needs: READ, run: (call) => records(call, proofRecords(domainAt(call))) },
  {
    method: 'GET',
    path: '/domains/:id/serviceConfigurationRecords',
    needs: READ,
    run: (call) => records(call, serviceRecords(domainAt(call))),
  },
  { method: 'POST', path: '/domains/:id/verify', needs: WRITE, run: verify },
]

function domainAt(call: GraphCall): Domain {
  const domain = call.world.state.domains.find(({ id }) => id === param(call, 'id').toLowerCase())
  if (domain === undefined) throw notFound(param(call, 'id'))
  return domain
}

function records(call: GraphCall, value: readonly Props[]): Answer {
  return { status: 200, body: { '@odata.context': context(call, 'domainDnsRecords'), value } }
}

function createDomain(call: GraphCall): Answer {
  const id = textOf(body(call)['id']).toLowerCase()
  if (!/^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/.test(id))
    throw badRequest("Invalid value specified for property 'id' of resource 'Domain'.")
  if (call.world.state.domains.some((one) => one.id === id)) throw badRequest('Domain already exists in your organization.')
  const domain = addDomain(call.world, id)
  return created({ '@odata.context': context(call, 'domains/$entity'), ...domain.props })
}

/** A domain that nobody has proved to own yet. */
export function addDomain(world: TenantWorld, id: string, more: { readonly elsewhere?: boolean } = {}): Domain {
  const digits = (Number.parseInt(guidFrom(`${world.state.seed}:${id}`).slice(0, 8), 16) % 90_000_000) + 10_000_000
  const domain: Domain = {
    id,
    props: {
      id,
      authenticationType: 'Managed',
      availabilityStatus: null,
      isAdminManaged: true,
      isDefault: false,
      isInitial: false,
      isRoot: !world.state.domains.some((one) => id.endsWith(`.${one.id}`)),
      isVerified: false,
      supportedServices: [],
      passwordNotificationWindowInDays: null,
      passwordValidityPeriodInDays: null,
      state: null,
    },
    proof: `MS=ms${digits}`,
    acceptedAtMs: null,
    elsewhere: more.elsewhere ?? false,
  }
  world.state.domains.push(domain)
  return domain
}

function proofRecords({ id, proof }: Domain): Props[] {
  const common = { isOptional: false, label: id, supportedService: 'Email', ttl: 3600 }
  return [
    { '@odata.type': '#microsoft.graph.domainDnsTxtRecord', id: guidFrom(`${id} txt`), ...common, recordType: 'Txt', text: proof },
    {
      '@odata.type': '#microsoft.graph.domainDnsMxRecord',
      id: guidFrom(`${id} mx`),
      ...common,
      recordType: 'Mx',
      mailExchange: `${proof.slice('MS='.length)}.msv1.invalid`,
      preference: 32767,
    },
  ]
}

/** Where mail for this domain goes, in the form that DNS wants it. */
export function mailHostOf(domain: string): string {
  return `${domain.replaceAll('.', '-')}.mail.protection.outlook.com`
}

function serviceRecords({ id, props }: Domain): Props[] {
  const services = listOf(props['supportedServices'])
  const record = (kind: string, supportedService: string, label: string, isOptional: boolean, more: Props): Props => ({
    '@odata.type': `#microsoft.graph.domainDns${kind}Record`,
    id: guidFrom(`${id} ${kind} ${label}`),
    recordType: kind === 'Cname' ? 'CName' : kind,
    supportedService,
    label,
    ttl: 3600,
    isOptional,
    ...more,
  })
  const mail = [
    record('Mx', 'Email', id, false, { mailExchange: mailHostOf(id), preference: 0 }),
    record('Txt', 'Email', id, false, { text: 'v=spf1 include:spf.protection.outlook.com -all' }),
    record('Cname', 'Email', `autodiscover.${id}`, false, { canonicalName: 'autodiscover.outlook.com' }),
  ]
  const calls = record('Srv', 'OfficeCommunicationsOnline', `_sipfederationtls._tcp.${id}`, false, {
    nameTarget: 'sipfed.online.lync.com',
    port: 5061,
    priority: 100,
    weight: 1,
    protocol: '_tcp',
    service: '_sipfederationtls',
  })
  return [...(services.includes('Email') ? mail : []), ...(services.includes('OfficeCommunicationsOnline') ? [calls] : [])]
}

function changeDomain(call: GraphCall): Answer {
  const domain = domainAt(call)
  const { isDefault, supportedServices, ...rest } = body(call)
  const other = Object.keys(rest).find((name) => !name.startsWith('@'))
  if (other !== undefined) throw badRequest(`Property '${other}' is read-only and cannot be set.`)
  if (domain.props['isVerified'] !== true) throw badRequest(`Domain '${domain.id}' is not verified.`)
  const services = listOf(supportedServices)
  const wrong = services.find((one) => !SERVICES.includes(one))
  if (wrong !== undefined) throw badRequest(`Invalid value '${wrong}' specified for property 'supportedServices' of resource 'Domain'.`)
  if (supportedServices !== undefined) domain.props['supportedServices'] = services
  if (isDefault === true) {
    for (const one of call.world.state.domains) one.props['isDefault'] = one === domain
    for (const one of call.world.state.objects)
      if (one.kind === 'AcceptedDomain') one.props['Default'] = one.props['DomainName'] === domain.id
  }
  return NO_CONTENT
}

function deleteDomain(call: GraphCall): Answer {
  const { world } = call
  const domain = domainAt(call)
  if (domain.props['isInitial'] === true || domain.props['isDefault'] === true)
    throw badRequest(`The domain '${domain.id}' cannot be removed because it is the initial or the default domain.`)
  const used =
    world.state.users.some(
      ({ props, deletedAtMs }) => deletedAtMs === null && domainOf(textOf(props['userPrincipalName'])) === domain.id,
    ) || world.state.objects.some(({ props }) => listOf(props['EmailAddresses']).some((one) => domainOf(one) === domain.id))
  if (used) throw badRequest(`Domain '${domain.id}' is being used by users, groups or applications and cannot be removed.`)
  world.state.domains.splice(world.state.domains.indexOf(domain), 1)
  const { objects } = world.state
  const accepted = objects.findIndex(({ kind, props }) => kind === 'AcceptedDomain' && props['DomainName'] === domain.id)
  if (accepted >= 0) objects.splice(accepted, 1)
  return NO_CONTENT
}

function verify(call: GraphCall): Answer {
  const { world } = call
  const domain = domainAt(call)
  if (domain.props['isVerified'] === true) return { status: 200, body: domain.props }
  const published = world.state.dns.some(
    ({ name, type, value }) =>
      name === domain.id &&
      ((type === 'TXT' && value === domain.proof) || (type === 'MX' && value.includes(`${domain.proof.slice('MS='.length)}.msv1.invalid`))),
  )
  if (!published)
    throw badRequest(
      "Domain verification failed with the following error: 'DNS verification record cannot be found.'. Please try again later.",
    )
  if (domain.elsewhere)
    throw badRequest(
      `Domain verification failed with the following error: 'The domain ${domain.id} is already verified in another organization.'.`,
    )
  markVerified(world, domain)
  return { status: 200, body: { '@odata.context': context(call, 'domains/$entity'), ...domain.props } }
}

/** The domain is ours; Exchange hears of it a while later. */
export function markVerified(world: TenantWorld, domain: Domain): void {
  domain.props = { ...domain.props, isVerified: true }
  domain.acceptedAtMs = world.now() + world.timing.acceptedDomainMs
  world.schedule('accepted-domain', domain.id, world.timing.acceptedDomainMs)
}
