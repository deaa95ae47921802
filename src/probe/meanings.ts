export type Meaning = { readonly capability: string; readonly has: boolean; readonly means: string }

type Entry = { readonly capability: string; readonly any: readonly string[]; readonly with: string; readonly without: string | null }

/** What matters to reading a whole mailbox. `without` is null where its lack is nothing to speak of. */
const ENTRIES: readonly Entry[] = [
  {
    capability: 'CONDSTORE',
    any: ['CONDSTORE', 'QRESYNC'],
    with: 'a later pass asks only for what changed',
    without: 'a later pass reads the flags of all messages again',
  },
  {
    capability: 'QRESYNC',
    any: ['QRESYNC'],
    with: 'it tells what was deleted since the last pass',
    without: 'deletions are found by listing all messages',
  },
  {
    capability: 'LIST-STATUS',
    any: ['LIST-STATUS'],
    with: 'all folders with their numbers come in one answer',
    without: 'the numbers are asked for folder by folder',
  },
  {
    capability: 'SPECIAL-USE',
    any: ['SPECIAL-USE', 'XLIST'],
    with: 'it marks Sent, Drafts, Trash and Junk',
    without: 'Sent, Drafts, Trash and Junk are known by their names',
  },
  {
    capability: 'NAMESPACE',
    any: ['NAMESPACE'],
    with: 'it tells own folders from those of others',
    without: 'whose a folder is cannot be told',
  },
  { capability: 'STATUS=SIZE', any: ['STATUS=SIZE'], with: 'it tells the size of folders beforehand', without: null },
  { capability: 'COMPRESS=DEFLATE', any: ['COMPRESS=DEFLATE'], with: '?compress=1 saves bytes on slow lines', without: null },
  { capability: 'QUOTA', any: ['QUOTA'], with: 'it tells how full a mailbox is', without: null },
  { capability: 'ACL', any: ['ACL'], with: 'it tells who may see which folder', without: null },
  { capability: 'OBJECTID', any: ['OBJECTID', 'OBJECTID+'], with: 'copies of one message can be told as such', without: null },
  { capability: 'X-GM-EXT-1', any: ['X-GM-EXT-1'], with: 'labels come as such, each message once', without: null },
  { capability: 'UIDONLY', any: ['UIDONLY', 'X-UIDONLY'], with: 'folders of more than 10,000 messages can be read whole', without: null },
  { capability: 'MESSAGELIMIT', any: ['MESSAGELIMIT='], with: 'it cuts long answers off: they are asked for in pieces', without: null },
  { capability: 'MULTIAPPEND', any: ['MULTIAPPEND'], with: 'as a destination it takes many messages in one command', without: null },
  { capability: 'LITERAL+', any: ['LITERAL+', 'LITERAL-'], with: 'commands need not wait for the server', without: null },
]

/**
 * What the capabilities mean for a migration. Those that are lacking only where that is worth a word, and where `complete`: before a
 * login most servers tell but a few.
 */
export function meaningsOf(capabilities: ReadonlySet<string>, complete: boolean): readonly Meaning[] {
  const words = [...capabilities]
  return ENTRIES.flatMap(({ capability, any, with: good, without }): readonly Meaning[] => {
    const has = any.some((word) => (word.endsWith('=') ? words.some((one) => one.startsWith(word)) : capabilities.has(word)))
    if (has) return [{ capability, has, means: good }]
    return without === null || !complete ? [] : [{ capability, has, means: without }]
  })
}
