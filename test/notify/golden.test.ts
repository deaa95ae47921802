import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { LANGUAGES, type Language } from '../../src/model/language.ts'
import { MOMENTS } from '../../src/model/moment.ts'
import type { Addressee } from '../../src/notify/addressee.ts'
import { compose, type Desk } from '../../src/notify/compose.ts'
import { htmlMaker } from '../../src/notify/html.ts'
import { openTemplates } from '../../src/notify/templates.ts'

const FOLDER = join(import.meta.dirname, 'golden')
/** `CUTOVER_GOLDEN=write node --test test/notify/golden.test.ts` writes them again; then read what changed. */
const WRITES = process.env['CUTOVER_GOLDEN'] === 'write'

function person(language: Language): Addressee {
  return {
    person: 'anna@example.org',
    addresses: ['anna@example.org'],
    name: 'Anna Berg',
    address: 'anna@example.org',
    login: 'a.berg@example.org',
    locale: language,
    language,
    newSide: null,
    elsewhere: null,
    needsPassword: true,
    anchors: { kickoff: Date.parse('2026-11-02T00:00+01:00'), cutover: Date.parse('2026-12-04T18:00+01:00'), switched: null, done: null },
    role: 'user',
  }
}

async function desk(): Promise<Desk> {
  return {
    project: {
      name: 'acme',
      customer: 'Acme & Sons',
      domains: ['example.org', 'example.net'],
      mailboxes: 42,
      timeZone: 'Europe/Berlin',
      from: 'it@example.org',
      replyTo: null,
      sender: 'Acme IT',
      webmail: 'https://outlook.office.com',
      contact: '+49 30 4711',
      safeWay: null,
      oldUntil: null,
      survey: 'https://survey.example.org/move',
      logo: null,
    },
    templates: await openTemplates({ folder: null, overrides: [], language: 'en' }),
    html: htmlMaker(),
  }
}

for (const language of LANGUAGES)
  test(`the messages in ${language} read as they were approved, and HTML says the same as the text`, async () => {
    const at = await desk()
    for (const moment of MOMENTS) {
      const letter = await compose(at, moment, person(language), 1)
      const whole = `Subject: ${letter.subject}\n\n${letter.text}`
      const file = join(FOLDER, `${moment}.${language}.txt`)
      if (WRITES) writeFileSync(file, whole)
      assert.equal(whole, readFileSync(file, 'utf8'), `${moment}.${language}`)
      assert.ok(
        letter.text.split('\n').every((line) => Array.from(line).length <= 72),
        `${moment}.${language} is wider than 72 columns`,
      )
      assert.doesNotMatch(letter.subject + letter.text + letter.html, /\{\{|undefined/)
      assert.deepEqual(wordsOf(letter.html), wordsOf(letter.text), `${moment}.${language}`)
    }
  })

/** All words in their order. The head with the customer's name, and addresses of buttons, stand in one of the two alone. */
function wordsOf(text: string): readonly string[] {
  const body = text.includes('<body') ? text.slice(text.indexOf('<body')) : text
  const plain = body
    .replaceAll(/<!--.*?-->/gs, ' ')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('Acme &amp; Sons', 'Acme & Sons')
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
  const from = plain.slice(Math.max(0, plain.search(/Hello|Guten Tag|Bonjour|Buenos días|Здравствуйте/)))
  return (
    from
      .replaceAll('https://outlook.office.com', ' ')
      .replaceAll('https://survey.example.org/move', ' ')
      .split(/[^\p{L}\p{N}]+/u)
      // Steps are numbered by the browser.
      .filter((word) => word !== '' && !/^\d$/.test(word))
  )
}

test('the HTML of a message is the page that was looked at in a browser', async () => {
  const letter = await compose(await desk(), 'live', person('en'), 1)
  const file = join(FOLDER, 'live.en.html')
  if (WRITES) writeFileSync(file, letter.html)
  assert.equal(letter.html, readFileSync(file, 'utf8'))
  assert.doesNotMatch(letter.html, /(?:src|url)\s*[=(]\s*["']?https?:/i, 'opening it asks nobody on the network')
})
