import type { RecordSet } from '../record-set.ts'
import type { Judge, Judged } from './finding.ts'

export function judgeClients(seen: Judged, { add }: Judge): void {
  const { clients, domain, records } = seen
  const [root] = clients.pages.filter((url) => url.startsWith(`https://${domain}/`))
  if (root !== undefined)
    add(
      'warn',
      'autodiscover-hijack',
      `The web server of ${domain} answers Outlook's first question (${root}): Outlook would not look at the new record.`,
      'Have autodiscover switched off on the web host (cPanel and Plesk do it by themselves) at the switch.',
    )
  const beside = seen.records.filter(
    ({ name, type }) => type === 'CNAME' && records.some((other) => other.name === name && other.type !== 'CNAME'),
  )
  for (const { name } of beside)
    add(
      'warn',
      'alias-beside',
      `${name} is a CNAME and has other records beside it, which is not allowed.`,
      'Have the records that are not meant taken away.',
      name,
    )
  const old = clients.autodiscover.filter(({ data }) => data[0] !== 'autodiscover.outlook.com')
  if (old.length > 0)
    add(
      'info',
      'autodiscover-old',
      `autodiscover.${domain} leads to the old system (${list(old)}).`,
      'It is replaced with the switch: A and AAAA go and the CNAME comes in one change.',
    )
  const srv = clients.services.find(({ name }) => name.startsWith('_autodiscover.'))
  if (srv !== undefined) add('info', 'autodiscover-srv', `_autodiscover._tcp names ${list([srv])}.`, 'It is taken away with the switch.')
  const imap = clients.services.filter(({ name }) => /^_(?:imaps?|pop3s?|submissions?)\./.test(name))
  if (imap.length + clients.autoconfig.length > 0)
    add(
      'info',
      'client-records',
      `Programs find the old system by ${[...imap, ...clients.autoconfig].map(({ name }) => name).join(', ')}.`,
      'They stay until the end of the move: people may still read old mail there.',
    )
  if (clients.hosts.some(({ name }) => name === `msoid.${domain}`))
    add(
      'warn',
      'msoid',
      `msoid.${domain} is there: outside China it stops the activation of Microsoft 365 licences.`,
      'Have it taken away.',
      `msoid.${domain}`,
    )
  judgeMailHost(seen, add)
  const proof = records
    .filter(({ name, type }) => name === domain && type === 'MX')
    .flatMap(({ data }) => data.filter((one) => /\sms\d{4,}\b/.test(one)))
  if (proof.length > 0)
    add(
      'warn',
      'ms-mx',
      `An MX proves the domain to Microsoft (${proof.join(', ')}).`,
      'It goes with the switch at the latest; a TXT record proves as well.',
    )
  const values = records.filter(({ name, type }) => name === domain && type === 'TXT').flatMap(({ data }) => data)
  const tokens = values.flatMap(
    (text) =>
      /^([a-z0-9][a-z0-9._-]*(?:verification|verify|validation|domain)[a-z0-9._-]*)[=:]|^(MS)=ms\d/i.exec(text)?.slice(1).find(Boolean) ??
      [],
  )
  if (tokens.length > 0)
    add('info', 'proofs', `Services have proved the domain by TXT: ${[...new Set(tokens)].join(', ')}.`, 'These values stay as they are.')
}

/** A name that is both the web server and where people read mail goes away with the web server, or stays with it. */
function judgeMailHost({ clients, domain, records }: Judged, add: Judge['add']): void {
  const of = (name: string): readonly string[] =>
    records.filter((set) => set.name === name && (set.type === 'A' || set.type === 'AAAA')).flatMap(({ data }) => data)
  const web = new Set([...of(domain), ...of(`www.${domain}`)])
  const mail = clients.hosts.filter(
    ({ name, data, type }) => name === `mail.${domain}` && type !== 'CNAME' && data.some((one) => web.has(one)),
  )
  if (mail.length > 0)
    add(
      'warn',
      'mail-is-web',
      `mail.${domain} is the same machine as the web site (${list(mail)}).`,
      'Its forms may hand mail for the domain to mailboxes on that machine, past MX, also after the switch. Find out how it delivers locally.',
    )
}

function list(sets: readonly RecordSet[]): string {
  return sets.flatMap(({ data }) => data).join(', ')
}
