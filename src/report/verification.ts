import type { Block, Column, ReportDocument, ReportOptions, ReportTable } from './document.ts'
import { formatOf } from './format.ts'
import type { VerificationFigures } from './pages.ts'
import { filled } from './phrase.ts'
import { VERIFICATION } from './verification-phrases.ts'
import { WORDS } from './words.ts'

/** A signed manifest, as it was read and checked. */
export type CertificateData = VerificationFigures & {
  /** What the customer gets beside the certificate: a name without a folder. */
  readonly file: string
  /** Whether the signature holds. Where it does not, none of the figures are told. */
  readonly valid: boolean
  /** Milliseconds since 1970. */
  readonly signedAt: number | null
  /** SHA-256 of the public key, and of the whole file, in hex. */
  readonly keyFingerprint: string | null
  readonly sha256: string
  readonly level: 'counts' | 'fingerprints' | 'content'
  /** Messages whose content was compared; null at other levels. */
  readonly compared: number | null
  /** Copied since the comparison: neither proven nor missing. */
  readonly unproven: number
  readonly mailboxes: readonly (VerificationFigures & {
    readonly name: string
    readonly target: string
    /** It could not be compared: nothing is proven of it. */
    readonly unverified: boolean
    readonly folders: readonly (VerificationFigures & { readonly source: string; readonly target: string })[]
  })[]
}

/** What is proven of the move, and how anybody checks it without us. */
export function certificateDocument(data: CertificateData, options: ReportOptions): ReportDocument {
  const { language } = options
  const [says, words, format] = [VERIFICATION[language], WORDS[language], formatOf(language, options.timeZone)]
  const unverified = data.mailboxes.filter((one) => one.unverified).length
  const facts: Block[] = [
    { kind: 'heading', level: 1, text: says.facts },
    {
      kind: 'pairs',
      pairs: [
        { label: says.signed, value: data.signedAt === null ? words.unknown : format.instant(data.signedAt) },
        { label: says.level, value: says[data.level] },
        ...(data.compared === null ? [] : [{ label: says.compared, value: format.number(data.compared) }]),
        { label: says.file, value: data.file },
        { label: says.digest, value: inGroups(data.sha256) },
        { label: says.key, value: data.keyFingerprint === null ? words.unknown : inGroups(data.keyFingerprint) },
      ],
    },
  ]
  const checking: Block[] = [
    { kind: 'heading', level: 1, text: says.check },
    { kind: 'text', text: says['check-text'] },
    { kind: 'list', items: (['step-1', 'step-2', 'step-3'] as const).map((step) => filled(says[step], format, { file: data.file })) },
    { kind: 'text', text: says['check-other'] },
  ]
  const whole = { ...options, title: says.title, subtitle: says.subtitle, wide: true }
  if (!data.valid) return { ...whole, blocks: [{ kind: 'verdict', tone: 'bad', text: says.invalid }, ...checking] }
  return {
    ...whole,
    blocks: [
      verdict(data, unverified, options),
      ...(data.unproven === 0
        ? []
        : [{ kind: 'verdict', tone: 'warning', text: filled(says.unproven, format, { count: data.unproven }) } as const]),
      {
        kind: 'figures',
        figures: [
          { label: words.found, value: format.number(data.found), tone: 'plain' },
          { label: words.copied, value: format.number(data.copied), tone: 'good' },
          { label: words.missing, value: format.number(data.missing), tone: data.missing > 0 ? 'bad' : 'good' },
          { label: words.different, value: format.number(data.different), tone: data.different > 0 ? 'bad' : 'good' },
          { label: words.unexplained, value: format.number(data.unexplained), tone: data.unexplained === 0 ? 'good' : 'bad' },
        ],
      },
      { kind: 'text', text: filled(says.sum, format, figuresOf(data)) },
      ...facts,
      ...checking,
      { kind: 'heading', level: 1, text: says.mailboxes },
      { kind: 'text', text: says['extra-text'] },
      mailboxTable(data, options),
      { kind: 'heading', level: 1, text: says.folders },
      folderTable(data, options),
      {
        kind: 'signatures',
        lines: [
          { role: words.us, name: null },
          { role: words.customer, name: null },
        ],
      },
    ],
  }
}

function verdict(data: CertificateData, unverified: number, { language, timeZone }: ReportOptions): Block {
  const [says, format] = [VERIFICATION[language], formatOf(language, timeZone)]
  if (data.missing + data.different > 0 || data.unexplained !== 0)
    return { kind: 'verdict', tone: 'bad', text: filled(says.differs, format, figuresOf(data)) }
  if (unverified > 0) return { kind: 'verdict', tone: 'warning', text: filled(says.partly, format, { count: unverified }) }
  return { kind: 'verdict', tone: 'good', text: filled(says.proven, format, { found: data.found }) }
}

function figuresOf({
  found,
  copied,
  skipped,
  failed,
  missing,
  extra,
  different,
  unexplained,
}: VerificationFigures): Record<string, number> {
  return { found, copied, skipped, failed, missing, extra, different, unexplained }
}

const FIGURES = ['found', 'copied', 'skipped', 'failed', 'missing', 'extra', 'different', 'unexplained'] as const

function columns({ language }: ReportOptions): readonly Column[] {
  return FIGURES.map((name) => ({ label: WORDS[language][name], width: 1.3, align: 'right' }))
}

function isBad({ missing, different, unexplained }: VerificationFigures): boolean {
  return missing + different > 0 || unexplained !== 0
}

function mailboxTable({ mailboxes }: CertificateData, options: ReportOptions): ReportTable {
  const [says, words] = [VERIFICATION[options.language], WORDS[options.language]]
  return {
    kind: 'table',
    name: 'mailboxes',
    columns: [{ label: words.mailbox, width: 2.6, align: 'left' }, { label: says.verdict, width: 1.6, align: 'left' }, ...columns(options)],
    rows: mailboxes.map((one) => {
      const tone = isBad(one) ? 'bad' : one.unverified ? 'warning' : 'plain'
      const told = one.unverified ? says.unverified : says[isBad(one) ? 'not-ok' : 'ok']
      return { tone, cells: [one.name, told, ...FIGURES.map((name) => (one.unverified ? null : one[name]))] }
    }),
    empty: says['no-mailboxes'],
  }
}

function folderTable({ mailboxes }: CertificateData, options: ReportOptions): ReportTable {
  const [says, words] = [VERIFICATION[options.language], WORDS[options.language]]
  return {
    kind: 'table',
    name: 'folders',
    columns: [{ label: words.mailbox, width: 2.3, align: 'left' }, { label: words.folder, width: 2.3, align: 'left' }, ...columns(options)],
    rows: mailboxes.flatMap(({ name, folders }) =>
      folders.map((folder) => ({
        tone: isBad(folder) ? ('bad' as const) : ('plain' as const),
        cells: [name, folder.source, ...FIGURES.map((figure) => folder[figure])],
      })),
    ),
    empty: says['no-mailboxes'],
  }
}

/** Hex in groups of eight: read aloud, nobody loses their place. */
function inGroups(hex: string): string {
  return hex.match(/.{1,8}/gs)?.join(' ') ?? hex
}
