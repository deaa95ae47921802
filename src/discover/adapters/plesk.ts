import { account, sizeOf, type Found, type Problem, type Reading } from '../found.ts'
import { Failure } from '../../model/failure.ts'
import { ask } from '../http.ts'
import { linesOf, secretOf, strange, type Listing, type ListingFile } from '../listing.ts'
import { textsOf, xmlTree, type XmlElement } from '../xml.ts'

/** A row of `mail_auth_view`: | address | flags | password |. The password is not read. */
const AUTH_ROW = /^\|\s*(\S+@\S+)\s*\|/

/** Plesk: answers of its XML API (`site get`, `mail get_info`), the table of `mail_auth_view`, or the API itself. */
export const plesk: Listing = {
  name: 'plesk',
  title: 'Plesk (XML API, mail_auth_view)',
  command: 'plesk sbin mail_auth_view   or the answer of the XML API to mail get_info',
  file: {
    recognises: (file) =>
      /^\s*(?:<\?xml[^>]*>\s*)?<packet\b/.test(file.text) ||
      linesOf(file)
        .slice(0, 6)
        .some(({ text }) => AUTH_ROW.test(text)),
    read,
  },
  live: {
    url: 'https://panel.example.org:8443',
    uses: ['login'],
    needs: [],
    secret: 'a secret key of the API, or with --login the password of an administrator',
    async list(url, settings, { ctx, progress }) {
      const secret = secretOf(settings).reveal()
      const { login } = settings.text
      const key = login === undefined ? { key: secret } : { http_auth_login: login, http_auth_passwd: secret }
      const headers = { ...key, 'content-type': 'text/xml' }
      const call = async (body: string): Promise<XmlElement> => {
        const target = new URL('/enterprise/control/agent.php', url).href
        const answer = xmlTree(await ask({ url: target, headers, body: `<packet>${body}</packet>`, ca: settings.ca, who: 'Plesk' }, ctx))
        const [problem] = [...answer.problems, ...complaintsIn(answer.root)]
        if (problem !== undefined)
          throw new Failure('auth-rejected', `Plesk does not list the mailboxes: ${problem.says}`, { side: 'source' })
        return answer.root
      }
      const sites = sitesIn(await call('<site><get><filter/><dataset><gen_info/></dataset></get></site>'))
      const found: Found[] = []
      for (const [id, domain] of sites) {
        const request = `<mail><get_info><filter><site-id>${id}</site-id></filter><mailbox/><mailbox-usage/><aliases/></get_info></mail>`
        found.push(...mailnamesIn(await call(request), new Map([[id, domain]])).map((each) => ({ ...each, line: null })))
        progress(found.length)
      }
      return { found, problems: [] }
    },
  },
}

function read(file: ListingFile): Reading {
  if (!/^\s*(?:<\?xml[^>]*>\s*)?</.test(file.text)) return readTable(file)
  const { root, problems: broken } = xmlTree(file.text)
  const problems: Problem[] = [...broken, ...complaintsIn(root)]
  const sites = sitesIn(root)
  const found = mailnamesIn(root, sites)
  if (found.some(({ login }) => !login.includes('@')))
    problems.push({
      line: found.find(({ login }) => !login.includes('@'))?.line ?? null,
      says: 'the answer does not say of which domain the names are: give --target-domain, or put the answer of site get before it',
    })
  return { found, problems }
}

function readTable(file: ListingFile): Reading {
  const found: Found[] = []
  const problems: Problem[] = []
  for (const { line, text } of linesOf(file)) {
    const address = AUTH_ROW.exec(text)?.[1]
    if (address !== undefined) found.push(account({ login: address, line }))
    else if (!/^[+|]/.test(text)) problems.push(strange(line, text.replace(/\|.*/, ''), 'a row of mail_auth_view'))
  }
  return { found, problems }
}

function elements(root: XmlElement, name: string): readonly XmlElement[] {
  return [...(root.name === name ? [root] : []), ...root.children.flatMap((child) => elements(child, name))]
}

function complaintsIn(root: XmlElement): readonly Problem[] {
  return [...elements(root, 'result'), ...elements(root, 'system')].flatMap((result) =>
    textsOf(result, 'status')[0] === 'error'
      ? [{ line: result.line, says: textsOf(result, 'errtext')[0] ?? 'an error without a text' }]
      : [],
  )
}

/** Domains by the number of their site. */
function sitesIn(root: XmlElement): ReadonlyMap<string, string> {
  const results = elements(root, 'site').flatMap((site) => elements(site, 'result'))
  return new Map(
    results.flatMap((result) => {
      const name = elements(result, 'gen_info').flatMap((info) => textsOf(info, 'name'))[0]
      const id = textsOf(result, 'id')[0]
      return name === undefined || id === undefined ? [] : [[id, name] as const]
    }),
  )
}

function mailnamesIn(root: XmlElement, sites: ReadonlyMap<string, string>): readonly Found[] {
  const only = sites.size === 1 ? [...sites.values()][0] : undefined
  return elements(root, 'mail').flatMap((mail) =>
    elements(mail, 'result').flatMap((result) => {
      const site = [...textsOf(result, 'site-id'), ...textsOf(result, 'filter-id')][0]
      const domain = (site === undefined ? undefined : sites.get(site)) ?? only
      return elements(result, 'mailname').map((each) => mailnameOf(each, domain))
    }),
  )
}

function mailnameOf(element: XmlElement, domain: string | undefined): Found {
  const full = (name: string): string => (domain === undefined || name.includes('@') ? name : `${name}@${domain}`)
  const mailbox = element.children.find(({ name }) => name === 'mailbox')
  const enabled = mailbox === undefined ? undefined : textsOf(mailbox, 'enabled')[0]
  const leads = element.children.filter(({ name }) => name === 'forwarding').flatMap((each) => textsOf(each, 'address'))
  return account({
    login: full(textsOf(element, 'name')[0] ?? ''),
    name: textsOf(element, 'description')[0] ?? null,
    kind: enabled === 'false' ? 'alias' : 'user',
    aliases: [
      ...textsOf(element, 'alias'),
      ...element.children.filter(({ name }) => name === 'aliases').flatMap((each) => textsOf(each, 'alias')),
    ].map(full),
    leadsTo: leads,
    sizeBytes:
      sizeOf(mailbox === undefined ? null : (textsOf(mailbox, 'usage')[0] ?? textsOf(mailbox, 'mailbox-usage')[0])) ??
      sizeOf(textsOf(element, 'mailbox-usage')[0]),
    remarks: enabled === 'false' && leads.length === 0 ? ['its mailbox is switched off'] : [],
    line: element.line,
  })
}
