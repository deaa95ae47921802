/**
 * The limit: what one connection can carry when nothing has to be known, decided or written down. Run as a process of its own:
 * `limit-child.ts drain PORT LOGIN PASSWORD FOLDER…` reads every message and throws it away;
 * `limit-child.ts fill PORT LOGIN PASSWORD FILE` sends ready-made APPENDs. Prints the seconds it took after signing in.
 */
import { LAST_TAG } from './corpus.ts'
import { RawImap } from './raw-imap.ts'

const [what = '', port = '', login = '', password = '', ...rest] = process.argv.slice(2)
await using imap = await RawImap.open({ port: Number(port), login, password })
const began = performance.now()
if (what === 'drain') {
  const commands = rest.map((folder, at) => `A${at} EXAMINE "${folder}"\r\nB${at} UID FETCH 1:* BODY.PEEK[]\r\n`)
  await imap.stream(commands.join(''), `B${rest.length - 1}`)
} else {
  await imap.file(rest[0] ?? '', LAST_TAG)
}
process.stdout.write(`${JSON.stringify({ seconds: (performance.now() - began) / 1000 })}\n`)
