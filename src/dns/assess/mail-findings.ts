import { organisationalDomain } from './organisational-domain.ts'
import type { AssessOptions } from './assess.ts'
import type { Exchanger } from './assessment.ts'
import type { Judge, Judged } from './finding.ts'
import { MAIL_HOSTS } from './mail-hosts.ts'
import { namesMicrosoft } from './mta-sts.ts'
import { ownerOf } from './owners.ts'

const LONG_TTL_SECONDS = 3600

export function judgeMail(seen: Judged, options: AssessOptions, { add }: Judge): void {
  const { mail, domain, tenant } = seen
  if (tenant?.seen === 'tenant') {
    const ours = options.tenantId?.toLowerCase()
    if (ours === undefined || ours === '')
      add(
        'warn',
        'in-tenant',
        `${domain} is verified in a Microsoft tenant (${tenant.tenantId}).`,
        'It must be the tenant that the mail moves to. If it is another one, the domain must be taken out there first.',
      )
    else if (ours !== tenant.tenantId.toLowerCase())
      add(
        'block',
        'in-another-tenant',
        `${domain} is verified in another Microsoft tenant (${tenant.tenantId}).`,
        'Have it taken out there first, with every address that uses it; Microsoft lets no domain be in two tenants.',
      )
  }
  if (mail.kind === 'null')
    add(
      'block',
      'null-mx',
      `${domain} says that it takes no mail (MX "0 .").`,
      'If it is to take mail from now on, ask who declared this and why; then have the record taken away.',
    )
  if (mail.kind === 'none')
    add(
      'warn',
      'no-mail',
      `${domain} has neither MX nor an address: it receives no mail today.`,
      'Nothing to do if that is meant. There is no old host to watch.',
    )
  if (mail.kind === 'unknown' && seen.apexAlias === null)
    add('block', 'mx-unanswered', `The servers give no answer about the MX of ${domain}.`, 'Look again; if it stays, ask the host of DNS.')
  if (mail.kind === 'implicit')
    add(
      'warn',
      'implicit-mx',
      `${domain} has no MX; mail goes to its address ${mail.exchangers.flatMap(({ addresses }) => addresses).join(', ')}, which is often the web server.`,
      'Make sure that this is the old mail host. The way back is to take the new MX away.',
    )
  for (const one of mail.exchangers) judgeExchanger(one, add)
  if (mail.ttlSeconds !== null && mail.kind === 'mx' && mail.ttlSeconds > LONG_TTL_SECONDS)
    add(
      'must-fix',
      'mx-ttl',
      `The MX is remembered for ${mail.ttlSeconds} s.`,
      `Lower it to 300 s, and switch no sooner than ${mail.ttlSeconds} s after that was seen on every server.`,
    )
  judgeOwners(seen, add)
  judgeTransport(seen, add)
  for (const set of seen.subdomainMail)
    add(
      'warn',
      'subdomain-mail',
      `${set.name} receives mail as well (${set.data.join(', ')}).`,
      'It does not move with the domain. Add it to the tenant if it is to move, else leave it.',
      set.name,
    )
}

function judgeExchanger({ host, problem }: Exchanger, add: Judge['add']): void {
  if (problem === 'address')
    add(
      'warn',
      'mx-is-address',
      `The MX ${host} is an address; it must be a name.`,
      'Many senders do not deliver to it. It goes with the switch.',
      host,
    )
  if (problem === 'alias')
    add(
      'warn',
      'mx-is-alias',
      `The MX host ${host} is a CNAME, which is not allowed (RFC 2181 §10.3).`,
      'It goes with the switch; until then some senders may fail.',
      host,
    )
  if (problem === 'no-address' && !host.endsWith('.invalid'))
    add(
      'warn',
      'mx-without-address',
      `The MX host ${host} has no address.`,
      'Mail waits for it or comes back. It goes with the switch.',
      host,
    )
  if (problem === 'unanswered')
    add(
      'warn',
      'mx-unresolved',
      `Nothing was answered about the MX host ${host}.`,
      'Look again: without its address, SPF cannot keep it as a sender.',
      host,
    )
}

