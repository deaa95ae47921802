import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nativeScene } from '../../src/api/native.fixture.ts'
import { Secret } from '../../src/model/secret.ts'
import { needs } from '../servers/available.ts'
import { startDovecot } from '../servers/dovecot.ts'

const MASTER = { login: 'mover', password: 'mover-secret' }
const FOLDERS = ['INBOX', 'Sent', 'Projects/2026', 'Übung']

test(
  'a real Dovecot takes the login that the list of a batch has for an administrator, and what came over is verified',
  { skip: needs('dovecot') },
  async () => {
    await using dovecot = await startDovecot({ tls: false, master: MASTER })
    await using scene = await nativeScene({ messages: 0 })
    const { operations, start, there, watch, list, old } = scene
    const [alice] = dovecot.users
    const [account] = old.accounts
    assert.ok(alice && account)
    for (const folder of FOLDERS) {
      if (folder !== 'INBOX') await dovecot.doveadm(['mailbox', 'create', '-u', alice.login, folder])
      for (const n of [1, 2, 3]) {
        const head = `Message-ID: <${n}.${Buffer.from(folder).toString('hex')}@example.org>\r\nDate: Mon, 2 Nov 2026 10:0${n}:00 +0100\r\nFrom: a@example.org\r\n`
        await dovecot.doveadm(['save', '-u', alice.login, '-m', folder], `${head}Subject: ${n}\r\n\r\nmessage ${n}\r\n`)
      }
    }
    list([`${alice.login},,${account.target},Alice`])
    const access = {
      kind: 'authzid',
      login: MASTER.login,
      secret: new Secret(MASTER.password),
      template: null,
      tenant: null,
      clientId: null,
      certificatePem: null,
      way: null,
    } as const
    const ends = { source: `imap://127.0.0.1:${dovecot.port}?tls=none`, access }
    const begun = await operations.native.start({ ...start, ...ends })
    assert.equal(begun.halted, null)
    const { mailboxes } = await operations.native.status({ ...there, follow: true, onLook: () => {} })
    assert.deepEqual([mailboxes[0]?.state, mailboxes[0]?.synced], ['synced', 12], mailboxes[0]?.says)
    const files = { manifestFile: null, csvFile: null, htmlFile: null }
    const proven = await operations.verify({ ...start, ...ends, ...watch, level: 'content', sample: null, repair: false, ...files })
    assert.deepEqual([proven.found, proven.copied, proven.missing, proven.extra], [12, 12, 0, 0], JSON.stringify(proven.differences))
  },
)
