import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../../model/failure.ts'
import { Secret } from '../../model/secret.ts'
import { portsFor, startStub } from '../http-stub.fixture.ts'
import { facts, reading, says } from '../reading.fixture.ts'
import { plesk } from './plesk.ts'

const SITES = `<site><get><result><status>ok</status><id>7</id><data><gen_info><name>example.test</name></gen_info></data></result></get></site>`
const MAIL = `<mail><get_info>
<result><status>ok</status><mailname><id>1</id><name>anna</name><mailbox><enabled>true</enabled><quota>-1</quota><usage>5120</usage></mailbox><alias>a</alias><description>Anna &amp; Co</description></mailname></result>
<result><status>ok</status><mailname><id>2</id><name>sales</name><mailbox><enabled>false</enabled></mailbox><forwarding><enabled>true</enabled><address>anna@example.test</address></forwarding></mailname></result>
</get_info></mail>`
const EXPECTED = [
  { login: 'anna@example.test', name: 'Anna & Co', sizeBytes: 5120, aliases: ['a@example.test'] },
  { login: 'sales@example.test', kind: 'alias', leadsTo: ['anna@example.test'] },
]

test('U04: answers of the XML API are read, with the domain from the answer for the sites', async () => {
  const result = await reading(plesk, `<?xml version="1.0" encoding="UTF-8"?>\n<packet version="1.6.9.1">${SITES}${MAIL}</packet>`)
  assert.deepEqual([facts(result), says(result)], [EXPECTED, []])
})

test('without the sites the names are bare, and that is told', async () => {
  const result = await reading(plesk, `<packet>${MAIL}</packet>`)
  assert.equal(result.found[0]?.login, 'anna')
  assert.match(says(result).join(), /of which domain the names are: give --target-domain/)
})

test('the table of mail_auth_view is read without its passwords', async () => {
  const table =
    '+------+\n| address | flags | password |\n+------+\n| anna@example.test |  | hunter2 |\n| bert@example.test |  | hunter3 |\n+------+\n'
  const result = await reading(plesk, table)
  assert.deepEqual(facts(result), [{ login: 'anna@example.test' }, { login: 'bert@example.test' }])
  assert.equal(JSON.stringify(result).includes('hunter'), false)
})

test('broken XML is told with its line, and an entity of its own is not resolved', async () => {
  const cut = await reading(plesk, `<packet>\n${MAIL.slice(0, 200)}`)
  assert.match(says(cut).join('\n'), /^\d+: this is not XML: /)
  const bomb =
    '<?xml version="1.0"?><!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/passwd">]><packet><mail><get_info><result><mailname><name>&x;</name></mailname></result></get_info></mail></packet>'
  const result = await plesk.file?.read({ bytes: Buffer.from(bomb), text: bomb }, {})
  assert.equal(JSON.stringify(result).includes('root:'), false)
})

test('the API is asked for its sites, then for the mail of each; its error is told', async () => {
  const settings = { text: {}, secret: new Secret('KEY'), ca: null }
  await using stub = await startStub(({ url, headers, body }) => {
    assert.deepEqual([url.pathname, headers['key']], ['/enterprise/control/agent.php', 'KEY'])
    return { text: `<packet>${body.includes('<site>') ? SITES : body.includes('<site-id>7</site-id>') ? MAIL : ''}</packet>` }
  })
  assert.deepEqual(facts((await plesk.live?.list(stub.url, settings, portsFor())) ?? assert.fail()), EXPECTED)
  await using refuses = await startStub(() => ({
    text: '<packet><system><status>error</status><errcode>11003</errcode><errtext>Wrong secret key</errtext></system></packet>',
  }))
  await assert.rejects(
    async () => plesk.live?.list(refuses.url, settings, portsFor()),
    (error) => error instanceof Failure && /Wrong secret key/.test(error.message),
  )
})
