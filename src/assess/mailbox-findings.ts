import type { AssessedMailbox, AssessFinding, Assessment, Estimate } from './assessment.ts'
import type { FindingTerms } from './findings.ts'

/** No mailbox of Exchange Online holds more, whatever its licence; below it the licence decides. */
const LARGEST_BYTES = 100 * 1024 ** 3
const USUAL_BYTES = 50 * 1024 ** 3
const NEARLY_FULL = 0.95
const NAMES_TOLD = 3

type Mailboxes = readonly AssessedMailbox[]

/** What mailboxes share is told once, with a few of their names. */
export function mailboxFindings(assessment: Omit<Assessment, 'findings'>, terms: FindingTerms): readonly AssessFinding[] {
  const { mailboxes, troubles, totals } = assessment
  return [
    ...sizeFindings(mailboxes, assessment.licences !== null),
    ...largeFindings(mailboxes, terms),
    ...troubles
      .filter(({ code }) => code !== 'message-too-large')
      .map(({ code, outcome, says, messages }): AssessFinding => {
        const rank = outcome === 'refused' || outcome === 'wrapped' ? 'warn' : 'note'
        return { rank, code, part: 'messages', about: about(messages), says, help: null }
      }),
    ...some(
      'note',
      'folders-renamed',
      'folders',
      totals.foldersRenamed,
      'folder',
      'They are called otherwise, or stand elsewhere.',
      FOLDERS_HELP,
    ),
    ...leftOut(mailboxes),
    ...some(
      'note',
      'doubles',
      'messages',
      totals.doubles,
      'message',
      'They stand in the same folder more than once. All of them are copied.',
      null,
    ),
    ...some('note', 'odd-dates', 'messages', totals.oddDates, 'message', DATES, null),
    ...imported(mailboxes),
    ...some(
      'note',
      'marked-deleted',
      'messages',
      mailboxes.reduce((sum, { markedDeleted }) => sum + markedDeleted, 0),
      'message',
      'They are marked as deleted and were never removed: not copied, unless `copy --include-deleted` says so.',
      null,
    ),
    ...mailboxes.flatMap(({ name, quota }): readonly AssessFinding[] =>
      quota !== null && quota.usedBytes > quota.limitBytes * NEARLY_FULL
        ? [
            {
              rank: 'warn',
              code: 'source-full',
              part: 'mailboxes',
              about: name,
              says: 'It is nearly full at the old side: new mail may be refused there.',
              help: 'Raise its quota until the cutover.',
            },
          ]
        : [],
    ),
  ]
}

const FOLDERS_HELP = '`cutover folders` shows each with its reason.'
const DATES = 'Their time of receipt is missing, in the future or before 1990. Those get the time that their header tells.'

function sizeFindings(mailboxes: Mailboxes, licencesAreKnown: boolean): readonly AssessFinding[] {
  return mailboxes.flatMap(({ name, bytes }): readonly AssessFinding[] => {
    const gb = Math.round(bytes / 1024 ** 3)
    const part = 'mailboxes' as const
    if (bytes > LARGEST_BYTES)
      return [
        {
          rank: 'block',
          code: 'mailbox-over-100',
          part,
          about: name,
          says: `It holds ${gb} GB, and no licence has room for more than 100.`,
          help: 'Have old mail archived first, or copy a part of it only.',
        },
      ]
    if (bytes > USUAL_BYTES && !licencesAreKnown)
      return [
        {
          rank: 'warn',
          code: 'mailbox-over-50',
          part,
          about: name,
          says: `It holds ${gb} GB: Exchange Online Plan 1 has room for 50.`,
          help: 'It needs a licence with 100 GB (Exchange Online Plan 2).',
        },
      ]
    return []
  })
}

function largeFindings(mailboxes: Mailboxes, { receiveBytes, maxMessageBytes }: FindingTerms): readonly AssessFinding[] {
  const oversize = mailboxes.reduce((sum, one) => sum + one.oversize.messages, 0)
  const above = mailboxes.reduce((sum, one) => sum + one.aboveUsual - one.oversize.messages, 0)
  const mb = Math.round(maxMessageBytes / 1e6)
  const owners = (of: (one: AssessedMailbox) => boolean): string => named(mailboxes.filter(of).map(({ name }) => name))
  return [
    ...some(
      'warn',
      'message-too-large',
      'messages',
      oversize,
      'message',
      `Larger than ${mb} MB: they stay behind (${owners((one) => one.oversize.messages > 0)}).`,
      'Save them by hand: `cutover errors --eml` hands them out after the copy.',
    ),
    ...(receiveBytes === null
      ? some(
          'warn',
          'receive-size',
          'messages',
          above,
          'message',
          `Larger than 35 MB, which new mailboxes accept (${owners((one) => one.aboveUsual > one.oversize.messages)}).`,
          'Raise the limit for the time of the migration: `receive_size: 150 MB` under `migration:` in cutover.yaml.',
        )
      : []),
  ]
}

function leftOut(mailboxes: Mailboxes): readonly AssessFinding[] {
  const folders = mailboxes.flatMap(({ name, folders: all }) =>
    all.filter(({ target, messages }) => target === null && (messages ?? 0) > 0).map((folder) => ({ name, ...folder })),
  )
  const messages = folders.reduce((sum, one) => sum + (one.messages ?? 0), 0)
  if (folders.length === 0) return []
  const which = named([...new Set(folders.map(({ source }) => `"${source}"`))])
  const says = `${folders.length === 1 ? 'It holds' : 'They hold'} ${messages} messages and ${folders.length === 1 ? 'is' : 'are'} not copied: ${which}.`
  return [{ rank: 'note', code: 'folders-left-out', part: 'folders', about: counted(folders.length, 'folder'), says, help: FOLDERS_HELP }]
}

function imported(mailboxes: Mailboxes): readonly AssessFinding[] {
  const who = mailboxes.filter(({ dates }) => dates.imported > 0)
  const sum = who.reduce((total, { dates }) => total + dates.imported, 0)
  const says = `So many were received in one minute (${named(who.map(({ name }) => name))}): an earlier move has set their time of receipt. The copy keeps it.`
  return some('note', 'imported-dates', 'messages', sum, 'message', says, null)
}

function some(
  rank: AssessFinding['rank'],
  code: string,
  part: AssessFinding['part'],
  figure: number,
  noun: string,
  says: string,
  help: string | null,
): readonly AssessFinding[] {
  return figure <= 0 ? [] : [{ rank, code, part, about: counted(figure, noun), says, help }]
}

function counted(figure: number, noun: string): string {
  return `${figure} ${noun}${figure === 1 ? '' : 's'}`
}

/** "1 message", "about 120 (90 to 160) messages". */
function about({ likely, atLeast, atMost }: Estimate): string {
  return atLeast === atMost ? counted(likely, 'message') : `about ${likely} (${atLeast} to ${atMost}) messages`
}

/** "Anna, Bert, Carla and 4 more". */
function named(names: readonly string[]): string {
  const shown = names.slice(0, NAMES_TOLD).join(', ')
  return names.length > NAMES_TOLD ? `${shown} and ${names.length - NAMES_TOLD} more` : shown
}
