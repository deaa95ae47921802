import type { RecordSet } from '../record-set.ts'
import { isMail } from './prepare.ts'
import { note, type Planning } from './planning.ts'

/** MX, and what shows mail programs the way: all at once, so that nothing points to both sides. */
export function switchOver(p: Planning): void {
  const { domain, draft, targetMx, lowTtl, isSwitched } = p
  if (targetMx.length === 0) return
  // What is right already keeps its time to live.
  const put = (set: RecordSet, reason: string, risk: string | null = null): void => {
    const now = draft.at(set.name, set.type)
    const isRight = now !== null && now.data.length === set.data.length && now.data.every((one) => set.data.includes(one))
    draft.put('switch', set, isRight && now.proxied !== true ? now : set, { reason, ...(risk === null ? {} : { risk }) })
  }
  const old = draft.at(domain, 'MX')?.data ?? []
  if (!isSwitched || old.length !== targetMx.length)
    put(
      { name: domain, type: 'MX', ttlSeconds: lowTtl, data: targetMx },
      `mail for ${domain} goes to Microsoft 365${old.length === 0 ? '' : ` instead of ${old.map((one) => one.split(' ')[1]).join(', ')}`}`,
      'mail of the whole domain; the old host must go on taking mail until all caches have turned',
    )
  for (const { name, data } of p.tenant.records.filter(({ type, service }) => type === 'CNAME' && isMail(service))) {
    for (const type of ['A', 'AAAA'] as const) {
      const there = draft.at(name, type)
      if (there !== null) draft.put('switch', there, null, 'a CNAME of that name takes its place')
    }
    put({ name, type: 'CNAME', ttlSeconds: lowTtl, data: [data] }, 'Outlook finds mailboxes in Microsoft 365')
  }
  const service = draft.at(`_autodiscover._tcp.${domain}`, 'SRV')
  if (service !== null) draft.put('switch', service, null, 'it shows Outlook the way to the old server')
  for (const { name, data } of p.tenant.dkim) {
    const now = draft.at(name, 'CNAME')
    if (now === null || now.data.includes(data)) continue
    note(p, {
      code: 'dkim-replaced',
      says: `${name} belongs to another system now (${now.data.join(', ')}) and goes to Microsoft 365 with the switch: mail that the other one signs with it is not proven after that.`,
      remedy: 'Have the other system use another selector before, where it goes on sending.',
    })
    put(
      { name, type: 'CNAME', ttlSeconds: lowTtl, data: [data] },
      `lets Microsoft 365 sign mail of ${domain} (DKIM)`,
      'mail that the old system signed with this selector',
    )
  }
}
