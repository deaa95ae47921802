import type { AssessedTenant, Assessment, LicenceNeed } from '../assess/assessment.ts'
import { ANALYSIS } from './analysis-words.ts'
import type { ReportOptions, ReportTable } from './document.ts'
import { troubleTold } from './finding-words.ts'
import { formatOf } from './format.ts'
import { filled } from './phrase.ts'
import { WORDS } from './words.ts'

export function troubleTable({ troubles }: Assessment, { language, timeZone }: ReportOptions): ReportTable {
  const [says, words, format] = [ANALYSIS[language], WORDS[language], formatOf(language, timeZone)]
  return {
    kind: 'table',
    name: 'troubles',
    columns: [
      { label: words.what, width: 5, align: 'left' },
      { label: says.outcome, width: 2.2, align: 'left' },
      { label: says.likely, width: 1.1, align: 'right' },
      { label: says.range, width: 1.6, align: 'right' },
      { label: words.code, width: 2, align: 'left' },
    ],
    rows: troubles.map(({ says: own, outcome, messages, code }) => ({
      tone: outcome === 'refused' ? 'warning' : 'plain',
      cells: [
        troubleTold({ code, says: own }, language),
        says[outcome],
        Math.round(messages.likely),
        `${format.number(Math.round(messages.atLeast))} – ${format.number(Math.round(messages.atMost))}`,
        code,
      ],
    })),
    empty: says['no-troubles'],
  }
}

/** Only what changes: a person looks for what is no longer where it was. */
export function folderTable({ mailboxes }: Assessment, { language }: ReportOptions): ReportTable {
  const [says, words] = [ANALYSIS[language], WORDS[language]]
  return {
    kind: 'table',
    name: 'folders',
    columns: [
      { label: words.mailbox, width: 2.4, align: 'left' },
      { label: words.folder, width: 2.4, align: 'left' },
      { label: says['new-name'], width: 2.4, align: 'left' },
      { label: words.messages, width: 1, align: 'right' },
      { label: says.why, width: 4, align: 'left' },
    ],
    rows: mailboxes.flatMap(({ name, folders }) =>
      folders
        .filter(({ reasons }) => reasons.length > 0)
        .map(({ source, target, messages, reasons }) => ({
          tone: target === null ? ('warning' as const) : ('plain' as const),
          cells: [name, source, target ?? says['stays-behind'], messages, reasons.join(' ')],
        })),
    ),
    empty: says['no-renamed'],
  }
}

export function domainTable({ domains }: Assessment, { language }: ReportOptions): ReportTable {
  const [says, words] = [ANALYSIS[language], WORDS[language]]
  return {
    kind: 'table',
    name: 'domains',
    columns: [
      { label: words.domain, width: 2.2, align: 'left' },
      { label: says.dns, width: 2, align: 'left' },
      { label: says.mx, width: 3, align: 'left' },
      { label: says.ttl, width: 1.3, align: 'right' },
      { label: words.what, width: 4.5, align: 'left' },
    ],
    rows: domains.map(({ domain, dnsHost, exchangers, ttlSeconds, findings, failure }) => ({
      tone: failure !== null || findings.some(({ rank }) => rank === 'block') ? 'bad' : 'plain',
      cells: [
        domain,
        dnsHost,
        exchangers.join(', '),
        ttlSeconds === null ? null : { milliseconds: ttlSeconds * 1000 },
        failure ?? findings.map((one) => one.says).join(' '),
      ],
    })),
    empty: says['no-domains'],
  }
}

export function tenantTable({ checks, failure }: AssessedTenant, { language }: ReportOptions): ReportTable {
  const [says, words] = [ANALYSIS[language], WORDS[language]]
  return {
    kind: 'table',
    name: 'tenant',
    columns: [
      { label: says.check, width: 3, align: 'left' },
      { label: words.state, width: 1.5, align: 'left' },
      { label: words.what, width: 6, align: 'left' },
    ],
    rows: checks.map(({ title, state, says: own }) => ({ tone: 'plain', cells: [title, state, own] })),
    empty: failure ?? says['no-findings'],
  }
}

export function licenceTable(licences: readonly LicenceNeed[], { language }: ReportOptions): ReportTable {
  const says = ANALYSIS[language]
  return {
    kind: 'table',
    name: 'licences',
    columns: [
      { label: says.licence, width: 4, align: 'left' },
      { label: says.bought, width: 1.2, align: 'right' },
      { label: says.assigned, width: 1.2, align: 'right' },
      { label: says.needed, width: 1.2, align: 'right' },
      { label: says.short, width: 1.2, align: 'right' },
    ],
    rows: licences.map(({ licence, bought, assigned, needed, missing }) => ({
      tone: missing > 0 ? 'bad' : 'plain',
      cells: [licence, bought, assigned, needed, missing],
    })),
    empty: says['no-findings'],
  }
}

export function leftTable({ leftBehind }: Assessment, { language }: ReportOptions): ReportTable {
  const [says, words] = [ANALYSIS[language], WORDS[language]]
  return {
    kind: 'table',
    name: 'left-behind',
    columns: [
      { label: words.what, width: 2.4, align: 'left' },
      { label: words.who, width: 1.6, align: 'left' },
      { label: says.how, width: 7, align: 'left' },
    ],
    rows: leftBehind.items.map(({ what, who, how }) => ({ tone: 'plain', cells: [says[what], says[who], how] })),
    empty: says['no-findings'],
  }
}

export function priceTable({ price }: Assessment, { language, timeZone }: ReportOptions): ReportTable {
  const [says, words, format] = [ANALYSIS[language], WORDS[language], formatOf(language, timeZone)]
  const { currency, base, perMailbox, mailboxes, extras, total } = price
  const row = (what: string, amount: number): ReportTable['rows'][number] => ({ tone: 'plain', cells: [what, { money: amount, currency }] })
  return {
    kind: 'table',
    name: 'price',
    columns: [
      { label: words.what, width: 8, align: 'left' },
      { label: says.price, width: 2, align: 'right' },
    ],
    rows: [
      row(says.base, base),
      row(filled(says['per-mailbox'], format, { mailboxes, price: format.money(perMailbox, currency) }), perMailbox * mailboxes),
      ...extras.map(({ says: what, amount }) => row(what, amount)),
      row(words.total, total),
    ],
    empty: '',
  }
}
