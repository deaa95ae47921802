import assert from 'node:assert/strict'
import { test } from 'node:test'
import { propsOf, rowsOf, textOf, type Props } from './props.ts'
import { graphError, startTenant, type TenantClient } from './tenant-client.fixture.ts'

async function folders(tenant: TenantClient, path: string): Promise<Props[]> {
  return rowsOf((await tenant.graph('GET', path)).body['value'])
}

test('well-known names lead to the same folders in every language, and ids stay when names change', async () => {
  await using tenant = await startTenant({ language: 'de' })
  const upn = await tenant.person('anna')
  const sent = (await tenant.graph('GET', `/users/${upn}/mailFolders/sentitems`)).body
  assert.equal(sent['displayName'], 'Gesendete Elemente')
  const told = await tenant.cmdlet('Set-MailboxRegionalConfiguration', {
    Identity: upn,
    Language: 'fr-FR',
    DateFormat: null,
    TimeFormat: null,
    LocalizeDefaultFolderName: true,
  })
  assert.equal(told.status, 200)
  const after = (await tenant.graph('GET', `/users/${upn}/mailFolders/sentitems`)).body
  assert.deepEqual([after['displayName'], after['id']], ['Éléments envoyés', sent['id']])
})

test('folders come ten a page unless asked otherwise, and a name that is taken is refused', async () => {
  await using tenant = await startTenant()
  const upn = await tenant.person('anna')
  for (let n = 0; n < 6; n++)
    assert.equal((await tenant.graph('POST', `/users/${upn}/mailFolders`, { displayName: `Project ${n}` })).status, 201)
  const first = await tenant.graph('GET', `/users/${upn}/mailFolders`)
  assert.equal(rowsOf(first.body['value']).length, 10)
  const second = await tenant.graph('GET', textOf(first.body['@odata.nextLink']))
  assert.equal(rowsOf(second.body['value']).length, 4)
  assert.equal(second.body['@odata.nextLink'], undefined)
  assert.equal((await folders(tenant, `/users/${upn}/mailFolders?$top=100`)).length, 14)
  const twice = await tenant.graph('POST', `/users/${upn}/mailFolders`, { displayName: 'project 1' })
  assert.deepEqual(graphError(twice), [409, 'ErrorFolderExists', 'A folder with the specified name already exists.'])
})

test('a folder made by Graph holds mail and is seen over IMAP; calendars and the like are no mail folders', async () => {
  await using tenant = await startTenant()
  const upn = await tenant.person('anna')
  const parent = (await tenant.graph('POST', `/users/${upn}/mailFolders`, { displayName: 'Projects' })).body
  await tenant.graph('POST', `/users/${upn}/mailFolders/${textOf(parent['id'])}/childFolders`, { displayName: '2026' })
  assert.ok(tenant.simulator.store(upn)?.folder('Projects/2026'))
  const names = (await folders(tenant, `/users/${upn}/mailFolders?$top=100`)).map(({ displayName }) => displayName)
  assert.ok(names.includes('Inbox') && !names.includes('Calendar') && !names.includes('Notes'))
  const statistics = (await tenant.cmdlet('Get-MailboxFolderStatistics', { Identity: upn })).rows
  assert.equal(statistics.find((row) => row['FolderPath'] === '/Projects/2026')?.['ContainerClass'], 'IPF.Note')
  assert.equal(statistics.find((row) => row['FolderType'] === 'Calendar')?.['ContainerClass'], 'IPF.Appointment')
})

test('a folder that an IMAP client made can be of a class that Graph does not show', async () => {
  await using tenant = await startTenant({ imapFolderClass: 'IPF.Imap' })
  const upn = await tenant.person('anna')
  tenant.simulator.store(upn)?.createFolder('By IMAP')
  await tenant.graph('POST', `/users/${upn}/mailFolders`, { displayName: 'By Graph' })
  const names = (await folders(tenant, `/users/${upn}/mailFolders?$top=100`)).map(({ displayName }) => displayName)
  assert.ok(names.includes('By Graph') && !names.includes('By IMAP'))
  const { rows } = await tenant.cmdlet('Get-MailboxFolderStatistics', { Identity: upn })
  assert.equal(rows.find((row) => row['Name'] === 'By IMAP')?.['ContainerClass'], 'IPF.Imap')
})

test('hidden folders are listed when asked for, default folders cannot be deleted, unknown ones are not found', async () => {
  await using tenant = await startTenant()
  const upn = await tenant.person('anna')
  await tenant.graph('POST', `/users/${upn}/mailFolders`, { displayName: 'Quiet', isHidden: true })
  assert.equal(
    (await folders(tenant, `/users/${upn}/mailFolders?$top=100`)).some(({ displayName }) => displayName === 'Quiet'),
    false,
  )
  const all = await folders(tenant, `/users/${upn}/mailFolders?$top=100&includeHiddenFolders=true`)
  assert.equal(all.find(({ displayName }) => displayName === 'Quiet')?.['isHidden'], true)
  assert.equal((await tenant.graph('DELETE', `/users/${upn}/mailFolders/inbox`)).status, 403)
  assert.deepEqual(graphError(await tenant.graph('GET', `/users/${upn}/mailFolders/AAMknothing`)).slice(0, 2), [404, 'ErrorItemNotFound'])
})

