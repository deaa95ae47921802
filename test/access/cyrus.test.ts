import assert from 'node:assert/strict'
import { test } from 'node:test'

import { imapEndpoint } from '../../src/imap/endpoint.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { silentLog } from '../../src/lib/log.ts'
import { Secret } from '../../src/model/secret.ts'
import { imapSource } from '../../src/source/adapters/imap.ts'
import { needs } from '../servers/available.ts'
import { startCyrus } from '../servers/cyrus.ts'
import { openDialogue } from '../servers/dialogue.ts'
import { by, codes, ends } from './ends.ts'

const skip = needs('cyrus')

test(
  'the proxy administrator of Cyrus opens every mailbox as its owner, who is let in and has read what he has read (A10, A11)',
  { skip },
  async () => {
    await using server = await startCyrus()
    const url = `imap://127.0.0.1:${server.port}?tls=none`
    {
      await using owner = await openDialogue(server.port)
      await owner.must('LOGIN alice alice-secret')
      const mail = 'Subject: read\r\n\r\nHello\r\n'
      await owner.must(`APPEND INBOX (\\Seen) {${mail.length}+}\r\n${mail}`)
    }
    const lines = [{ login: 'alice' }, { login: 'nobody' }, { login: 'bob' }]
    await using asAdmin = await ends(url, by('authzid', server.admin.login, server.admin.password), lines)
    const result = await asAdmin.logins()
    // Cyrus lets an administrator become anybody; that there is no such mailbox shows only afterwards.
    assert.deepEqual(codes(result), ['works', 'no-rights', 'works'])
    assert.equal(result.mailboxes[0]?.source.messages, 1)

    await using asBob = await ends(url, by('authzid', 'bob', 'bob-secret'), lines)
    assert.deepEqual(codes(await asBob.logins()), ['access-rejected', 'login-held', 'login-held'])

    const { login: user, password } = server.admin
    const endpoint = imapEndpoint({ host: '127.0.0.1', port: server.port, tls: 'none' })
    const source = imapSource(endpoint, { kind: 'password', user, password: new Secret(password), authzid: 'alice' })
    await using session = await source.connect({ clock: systemClock, log: silentLog, signal: new AbortController().signal })
    const inbox = await session.open('INBOX')
    const flags: string[] = []
    await inbox.flags(1, 10, (_, each) => void flags.push(...each))
    assert.ok(flags.includes('\\Seen'), flags.join(' '))
  },
)
