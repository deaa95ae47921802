import assert from 'node:assert/strict'
import { test } from 'node:test'
import { facts, reading, says } from '../reading.fixture.ts'
import { exchange } from './exchange.ts'

const ROWS = `#TYPE Selected.Microsoft.Exchange.Data.Directory.Management.Mailbox
"Alias","DisplayName","PrimarySmtpAddress","UserPrincipalName","RecipientTypeDetails","AccountDisabled","EmailAddresses"
"anna.e","Änne Example","anna@example.test","anna@corp.local","UserMailbox","False","SMTP:anna@example.test smtp:a.example@example.test X500:/o=Ex/cn=anna"
"info","Info","info@example.test","info@corp.local","SharedMailbox","True","SMTP:info@example.test"
"hall","Hall 1","hall@example.test","hall@corp.local","RoomMailbox","True",""
"beamer","Beamer","beamer@example.test","beamer@corp.local","EquipmentMailbox","True",""
"left","Left","left@example.test","left@corp.local","UserMailbox","True",""
"DiscoverySearchMailbox{D919BA05-46A6-415f-80AD-7E09334BB852}","Discovery","DiscoverySearchMailbox@corp.local","","DiscoveryMailbox","True",""
`

test('U04: Get-Mailbox as CSV in UTF-16 tells kinds, aliases, mail aliases and who is disabled', async () => {
  for (const bytes of [Buffer.from(`\uFEFF${ROWS.replaceAll('\n', '\r\n')}`, 'utf16le'), Buffer.from(`\uFEFF${ROWS}`)]) {
    const result = await reading(exchange, bytes)
    assert.deepEqual(result.problems, [])
    assert.deepEqual(facts(result), [
      {
        login: 'anna@corp.local',
        address: 'anna@example.test',
        name: 'Änne Example',
        mailAlias: 'anna.e',
        aliases: ['a.example@example.test'],
      },
      { login: 'info@corp.local', address: 'info@example.test', name: 'Info', kind: 'shared', mailAlias: 'info' },
      { login: 'hall@corp.local', address: 'hall@example.test', name: 'Hall 1', kind: 'room', mailAlias: 'hall' },
      { login: 'beamer@corp.local', address: 'beamer@example.test', name: 'Beamer', kind: 'equipment', mailAlias: 'beamer' },
      { login: 'left@corp.local', address: 'left@example.test', name: 'Left', mailAlias: 'left', disabled: true },
      {
        login: 'DiscoverySearchMailbox@corp.local',
        name: 'Discovery',
        kind: 'system',
        mailAlias: 'DiscoverySearchMailbox{D919BA05-46A6-415f-80AD-7E09334BB852}',
      },
    ])
  }
})

test('Get-MailboxStatistics gives the exact size, however the language writes its thousands', async () => {
  const sizes = ['1.234 GB (1,325,400,064 bytes)', '1,234 GB (1.325.400.064 Bytes)', '1,234 Go (1 325 400 064 octets)', '1325400064']
  for (const size of sizes) {
    const result = await reading(exchange, `PrimarySmtpAddress;TotalItemSize;ItemCount\nanna@example.test;"${size}";42\n`)
    assert.deepEqual(facts(result), [{ login: 'anna@example.test', sizeBytes: 1_325_400_064, messages: 42 }], size)
  }
})

test('addresses that PowerShell wrote as a type name are told, with the command that writes them out', async () => {
  const result = await reading(
    exchange,
    'PrimarySmtpAddress,EmailAddresses\nanna@example.test,Microsoft.Exchange.Data.ProxyAddressCollection\nbert@example.test,Microsoft.Exchange.Data.ProxyAddressCollection\n',
  )
  assert.deepEqual(facts(result), [{ login: 'anna@example.test' }, { login: 'bert@example.test' }])
  assert.equal(result.problems.length, 1)
  assert.match(says(result)[0] ?? '', /^2: EmailAddresses holds a type name .*-join/)
})

test('a row without any address is told with its line', async () => {
  const result = await reading(exchange, 'Alias,PrimarySmtpAddress\nanna,anna@example.test\nbert,\n')
  assert.match(says(result)[0] ?? '', /^3: neither PrimarySmtpAddress nor UserPrincipalName/)
})
