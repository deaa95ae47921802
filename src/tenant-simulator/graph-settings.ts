import { graphRefusal, type Answer } from './answers.ts'
import { iso } from './exchange-objects.ts'
import { body, created, listAnswer, oneAnswer, param, query, type GraphCall, type Route } from './graph-call.ts'
import { addressOf, openMailbox } from './graph-mailbox.ts'
import { userAt } from './graph-users.ts'
import { storeOf } from './mailbox.ts'
import { writeMime } from './mime-out.ts'
import { propsOf, rowsOf, textOf, type Props } from './props.ts'
import { newMessageId, recipientsOf, store, transport } from './transport.ts'
import { readSize } from './sizes.ts'
import type { TenantWorld } from './world.ts'

/** Settings of a mailbox, sending, and what the service reports about both. */
export const SETTINGS_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/users/:id/mailboxSettings',
    needs: ['MailboxSettings.Read', 'MailboxSettings.ReadWrite'],
    mail: true,
    run: (call) => oneAnswer(call, 'mailboxSettings', settings(call)),
  },
  {
    method: 'PATCH',
    path: '/users/:id/mailboxSettings',
    needs: ['MailboxSettings.ReadWrite'],
    mail: true,
    run: (call) => {
      const { mailbox } = openMailbox(call)
      mailbox.props['mailboxSettings'] = { ...propsOf(mailbox.props['mailboxSettings']), ...body(call) }
      return { status: 200, body: settings(call) }
    },
  },
  {
    method: 'GET',
    path: '/users/:id/outlook/masterCategories',
    needs: ['MailboxSettings.Read', 'MailboxSettings.ReadWrite'],
    mail: true,
    run: (call) => {
      const rows = rowsOf(openMailbox(call).mailbox.props['masterCategories'])
      return listAnswer(call, rows, { what: 'masterCategories', defaultTop: 100, maxTop: 999 })
    },
  },
  {
    method: 'POST',
    path: '/users/:id/outlook/masterCategories',
    needs: ['MailboxSettings.ReadWrite'],
    mail: true,
    run: (call) => {
      const { mailbox } = openMailbox(call)
      const known = rowsOf(mailbox.props['masterCategories'])
      const row = { id: call.world.id(), displayName: textOf(body(call)['displayName']), color: textOf(body(call)['color']) || 'none' }
      if (known.some(({ displayName }) => displayName === row.displayName))
        throw graphRefusal(409, 'CategoryNameDuplicated', 'A category with this name already exists.')
      mailbox.props['masterCategories'] = [...known, row]
      return created(row)
    },
  },
  { method: 'POST', path: '/users/:id/sendMail', needs: ['Mail.Send'], mail: true, run: sendMail },
  { method: 'GET', path: '/admin/exchange/tracing/messageTraces', needs: ['ExchangeMessageTrace.Read.All'], run: traces },
  {
    method: 'GET',
    path: "/admin/exchange/tracing/messageTraces/:trace/getDetailsByRecipient(recipientAddress=':recipient')",
    needs: ['ExchangeMessageTrace.Read.All'],
    run: (call) => {
      const row = traceRows(call.world).find(
        ({ id, recipientAddress }) => id === param(call, 'trace') && recipientAddress === param(call, 'recipient'),
      )
      if (row === undefined) throw graphRefusal(404, 'ItemNotFound', 'No such message trace.')
      const detail = { id: row['id'] ?? '', messageId: row['messageId'] ?? '', dateTime: row['receivedDateTime'] ?? '' }
      const rows = rowsOf(row['events']).map(({ Event, Detail }) => ({
        ...detail,
        event: Event ?? '',
        action: '',
        description: Detail ?? '',
        data: '',
      }))
      return listAnswer(call, rows, {
        what: 'messageTraceDetails',
        defaultTop: 1000,
        maxTop: 5000,
      })
    },
  },
  { method: 'GET', path: "/reports/getMailboxUsageDetail(period=':period')", needs: ['Reports.Read.All'], run: usageReport },
  {
    method: 'GET',
    path: '/auditLogs/signIns',
    needs: ['AuditLog.Read.All'],
    run: (call) => listAnswer(call, [], { what: 'auditLogs/signIns', defaultTop: 50, maxTop: 1000 }),
  },
]

