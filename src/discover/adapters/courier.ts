import { account, type Found, type Problem } from '../found.ts'
import { linesOf, strange, type Listing } from '../listing.ts'

/** `authenumerate` prints login, uid, gid, home, maildir and options, separated by tabs; only the first concerns us. */
const ROW = /^([^\t]+)\t\d*\t\d*\t[^\t]*(?:\t.*)?$/

/** Courier's list of accounts. */
export const courier: Listing = {
  name: 'courier',
  title: 'Courier (authenumerate)',
  command: 'authenumerate',
  file: {
    recognises: (file) => ROW.test(linesOf(file)[0]?.text ?? ''),
    read: (file) => {
      const found: Found[] = []
      const problems: Problem[] = []
      for (const { line, text } of linesOf(file)) {
        const login = ROW.exec(text)?.[1]
        // The daemon's own end of the list.
        if (text === '.') continue
        if (login === undefined) problems.push(strange(line, text, 'a line of authenumerate (login, uid, gid, home, maildir)'))
        else found.push(account({ login, line }))
      }
      return { found, problems }
    },
  },
  live: null,
}