function judgeOwners({ mail, domain }: Judged, add: Judge['add']): void {
  const real = mail.exchangers.filter(({ host }) => !/\.msv\d\.invalid$/.test(host) && !/^ms\d{4,}\./.test(host))
  const [first] = real
  if (first === undefined) return
  const owner = ownerOf(first.host, MAIL_HOSTS)
  const ownerName = ({ host }: Exchanger): string => ownerOf(host, MAIL_HOSTS)?.name ?? organisationalDomain(host)
  const foreign = real.filter((one) => ownerName(one) !== ownerName(first) && !(one.inside && first.inside))
  for (const { host, preference } of foreign)
    add(
      'warn',
      'backup-mx',
      `${host} (preference ${preference}) belongs to somebody else than ${first.host}: mail that it took waits there.`,
      'All MX are replaced together. Watch that host too until it has delivered everything.',
      host,
    )
  if (owner?.kind === 'microsoft')
    add(
      'info',
      'is-microsoft',
      `${domain} receives its mail at Microsoft 365 already.`,
      'If that is another tenant, mailboxes move between tenants, and not over IMAP with passwords.',
    )
  if (owner?.kind === 'gateway')
    add(
      'warn',
      'gateway',
      `${owner.name} filters the mail in front of the mailboxes.`,
      'Decide whether it stays in front (then its target changes, and not MX) or goes. SPF, autodiscover and SRV tell where the mailboxes are.',
    )
  if (owner?.kind === 'forwarder')
    add(
      'warn',
      'forwarder',
      `${owner.name} only forwards: there are no mailboxes behind this MX.`,
      'Get the list of its forwardings; where it manages the records itself (Cloudflare Email Routing), it must be switched off there first.',
    )
}

function judgeTransport(seen: Judged, add: Judge['add']): void {
  const { mtaSts, mail, domain } = seen
  if (mtaSts.problem !== null)
    add(
      'block',
      'mta-sts-unreachable',
      `${domain} promises a policy of MTA-STS, and it cannot be had: ${mtaSts.problem}`,
      'Senders may hold an older one that enforces the old hosts. Make the policy reachable again with mode "none" or with old and new hosts, change the id, and wait for its old max_age.',
    )
  if (mtaSts.policy !== null && mtaSts.policy.mode !== 'none' && !namesMicrosoft(mtaSts.policy))
    add(
      'must-fix',
      'mta-sts-narrow',
      `The policy of MTA-STS (${mtaSts.policy.mode}) allows ${mtaSts.policy.mx.join(', ')} and not the new host${mtaSts.policy.mode === 'enforce' ? ': senders would refuse to deliver' : ''}.`,
      'Add the new host to the policy beside the old ones, change the id in the TXT record, and wait some hours (better: the max_age) before the switch. A star stands for one label only.',
    )
  if (mtaSts.record !== null && mtaSts.alias !== null)
    add(
      'warn',
      'mta-sts-elsewhere',
      `The policy of MTA-STS is served by ${mtaSts.alias}.`,
      'Make sure that you can change it there; else host it yourself before the switch.',
    )
  if (mail.exchangers.some(({ tlsa }) => tlsa.length > 0))
    add(
      'info',
      'dane',
      'The present MX hosts have TLSA records (DANE).',
      'They belong to the old hosts and stay with them. Microsoft 365 publishes its own once inbound DANE is switched on.',
    )
  const records = (name: string): readonly string[] =>
    seen.records.filter((set) => set.name === name && set.type === 'TXT').flatMap(({ data }) => data)
  if (records(`_smtp._tls.${domain}`).some((text) => text.startsWith('v=TLSRPTv1')))
    add('info', 'tls-rpt', 'Reports about TLS are asked for (_smtp._tls).', 'Keep it: after the switch they tell who fails.')
  if (records(`default._bimi.${domain}`).some((text) => /^v=BIMI1/i.test(text)))
    add('info', 'bimi', 'A logo is published (BIMI).', 'Leave it as it is.')
  const caa = seen.records.filter((set) => set.type === 'CAA').flatMap(({ data }) => data)
  if (caa.length > 0)
    add('info', 'caa', `Only some may issue certificates: ${caa.join(', ')}.`, 'A certificate for mta-sts must come from one of them.')
}
