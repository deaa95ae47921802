import { connectImap } from '../../imap/connect.ts'
import { listCyrus } from '../cyrus-live.ts'
import { accountsOf, type CyrusName } from '../cyrus-names.ts'
import type { Problem, Reading } from '../found.ts'
import { imapEndpointAt } from '../imap-address.ts'
import { linesOf, secretOf, strange, type Listing, type ListingFile } from '../listing.ts'

const LIST_ROW = /^(?:\* )?(?:LIST|LSUB) \(([^)]*)\) (?:"(.)"|NIL) (?:"((?:[^"\\]|\\.)*)"|(\S+))$/i
/** `lm` prints several in a line: user/alice (\HasChildren)   user/bob (\HasNoChildren) */
const LM_CELL = /(\S(?:.*?\S)?) \(((?:\\\w+ ?)*)\)/g
/** ctl_mboxlist -d: name, a tab, then partition and rights. */
const CTL_ROW = /^([^\t]+)\t.*\t/

/** Cyrus: `lm` of cyradm, what LIST answers, `ctl_mboxlist -d`, or the server itself, asked by an administrator over IMAP. */
export const cyrus: Listing = {
  name: 'cyrus',
  title: 'Cyrus (cyradm lm, LIST, ctl_mboxlist -d, or over IMAP as administrator)',
  command: "echo 'lm user/%' | cyradm --user cyrus localhost   (user.% where the separator is a dot)",
  file: {
    recognises: (file) =>
      linesOf(file)
        .slice(0, 5)
        .some(({ text }) => LIST_ROW.test(text) || /(?:^|!)user[./]\S.* \((?:\\\w+ ?)*\)/.test(text) || /^(?:\S+!)?user\..*\t/.test(text)),
    read,
  },
  live: {
    url: 'imaps://mail.example.org',
    uses: ['login'],
    needs: ['login'],
    secret: "the administrator's password",
    async list(url, settings, { ctx, progress }) {
      const password = secretOf(settings)
      const user = settings.text.login ?? ''
      await using session = await connectImap(imapEndpointAt(url, settings.ca), { kind: 'password', user, password, authzid: null }, ctx)
      const found = accountsOf(await listCyrus(session))
      progress(found.length)
      return { found, problems: [] }
    },
  },
}

function read(file: ListingFile): Reading {
  const names: CyrusName[] = []
  const problems: Problem[] = []
  for (const { line, text } of linesOf(file)) {
    const list = LIST_ROW.exec(text)
    if (list !== null) {
      const name = list[3]?.replaceAll(/\\(.)/g, '$1') ?? list[4] ?? ''
      names.push({ line, name, separator: list[2] ?? null, attributes: list[1] ?? '', sizeBytes: null })
      continue
    }
    // The prompt and the end of a session that was logged.
    if (/^(?:\S*> *)?(?:lm|listmailbox|exit|quit|\S+ (?:LIST|OK|NO) ).*$/.test(text) && !/\(\\/.test(text)) continue
    const control = CTL_ROW.exec(text)
    if (control !== null) {
      names.push({ line, name: control[1] ?? '', separator: '.', attributes: '', sizeBytes: null })
      continue
    }
    const cells = [...text.matchAll(LM_CELL)]
    if (cells.length === 0) problems.push(strange(line, text, 'a line of cyradm lm, LIST or ctl_mboxlist -d'))
    for (const [, name = '', attributes = ''] of cells) names.push({ line, name, separator: null, attributes, sizeBytes: null })
  }
  return { found: accountsOf(names), problems }
}