test('a delta tells all folders once, then only what changed, and forgets an unknown token', async () => {
  await using tenant = await startTenant()
  const upn = await tenant.person('anna')
  const first = await tenant.graph('GET', `/users/${upn}/mailFolders/delta`)
  assert.ok(rowsOf(first.body['value']).length >= 8)
  await tenant.graph('POST', `/users/${upn}/mailFolders`, { displayName: 'New' })
  const next = await tenant.graph('GET', textOf(first.body['@odata.deltaLink']))
  assert.deepEqual(
    rowsOf(next.body['value']).map(({ displayName }) => displayName),
    ['New'],
  )
  assert.equal((await tenant.graph('GET', `/users/${upn}/mailFolders/delta?$deltatoken=old`)).status, 410)
})

const MIME =
  'From: Bo <bo@partner.example>\r\nTo: anna@example.test\r\nSubject: =?utf-8?B?R3LDvMOfZQ==?=\r\nMessage-ID: <one@partner.example>\r\nDate: Fri, 1 Mar 2019 10:00:00 +0000\r\n\r\nHi\r\n'

test('mail that is posted as MIME is a draft for ever, and damaged base64 is refused', async () => {
  await using tenant = await startTenant()
  const upn = await tenant.person('anna')
  const post = (body: string) => tenant.graph('POST', `/users/${upn}/mailFolders/inbox/messages`, body, { 'content-type': 'text/plain' })
  const made = await post(Buffer.from(MIME).toString('base64'))
  assert.deepEqual(
    [made.status, made.body['isDraft'], made.body['subject'], made.body['internetMessageId']],
    [201, true, 'Grüße', '<one@partner.example>'],
  )
  assert.equal((await tenant.graph('PATCH', `/users/${upn}/messages/${textOf(made.body['id'])}`, { isDraft: false })).status, 400)
  assert.deepEqual(graphError(await post('not base64!')).slice(0, 2), [400, 'ErrorMimeContentInvalidBase64String'])
  assert.equal((await post('A'.repeat(4 * 1024 * 1024 + 4))).status, 413)
  assert.equal((await tenant.graph('GET', `/users/${upn}/messages/${textOf(made.body['id'])}/$value`)).text, MIME)
})

test('mail that is posted as JSON with PR_MESSAGE_FLAGS is no draft, and has the date it is given', async () => {
  await using tenant = await startTenant()
  const upn = await tenant.person('anna')
  const made = await tenant.graph('POST', `/users/${upn}/mailFolders/inbox/messages`, {
    subject: 'Old mail',
    body: { contentType: 'text', content: 'Hi' },
    from: { emailAddress: { address: 'bo@partner.example' } },
    singleValueExtendedProperties: [
      { id: 'Integer 0x0E07', value: '1' },
      { id: 'SystemTime 0x0E06', value: '2019-03-01T10:00:00Z' },
    ],
  })
  assert.deepEqual([made.body['isDraft'], made.body['isRead'], made.body['receivedDateTime']], [false, true, '2019-03-01T10:00:00Z'])
})

test('mail that came by IMAP is counted, found by its Message-ID, and takes categories', async () => {
  await using tenant = await startTenant()
  const upn = await tenant.person('anna')
  const { heldContent } = await import('../simulator/mail-store.ts')
  tenant.simulator.store(upn)?.addMessage('INBOX', heldContent(Buffer.from(MIME)), { flags: ['\\Seen'] })
  assert.equal((await tenant.graph('GET', `/users/${upn}/mailFolders/inbox/messages/$count`)).text, '1')
  const query = `$filter=${encodeURIComponent("internetMessageId eq '<one@partner.example>'")}&$select=id,isRead,from&$count=true`
  const found = await tenant.graph('GET', `/users/${upn}/messages?${query}`)
  const [message] = rowsOf(found.body['value'])
  assert.deepEqual(
    [found.body['@odata.count'], message?.['isRead'], propsOf(propsOf(message?.['from'])['emailAddress'])['address']],
    [1, true, 'bo@partner.example'],
  )
  const id = textOf(message?.['id'])
  await tenant.graph('PATCH', `/users/${upn}/messages/${id}`, { categories: ['Blue'], flag: { flagStatus: 'flagged' } })
  const after = (await tenant.graph('GET', `/users/${upn}/messages/${id}?$select=categories`)).body
  assert.deepEqual(after['categories'], ['Blue'])
  assert.ok(tenant.simulator.store(upn)?.folder('INBOX')?.messages[0]?.flags.includes('\\Flagged'))
})

test('the categories of a mailbox are a list of their own, each name once', async () => {
  await using tenant = await startTenant()
  const path = `/users/${await tenant.person('anna')}/outlook/masterCategories`
  const make = async () => (await tenant.graph('POST', path, { displayName: 'Projects', color: 'preset1' })).status
  assert.deepEqual([await make(), await make()], [201, 409])
  assert.deepEqual(
    (await folders(tenant, path)).map(({ displayName, color }) => [displayName, color]),
    [['Projects', 'preset1']],
  )
})
