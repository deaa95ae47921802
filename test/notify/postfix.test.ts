import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { bySmtp } from '../../src/notify/by-smtp.ts'
import type { Letter } from '../../src/notify/carrier.ts'
import { needs } from '../servers/available.ts'
import { startPostfix } from '../servers/postfix.ts'

function letter(to: string): Letter {
  return {
    from: { name: 'Hilfe', address: 'it@example.org' },
    replyTo: null,
    to: { name: 'Änne Berg', address: to },
    messageId: 'announcement.1.x@example.org',
    language: 'de',
    subject: 'Ihr Postfach zieht um',
    text: 'Grüße\n.\nund noch eine Zeile\n',
    html: '<p>Grüße</p>',
    logo: null,
  }
}

test(
  'a real Postfix takes messages over STARTTLS, and its refusal of one address is that of this address alone',
  { skip: needs('postfix') },
  async () => {
    await using postfix = await startPostfix({ hostname: 'localhost', domain: 'example.org', maildirs: { 'anna@example.org': 'anna/' } })
    await using carrier = bySmtp({ url: `smtp://localhost:${postfix.port}`, login: null, password: null, ca: postfix.ca })
    const outcomes = []
    for (const to of ['nobody@example.org', 'anna@example.org', 'nobody2@example.org', 'anna@example.org'])
      outcomes.push((await carrier.send(letter(to), to)).kind)
    assert.deepEqual(outcomes, ['refused', 'sent', 'refused', 'sent'])
    while ((await postfix.queued()) > 0)
      await new Promise((resolve) => {
        setTimeout(resolve, 20)
      })
    const folder = join(postfix.base, 'anna', 'new')
    const mail = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'))
    assert.equal(mail.length, 2)
    for (const one of mail) {
      assert.match(one, /^Message-ID: <announcement\.1\.x@example\.org>$/im)
      assert.match(one, /with ESMTPS/)
      assert.match(one, /^\.$/m)
    }
    await using stranger = bySmtp({ url: `smtp://localhost:${postfix.port}`, login: null, password: null })
    await assert.rejects(stranger.send(letter('anna@example.org'), 'anna@example.org'), { code: 'tls-failed' })
  },
)
