import type { MtaSts, StsPolicy } from './assessment.ts'
import { addressesAt } from './mail-in.ts'
import type { Names } from './names.ts'
import type { Outside } from './outside.ts'
import { tagsOf } from './sending.ts'

/** The record, and the policy that it promises (RFC 8461 §3). */
export async function mtaStsOf(domain: string, names: Names, outside: Outside, signal: AbortSignal): Promise<MtaSts> {
  const { set } = await names.find(`_mta-sts.${domain}`, 'TXT')
  const records = (set?.data ?? []).filter((text) => /^v=STSv1\s*;/.test(text))
  const record = records[0] ?? null
  const host = `mta-sts.${domain}`
  const { all, found } = await addressesAt(host, names)
  const alias = found[0]?.aliases.at(-1)?.data[0] ?? null
  if (record === null || outside.page === null) return { record, alias, policy: null, problem: null }
  if (records.length > 1) return { record, alias, policy: null, problem: 'There is more than one record, so that senders take none.' }
  if (!tagsOf(record).has('id')) return { record, alias, policy: null, problem: 'The record has no id.' }
  if (all.length === 0) return { record, alias, policy: null, problem: `${host} has no address.` }
  const page = await outside.page(`https://${host}/.well-known/mta-sts.txt`, all, signal)
  if (page.status === null) return { record, alias, policy: null, problem: page.why }
  if (page.status !== 200) return { record, alias, policy: null, problem: `${host} answers ${page.status} in the place of the policy.` }
  const policy = policyIn(page.body)
  return { record, alias, policy, problem: policy === null ? `What ${host} gives is no policy.` : null }
}

/** null for what senders cannot use. */
export function policyIn(text: string): StsPolicy | null {
  const lines = text.split(/\r?\n/).map((line) => /^([a-z_]+)\s*:\s*(.*?)\s*$/i.exec(line))
  const all = (key: string): readonly string[] => lines.flatMap((line) => (line?.[1]?.toLowerCase() === key ? [line[2] ?? ''] : []))
  const [version] = all('version')
  const [mode] = all('mode')
  const [age = ''] = all('max_age')
  if (version !== 'STSv1' || (mode !== 'enforce' && mode !== 'testing' && mode !== 'none') || !/^\d{1,10}$/.test(age)) return null
  const mx = all('mx').map((one) => one.toLowerCase())
  return mode !== 'none' && mx.length === 0 ? null : { mode, maxAgeSeconds: Number(age), mx }
}

/** Whether a pattern of a policy allows the host: a star stands for the first label and for no more (RFC 8461 §4.1). */
export function allowsHost(pattern: string, host: string): boolean {
  const [wanted, name] = [pattern.toLowerCase().replace(/\.$/, ''), host.toLowerCase().replace(/\.$/, '')]
  if (!wanted.startsWith('*.')) return wanted === name
  const dot = name.indexOf('.')
  return dot > 0 && name.slice(dot + 1) === wanted.slice(2)
}

/** Whether a policy may let Microsoft's hosts pass, whichever the tenant will name. */
export function namesMicrosoft({ mx }: StsPolicy): boolean {
  return mx.some((pattern) =>
    /(?:^|\.)(?:mail\.protection\.(?:outlook\.com|office365\.us|partner\.outlook\.cn)|[a-z0-9-]+\.mx\.microsoft)$/.test(
      pattern.replace(/^\*\./, ''),
    ),
  )
}
