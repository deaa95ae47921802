import { sameSet, type RecordSet, type RecordType } from '../record-set.ts'
import type { Swap } from '../update-message.ts'

export type TypoKind =
  | 'host-doubled'
  | 'target-extended'
  | 'preference-in-name'
  | 'preference-wrong'
  | 'old-beside-new'
  | 'old-in-the-way'
  | 'two-spf'
  | 'quotes-kept'
  | 'curly-quotes'
  | 'cut-short'
  | 'time-ignored'
  | 'proxied'
  | 'wrong-panel'
export type Typo = { readonly kind: TypoKind; readonly name: string; readonly type: RecordType; readonly says: string }

/** What is served now; `at` answers null where there is no such set. */
export type Served = {
  at(name: string, type: RecordType): RecordSet | null
  /** The same at servers that this domain is not delegated to, such as those of the old host. */
  elsewhere(name: string, type: RecordType): RecordSet | null
}

/** What a person did instead of this swap, as far as it can be seen; [] where nothing is wrong, or nothing was done yet. */
export function typosIn(zone: string, swap: Swap, served: Served): readonly Typo[] {
  const { name, type, after, before } = swap
  if (after === null) return []
  const now = served.at(name, type)
  if (sameSet(now, after, 'counts')) return []
  const typo = (kind: TypoKind, says: string): Typo => ({ kind, name, type, says })
  const found: Typo[] = []
  const host = name === zone ? '@' : name.slice(0, -zone.length - 1)
  if (served.at(`${name}.${zone}`, type) !== null)
    found.push(typo('host-doubled', `${name}.${zone} exists: the panel adds the domain by itself. Type only "${host}" as the host.`))
  if (sameSet(served.elsewhere(name, type), after))
    found.push(
      typo(
        'wrong-panel',
        `It is there at name servers that ${zone} is not delegated to: this was the wrong panel, or an old zone of the same name.`,
      ),
    )
  if (sameSet(now, after))
    return [
      ...found,
      typo('time-ignored', `The record is right, and its time to live is ${now?.ttlSeconds} instead of ${after.ttlSeconds} seconds.`),
    ]
  if (type === 'CNAME' && now === null) found.push(...besideCname(zone, swap, served, typo))
  const isNew = (now?.data ?? []).filter((one) => !after.data.includes(one) && before?.data.includes(one) !== true)
  for (const one of isNew) found.push(...writtenWrong(zone, type, one, after.data, typo))
  const left = (now?.data ?? []).filter((one) => !after.data.includes(one) && before?.data.includes(one) === true)
  if (type === 'TXT' && (now?.data ?? []).filter(isSpf).length > 1 && after.data.filter(isSpf).length <= 1)
    found.push(
      typo(
        'two-spf',
        `There are two SPF records at ${name}: the new one was added, and the old one must be edited or deleted. Two are none to receivers.`,
      ),
    )
  else if (now !== null && left.length > 0 && after.data.every((one) => now.data.includes(one)))
    found.push(
      typo('old-beside-new', `The new ${type} is there, and the old one beside it: delete ${left.map((one) => `"${one}"`).join(', ')}.`),
    )
  return found
}

type Make = (kind: TypoKind, says: string) => Typo

function besideCname(zone: string, { name, before }: Swap, served: Served, typo: Make): readonly Typo[] {
  const addresses = (['A', 'AAAA'] as const).flatMap((type) => served.at(name, type)?.data ?? [])
  if (addresses.length === 0) return []
  const host = name === zone ? '@' : name.slice(0, -zone.length - 1)
  const proxies = addresses.some((one) => PROXIES.some((start) => one.startsWith(start)))
  if (before?.proxied === true || proxies)
    return [typo('proxied', `${name} answers with addresses of a proxy: switch the proxy of this record off ("DNS only").`)]
  return [
    typo(
      'old-in-the-way',
      `${name} still answers with ${addresses.join(', ')}: delete the A and AAAA records of "${host}" first. If none is left there, a proxy is on: switch it off for this record.`,
    ),
  ]
}

/** Of Cloudflare, the one panel in which a proxy is a matter of one click. */
const PROXIES = [
  '104.16.',
  '104.17.',
  '104.18.',
  '104.19.',
  '104.20.',
  '104.21.',
  '104.22.',
  '104.24.',
  '104.25.',
  '104.26.',
  '104.27.',
  '172.64.',
  '172.65.',
  '172.66.',
  '172.67.',
  '188.114.9',
  '2606:4700:',
]

function writtenWrong(zone: string, type: RecordType, now: string, wanted: readonly string[], typo: Make): readonly Typo[] {
  if (type === 'TXT') return textWrong(now, wanted, typo)
  const target = (one: string): string => one.split(' ').at(-1) ?? ''
  if (wanted.some((one) => target(now) === `${target(one)}.${zone}`))
    return [typo('target-extended', `The panel added the domain to the value: "${target(now)}". End the value with a dot.`)]
  if (type !== 'MX') return []
  if (
    /^\d+$/.test(target(now)) ||
    wanted.some((one) => new RegExp(String.raw`^\d+(?: |\\032|-|\.)`).test(target(now)) && target(now).endsWith(target(one)))
  )
    return [typo('preference-in-name', `The priority was typed into the field of the mail server ("${now}"): it has a field of its own.`)]
  const same = wanted.find((one) => target(one) === target(now))
  if (same !== undefined)
    return [
      typo('preference-wrong', `The mail server is right, and its priority is ${now.split(' ')[0]} instead of ${same.split(' ')[0]}.`),
    ]
  return []
}

function textWrong(now: string, wanted: readonly string[], typo: Make): readonly Typo[] {
  const straight = now.replaceAll(/\u00e2\u0080[\u009c\u009d\u009e]/g, '"').replaceAll(/\u00e2\u0080[\u0098\u0099]/g, "'")
  const bare = straight.replace(/^["']+|["']+$/g, '')
  if (straight !== now && (wanted.includes(straight) || wanted.includes(bare)))
    return [typo('curly-quotes', 'The text was copied with curly quotes, as word processors write them: type it without any.')]
  if (bare !== now && wanted.includes(bare))
    return [typo('quotes-kept', 'The quotes became part of the text: type it without them, the panel adds its own.')]
  if (now.length >= 100 && wanted.some((one) => one.startsWith(now)))
    return [typo('cut-short', `The panel cut the text after ${now.length} bytes: enter it as several strings of at most 255 bytes.`)]
  return []
}

function isSpf(text: string): boolean {
  return /^v=spf1(?: |$)/i.test(text)
}
