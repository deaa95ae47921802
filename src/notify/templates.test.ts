import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Addressee } from './addressee.ts'
import { compose, type Project } from './compose.ts'
import { htmlMaker } from './html.ts'
import { openTemplates, type TemplateChoices } from './templates.ts'

function folderWith(files: Readonly<Record<string, string>>): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'cutover-templates-'))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text)
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

function choices(more: Partial<TemplateChoices> = {}): TemplateChoices {
  return { folder: null, overrides: [], language: 'en', ...more }
}

const HOSTILE = `Eve <script>alert(1)</script> "x" {{login}}\r\nBcc: all@example.org\u202E gnp`
const TO: Addressee = {
  person: 'eve@example.org',
  addresses: ['eve@example.org'],
  name: HOSTILE,
  address: 'eve@example.org',
  login: 'eve@example.org',
  locale: 'en-US',
  language: 'en',
  newSide: null,
  elsewhere: null,
  needsPassword: false,
  anchors: { kickoff: null, cutover: null, switched: null, done: null },
  role: 'user',
}
const PROJECT: Project = {
  name: 'acme',
  customer: 'A <b>& Sons',
  domains: ['example.org'],
  mailboxes: 1,
  timeZone: 'Europe/Berlin',
  from: 'it@example.org',
  replyTo: null,
  sender: 'IT',
  webmail: 'https://outlook.office.com',
  contact: 'us',
  safeWay: null,
  oldUntil: null,
  survey: null,
  logo: null,
}

test('fields that there are not, a missing subject and unknown names are told at once, each with its line and what there is', async () => {
  using folder = folderWith({
    'live.en.txt': 'Subject: Hello {{nme}}\n\nYou are live, {{name}}.\n{{adress}} {{name',
    'live.de.txt': 'Hallo {{name}}',
    'live.xx.txt': 'Subject: x\n\ny',
    'party.en.txt': 'Subject: x\n\ny',
    'done.en.mjml': '<mjml><mj-body>\n{{who}}</mj-body></mjml>',
    'notes.md': '{{whatever}}',
  })
  const override = { moment: 'expect', subject: '{{subjct}}', text: null, extra: null, where: 'cutover.yaml line 12' } as const
  await assert.rejects(openTemplates(choices({ folder: folder.path, overrides: [override] })), (error: Error) => {
    const lines = error.message.split('\n')
    assert.match(lines[0] ?? '', /9 mistakes/)
    const has = (pattern: RegExp): void =>
      assert.ok(
        lines.some((line) => pattern.test(line)),
        `${String(pattern)} in\n${error.message}`,
      )
    has(/^template live\.en\.txt line 1: \{\{nme\}\} is not known: there are name, address, login, /)
    has(/^template live\.en\.txt line 4: \{\{adress\}\}/)
    has(/^template live\.en\.txt line 4: a \{\{ is not closed/)
    has(/^template live\.de\.txt line 1: the first line must be "Subject: "/)
    has(/^template live\.xx\.txt: there is no language "xx": there are en, de, fr, es, ru/)
    has(/^template party\.en\.txt: there is no moment "party"/)
    has(/^template done\.en\.mjml line 2: \{\{who\}\}/)
    has(/^cutover\.yaml line 12: \{\{subjct\}\}/)
    return true
  })
})

test('an own template stands in place of the standard one, in its language alone', async () => {
  using folder = folderWith({ 'live.en.txt': 'Subject: Go, {{name}}\n\n{{?survey}}Never shown.\n{{!survey}}Off you go.' })
  const overrides = [{ moment: 'done', subject: 'All there', text: null, extra: 'Cake at {{cutover_time}}.', where: '' }] as const
  const templates = await openTemplates(choices({ folder: folder.path, overrides }))
  const desk = { project: PROJECT, templates, html: htmlMaker() }
  const live = await compose(desk, 'live', { ...TO, name: 'Ann' }, 1)
  assert.deepEqual([live.subject, live.text], ['Go, Ann', 'Off you go.\n'])
  assert.match((await compose(desk, 'live', { ...TO, language: 'de' }, 1)).subject, /bereit/)
  const done = await compose(desk, 'done', { ...TO, anchors: { ...TO.anchors, cutover: Date.UTC(2026, 11, 4, 17) } }, 1)
  assert.equal(done.subject, 'All there')
  assert.match(done.text, /\n\nCake at 6:00.PM\.\n\nKind regards\nIT\n$/)
})

test('what a person is called can break no line, become no markup and stand for no other field', async () => {
  const templates = await openTemplates(choices())
  const letter = await compose({ project: PROJECT, templates, html: htmlMaker() }, 'live', TO, 1)
  assert.match(letter.html, /Eve &lt;script&gt;alert\(1\)&lt;\/script&gt; &quot;x&quot; \{\{login\}\} Bcc: all@example\.org gnp/)
  assert.match(letter.html, /A &lt;b&gt;&amp; Sons/)
  assert.doesNotMatch(letter.html, /<script/)
  assert.match(letter.text, /^Hello Eve <script>alert\(1\)<\/script> "x" \{\{login\}\} Bcc:/)
  assert.doesNotMatch(letter.to.name, /[\r\n\u202E]/)
})

test('own MJML is made into the HTML, with its mistakes told by line; it reads no other file', async () => {
  using folder = folderWith({
    'live.en.mjml':
      '<mjml><mj-body><mj-section><mj-column>\n<mj-include path="/etc/hostname" />\n<mj-text>Hi {{name}}</mj-text></mj-column></mj-section></mj-body></mjml>',
    'done.en.mjml': '<mjml><mj-body>\n<mj-party>x</mj-party></mj-body></mjml>',
  })
  const templates = await openTemplates(choices({ folder: folder.path }))
  const desk = { project: PROJECT, templates, html: htmlMaker() }
  const letter = await compose(desk, 'live', { ...TO, name: 'A & B' }, 1).catch((error: Error) => error)
  assert.match(letter instanceof Error ? letter.message : letter.html, /mj-include|Hi A &amp; B/)
  await assert.rejects(compose(desk, 'done', TO, 1), /template done\.en\.mjml line 2: .*mj-party/)
})
