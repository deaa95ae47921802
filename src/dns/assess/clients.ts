import type { RecordSet } from '../record-set.ts'
import type { Clients } from './assessment.ts'
import { addressesAt } from './mail-in.ts'
import type { Found, Names } from './names.ts'
import type { Outside } from './outside.ts'
import { sameAnswer } from './sending.ts'

const SERVICES =
  '_autodiscover._tcp _imaps._tcp _imap._tcp _pop3s._tcp _pop3._tcp _submissions._tcp _submission._tcp _caldavs._tcp _caldav._tcp _carddavs._tcp _carddav._tcp _sip._tls _sipfederationtls._tcp'.split(
    ' ',
  )
const HOSTS = ['mail', 'imap', 'smtp', 'pop', 'pop3', 'webmail', 'mx', 'mx1', 'www', 'ftp', 'mta-sts']
/** Names that Microsoft 365 knows; only listed. */
const MICROSOFT_HOSTS = ['msoid', 'lyncdiscover', 'sip', 'enterpriseregistration', 'enterpriseenrollment']

/** What programs of users ask for, and the hosts that people know by name. `random`: what a wildcard answers anywhere. */
export async function clientsOf(
  domain: string,
  random: readonly Found[],
  names: Names,
  outside: Outside,
  signal: AbortSignal,
): Promise<Clients> {
  const at = async (name: string): Promise<readonly RecordSet[]> => {
    const { found } = await addressesAt(`${name}.${domain}`, names)
    const own = found.filter((one) => !random.some((other) => sameAnswer(one, other)))
    return distinct(own.flatMap((one) => [...one.aliases.slice(0, 1), ...(one.aliases.length === 0 && one.set !== null ? [one.set] : [])]))
  }
  const [autodiscover, autoconfig, services, hosts, pages] = await Promise.all([
    at('autodiscover'),
    at('autoconfig'),
    Promise.all(SERVICES.map(async (name) => (await names.find(`${name}.${domain}`, 'SRV')).set)),
    Promise.all([...HOSTS, ...MICROSOFT_HOSTS].map(at)),
    answeringPages(domain, names, outside, signal),
  ])
  return {
    autodiscover,
    autoconfig,
    services: services.filter((set) => set !== null),
    hosts: hosts.flat(),
    pages,
  }
}

/** Outlook asks the domain itself before its autodiscover host: who answers there, wins. */
async function answeringPages(domain: string, names: Names, outside: Outside, signal: AbortSignal): Promise<readonly string[]> {
  const { page } = outside
  if (page === null) return []
  const urls = [
    [domain, '/autodiscover/autodiscover.xml'],
    [`autodiscover.${domain}`, '/autodiscover/autodiscover.xml'],
    [`autoconfig.${domain}`, '/mail/config-v1.1.xml'],
  ] as const
  const found = await Promise.all(
    urls.map(async ([host, path]) => {
      const { all } = await addressesAt(host, names)
      if (all.length === 0) return null
      const url = `https://${host}${path}`
      const answer = await page(url, all, signal)
      if (answer.status === null) return null
      // Exchange and its like want to know who asks; a web site's own page for everything is none.
      const isXml = answer.status === 200 && /<(?:Autodiscover|clientConfig)[\s>]/i.test(answer.body)
      return answer.status === 401 || isXml ? url : null
    }),
  )
  return found.filter((url) => url !== null)
}

export function distinct(sets: readonly RecordSet[]): readonly RecordSet[] {
  return [...new Map(sets.map((set) => [`${set.name} ${set.type}`, set])).values()]
}
