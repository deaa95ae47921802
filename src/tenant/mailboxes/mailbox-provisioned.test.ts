import assert from 'node:assert/strict'
import { test } from 'node:test'
import { graphPath } from '../../microsoft/graph-path.ts'
import { textIn } from '../../microsoft/wire-json.ts'
import { applied, codes, sentences, wantedMailbox } from '../mail-flow/mail-flow.fixture.ts'
import { plannedMailboxes, wantedGroup, wantedWith } from './mailbox.fixture.ts'
import type { SimulatedTenant } from '../tenant.fixture.ts'
import { simulatedTenant } from '../tenant.fixture.ts'

const MB = 1024 ** 2

/** Gives an existing user without a mailbox a licence, as the parts about people would. */
async function license({ clients: { graph } }: SimulatedTenant, upn: string, part: string): Promise<void> {
  const skus = await Array.fromAsync(graph.rows('/subscribedSkus'))
  const skuId = textIn(skus.find((sku) => sku['skuPartNumber'] === part)?.['skuId'])
  await graph.send('POST', graphPath`/users/${upn}/assignLicense`, {
    body: { addLicenses: [{ skuId, disabledPlans: [] }], removeLicenses: [] },
  })
}

async function firstWithoutMailbox(tenant: SimulatedTenant): Promise<string> {
  const person = tenant.simulator.prepared?.people.find(({ exists }) => exists === 'user')
  return person?.address ?? assert.fail('the prepared tenant has no user without a mailbox')
}

test('all that is wanted of a mailbox that is yet to come is planned, and done once it is there', async () => {
  await using tenant = await simulatedTenant({ content: 'prepared' })
  const upn = await firstWithoutMailbox(tenant)
  const address = `first.last@example.test`
  const wanted = wantedWith({
    mailboxes: [
      wantedMailbox(address, {
        userPrincipalName: upn,
        aliases: ['f.last@example.test'],
        licences: ['ENTERPRISEPACK'],
        language: 'de-DE',
        archive: true,
        hidden: true,
        protocols: { pop: false },
        fullAccess: ['anna@example.test'],
      }),
      wantedMailbox('info@example.test', { kind: 'shared', fullAccess: [address] }),
    ],
    groups: [wantedGroup('team@example.test', 'Team', { members: [address], owners: [address] })],
    migration: {
      app: { displayName: 'mail-mover' },
      sizes: { receiveBytes: 150 * MB, sendBytes: null },
      suspendRetention: true,
      where: '',
    },
  })
  const plan = await plannedMailboxes(wanted, tenant)
  const [wait = assert.fail()] = plan.changes
  assert.match(wait.says, /^Wait for the mailbox first\.last@example\.test/)
  assert.deepEqual([wait.calls, wait.takes, wait.after], [[], 'hours', [`licence ${upn} enterprisepack`]])
  await license(tenant, upn, 'ENTERPRISEPACK')
  const done = await applied(plan, tenant)
  assert.equal(done.length, plan.changes.length)
  const again = await plannedMailboxes(wanted, tenant)
  assert.deepEqual([sentences(again), codes(again)], [[], []])
})

test('IMAP is switched on for the migration where the mailbox comes without it', async () => {
  await using tenant = await simulatedTenant({ content: 'prepared' })
  const upn = await firstWithoutMailbox(tenant)
  const migration = { ...wantedWith({}).migration, app: { displayName: 'mail-mover' } }
  const wanted = wantedWith({ mailboxes: [wantedMailbox(upn, { licences: ['EXCHANGEDESKLESS'] })], migration })
  const plan = await plannedMailboxes(wanted, tenant)
  assert.ok(sentences(plan).includes(`For the migration, ${upn}: IMAP on`))
  await license(tenant, upn, 'EXCHANGEDESKLESS')
  await applied(plan, tenant)
  const { rows } = await tenant.clients.admin.invoke('Get-CASMailbox', { Identity: upn })
  assert.equal(rows[0]?.['ImapEnabled'], true)
  assert.deepEqual(sentences(await plannedMailboxes(wanted, tenant)), [])
  const other = wantedWith({ mailboxes: [wantedMailbox('new@example.test', { licences: ['ENTERPRISEPACK'] })], migration })
  assert.ok(!sentences(await plannedMailboxes(other, tenant)).some((says) => says.includes('IMAP')))
})

test('IMAP that is wanted on for good is not taken for a setting of the migration', async () => {
  await using tenant = await simulatedTenant({ content: 'prepared' })
  await tenant.clients.admin.invoke('Set-CASMailbox', { Identity: 'anna@example.test', ImapEnabled: false })
  tenant.simulator.advance(10_000)
  const migration = { ...wantedWith({}).migration, app: { displayName: 'mail-mover' } }
  const plan = await plannedMailboxes(
    wantedWith({ mailboxes: [wantedMailbox('anna@example.test', { protocols: { imap: true } })], migration }),
    tenant,
  )
  const found = plan.changes.filter(({ says }) => says.includes('IMAP')).map(({ kind, says }) => [kind, says])
  assert.deepEqual(found, [['protocols', 'Set the protocols of anna@example.test: IMAP on']])
})

test('the language is set with the names of folders, and dates of another language do not stop it', async () => {
  await using tenant = await simulatedTenant({ content: 'prepared' })
  const { admin } = tenant.clients
  await admin.invoke('Set-MailboxRegionalConfiguration', { Identity: 'anna@example.test', DateFormat: 'M/d/yyyy' })
  const wanted = wantedWith({ mailboxes: [wantedMailbox('anna@example.test', { language: 'de-DE' })] })
  const plan = await plannedMailboxes(wanted, tenant)
  assert.deepEqual(sentences(plan), ['Set anna@example.test: language de-DE (was en-US), default folders named in it'])
  await applied(plan, tenant)
  const folders =
    tenant.simulator
      .store('anna@example.test')
      ?.folders()
      .map(({ name }) => name) ?? []
  assert.ok(folders.includes('Gesendete Elemente'))
  assert.deepEqual(sentences(await plannedMailboxes(wanted, tenant)), [])
})
