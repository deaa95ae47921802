import { MOST_LOOKUPS, MOST_VOIDS } from '../spf/record.ts'
import type { Judge, Judged } from './finding.ts'
import { plural } from './finding.ts'
import { isMicrosoftKey } from './sending.ts'

export function judgeSending(seen: Judged, { add }: Judge): void {
  judgeSpf(seen, add)
  judgeDmarc(seen, add)
  judgeDkim(seen, add)
  const others = seen.senders.filter(({ name }) => name !== 'the present mail host' && name !== 'Microsoft 365')
  if (others.length > 0)
    add(
      'info',
      'other-senders',
      `Others send for the domain: ${others.map(({ name }) => name).join(', ')}.`,
      'Their terms of SPF and their keys stay. What submits through the old host (scanners, web forms) is not seen here: ask for it.',
    )
}

const SPOILS = { rank: 'must-fix', remedy: 'Have it taken out or repaired: it spoils the whole record.' } as const
const SPF_REMEDIES: Readonly<Record<string, { readonly rank: 'warn'; readonly remedy: string }>> = {
  'pass-all': { rank: 'warn', remedy: 'Whoever forges the domain passes. Ask why it is so.' },
  unanswered: { rank: 'warn', remedy: 'Look again. If it stays, receivers cannot tell who may send.' },
  'many-mx': { rank: 'warn', remedy: 'Write the addresses that are meant.' },
}

function judgeSpf({ spf, domain }: Judged, add: Judge['add']): void {
  if (spf.records.length === 0)
    add(
      'warn',
      'spf-missing',
      `${domain} has no SPF record.`,
      'One is made before the switch. Ask who sends for the domain beside the mail host.',
    )
  if (spf.records.length > 1)
    add(
      'must-fix',
      'spf-several',
      `${domain} has ${spf.records.length} SPF records: receivers take none of them (RFC 7208 §4.5).`,
      'They are merged into one before the switch.',
    )
  if (spf.oldType)
    add(
      'must-fix',
      'spf-old-type',
      `${domain} has SPF as a record of type 99, which nobody reads any more (RFC 7208 §3.1).`,
      'Have it taken away; what it says must stand in the TXT record.',
    )
  for (const tree of spf.trees) {
    const own = (code: string): readonly string[] =>
      tree.problems.filter((one) => one.code === code && one.domain === domain).map(({ says }) => says)
    for (const says of own('unknown-term'))
      add(
        'block',
        'spf-invalid',
        `SPF of ${domain}: ${says} Receivers take the whole record as invalid.`,
        'Have it put right first: what was meant, only its owner knows.',
      )
    if (tree.lookups > MOST_LOOKUPS)
      add(
        'must-fix',
        'spf-lookups',
        `SPF of ${domain} leads to ${tree.lookups} look-ups; receivers stop at ${MOST_LOOKUPS}, and mail fails.`,
        'Senders that are not used any more go first; then "mx" and "a" become addresses, and "ptr" goes. The plan proposes what saves most.',
      )
    if (tree.voids > MOST_VOIDS)
      add(
        'warn',
        'spf-voids',
        `${tree.voids} look-ups of the SPF of ${domain} find nothing; receivers may stop at ${MOST_VOIDS}.`,
        'Take out what is dead.',
      )
    const rest = tree.problems.filter(
      ({ code, domain: whose }) => !['lookups', 'voids', 'ptr'].includes(code) && !(code === 'unknown-term' && whose === domain),
    )
    for (const { says, code, domain: whose } of rest) {
      const { rank, remedy } = SPF_REMEDIES[code] ?? SPOILS
      add(rank, `spf-${code}`, `SPF${whose === domain ? '' : `, in the record of ${whose}`}: ${says}`, remedy, whose)
    }
    for (const says of own('ptr')) add('warn', 'spf-ptr', `SPF of ${domain}: ${says}`, 'Replace it by the addresses that are meant.')
  }
}

function judgeDmarc({ dmarc, dkim, domain }: Judged, add: Judge['add']): void {
  if (dmarc.records.length === 0) {
    add(
      'warn',
      'dmarc-missing',
      `${domain} has no DMARC record.`,
      'Publish "v=DMARC1; p=none; rua=mailto:..." some days before the switch: its reports tell who sends.',
    )
    return
  }
  if (dmarc.records.length > 1)
    add(
      'must-fix',
      'dmarc-several',
      `There are ${dmarc.records.length} DMARC records at _dmarc.${dmarc.at}: receivers take none of them.`,
      'Keep one.',
    )
  if (dmarc.records.length === 1 && dmarc.policy === null)
    add(
      'warn',
      'dmarc-unreadable',
      `The DMARC record of ${dmarc.at} has no policy that receivers understand.`,
      'It must have p=none, p=quarantine or p=reject.',
    )
  const ready = dkim.some(({ target, key }) => isMicrosoftKey(target) && key === 'published')
  if ((dmarc.policy === 'quarantine' || dmarc.policy === 'reject') && !ready)
    add(
      'warn',
      'dmarc-without-dkim',
      `DMARC says p=${dmarc.policy}, and there is no key of Microsoft 365 yet: after the switch SPF alone would have to carry the mail, and forwarded mail would be lost.`,
      'Publish the keys of the tenant and switch DKIM on there before anybody sends from it.',
    )
  if (dmarc.withoutConsent.length > 0)
    add(
      'info',
      'dmarc-consent',
      `Reports of DMARC go to ${dmarc.withoutConsent.join(', ')}, where nobody has consented to them: most reporters send none (RFC 7489 §7.1).`,
      'Ask there for the record <domain>._report._dmarc, or send the reports to the domain itself.',
    )
  if (dmarc.alias) add('info', 'dmarc-elsewhere', `_dmarc.${dmarc.at} is a CNAME: a service manages it.`, 'Leave it as it is.')
}

function judgeDkim({ dkim, domain }: Judged, add: Judge['add']): void {
  const taken = dkim.filter(({ selector, target }) => (selector === 'selector1' || selector === 'selector2') && !isMicrosoftKey(target))
  for (const { selector, how, target } of taken)
    add(
      'warn',
      'dkim-conflict',
      `${selector}._domainkey.${domain} is used by another system (${how}${target === null ? '' : ` to ${target}`}).`,
      'Microsoft 365 needs this name as a CNAME. It is replaced, and put back by a rollback; until then the other system must sign with another selector.',
      `${selector}._domainkey.${domain}`,
    )
  const dangling = dkim.filter(({ how, key }) => how === 'CNAME' && key === 'missing')
  if (dangling.length > 0)
    add(
      'info',
      'dkim-dangling',
      `Keys that lead to nothing: ${dangling.map(({ selector, target }) => `${selector} to ${target}`).join(', ')}.`,
      'Those of Microsoft 365 are well until DKIM is switched on there; others can go after the move.',
    )
  const kept = dkim.filter(({ target, key }) => key === 'published' && !isMicrosoftKey(target))
  if (kept.length > 0)
    add(
      'info',
      'dkim-keys',
      `${plural(kept.length, 'key')} of DKIM found: ${kept.map(({ selector }) => selector).join(', ')}.`,
      'Keep them for 30 days after the move. There may be others: names of keys can only be guessed, or given with --selector.',
    )
}