function settings(call: GraphCall): Props {
  const { mailbox } = openMailbox(call)
  const type = textOf(mailbox.props['RecipientTypeDetails'])
  return {
    timeZone: 'UTC',
    language: { locale: 'en-US', displayName: 'English (United States)' },
    dateFormat: 'M/d/yyyy',
    timeFormat: 'h:mm tt',
    automaticRepliesSetting: { status: 'disabled' },
    userPurpose: type === 'SharedMailbox' ? 'shared' : type === 'RoomMailbox' ? 'room' : type === 'EquipmentMailbox' ? 'equipment' : 'user',
    ...propsOf(mailbox.props['mailboxSettings']),
  }
}

/** Accepted at once; what becomes of it is seen at the recipients and in the message trace. */
function sendMail(call: GraphCall): Answer {
  const { world } = call
  const { mailbox } = openMailbox(call)
  userAt(call)
  const sender = addressOf(mailbox)
  const message = {
    ...propsOf(body(call)['message']),
    from: { emailAddress: { name: textOf(mailbox.props['DisplayName']), address: sender } },
  }
  const recipients = recipientsOf(message)
  if (recipients.length === 0 || recipients.some((address) => !/^[^@\s]+@[^@\s]+$/.test(address)))
    throw graphRefusal(400, 'ErrorInvalidRecipients', 'At least one recipient is not valid.')
  const id = newMessageId(world, sender)
  const copy = (): Buffer => writeMime(message, id, new Date(world.now()))
  if (body(call)['saveToSentItems'] !== false) store(world, sender, 'folder-3', copy(), ['\\Seen'])
  transport(world, { sender, recipients, message, id })
  return { status: 202 }
}

/** Message trace as Graph shows it; a row appears some time after the delivery. */
function traceRows(world: TenantWorld): Props[] {
  return world.state.objects
    .filter(({ kind, times }) => kind === 'MessageTrace' && (times['rowAt'] ?? 0) <= world.now())
    .map(({ props }) => ({
      id: props['MessageTraceId'] ?? '',
      senderAddress: props['SenderAddress'] ?? '',
      recipientAddress: props['RecipientAddress'] ?? '',
      messageId: props['MessageId'] ?? '',
      receivedDateTime: props['Received'] ?? '',
      subject: props['Subject'] ?? '',
      size: props['Size'] ?? 0,
      fromIP: props['FromIP'] ?? '',
      toIP: props['ToIP'] ?? '',
      status: textOf(props['Status']).toLowerCase(),
      events: props['Events'] ?? [],
    }))
}

const TRACE_APP = '8bd644d1-64a1-4d4b-ae52-2e0cbf64e373'

function traces(call: GraphCall): Answer {
  const known = call.world.state.apps.some(({ appId, servicePrincipalId }) => appId === TRACE_APP && servicePrincipalId !== null)
  if (!known) {
    const text = `Service principal-less Authentication failed: the service principal for App ID ${TRACE_APP} was not found.`
    throw graphRefusal(401, 'Unauthorized', text)
  }
  return listAnswer(call, traceRows(call.world), { what: 'messageTraces', defaultTop: 1000, maxTop: 5000 })
}

/** CSV as of the last whole day; a real client is sent on to it by 302. */
function usageReport(call: GraphCall): Answer {
  if (query(call, 'csv') === '') {
    const next = new URL(call.request.url)
    next.searchParams.set('csv', '1')
    return { status: 302, headers: { location: next.href } }
  }
  const head =
    'Report Refresh Date,User Principal Name,Display Name,Is Deleted,Item Count,Storage Used (Byte),Prohibit Send/Receive Quota (Byte),Has Archive'
  const day = iso(call.world.now() - 48 * 3_600_000).slice(0, 10)
  const rows = call.world.state.objects
    .filter(({ kind, removedAtMs }) => kind === 'Mailbox' && removedAtMs === null)
    .map((mailbox) => {
      const messages = storeOf(call.world, mailbox)
        .folders()
        .flatMap((folder) => folder.messages)
      const bytes = messages.reduce((sum, { content }) => sum + content.sizeBytes, 0)
      const { UserPrincipalName, DisplayName, ProhibitSendReceiveQuota, ArchiveStatus } = mailbox.props
      const quota = readSize(textOf(ProhibitSendReceiveQuota)) ?? 0
      return [day, textOf(UserPrincipalName), textOf(DisplayName), 'False', messages.length, bytes, quota, ArchiveStatus === 'Active'].join(
        ',',
      )
    })
  return { status: 200, body: [head, ...rows, ''].join('\r\n'), headers: { 'content-type': 'application/octet-stream' } }
}
