import { graphRefusal, type Answer } from './answers.ts'
import { body, context, created, listAnswer, NO_CONTENT, oneAnswer, param, type GraphCall, type Route } from './graph-call.ts'
import { folderAt, folderId, isMailFolder, messageId, openMailbox, readId } from './graph-mailbox.ts'
import { fieldsOf, type Address } from './message-fields.ts'
import { listOf, propsOf, rowsOf, textOf, type Props, words } from './props.ts'
import { heldContent, type Folder, type MailStore, type Message } from '../simulator/mail-store.ts'
import { iso } from './exchange-objects.ts'
import { writeMime } from './mime-out.ts'
import type { ExchangeObject } from './state.ts'

const READ = ['Mail.ReadBasic', 'Mail.Read', 'Mail.ReadWrite']
const WRITE = ['Mail.ReadWrite']
const LIST = { what: 'messages', defaultTop: 10, maxTop: 1000 }
const SHOWN = [
  ...words('id categories receivedDateTime sentDateTime hasAttachments internetMessageId subject bodyPreview importance'),
  ...words('parentFolderId isRead isDraft from toRecipients ccRecipients flag lastModifiedDateTime'),
]
const MAX_BODY_BYTES = 4 * 1024 * 1024

export const MESSAGE_ROUTES: readonly Route[] = [
  { method: 'GET', path: '/users/:id/messages', needs: READ, mail: true, run: (call) => listMessages(call, null) },
  {
    method: 'GET',
    path: '/users/:id/mailFolders/:folder/messages',
    needs: READ,
    mail: true,
    run: (call) => listMessages(call, param(call, 'folder')),
  },
  {
    method: 'GET',
    path: '/users/:id/mailFolders/:folder/messages/$count',
    needs: READ,
    mail: true,
    run: (call) => ({ status: 200, body: `${messagesIn(call, param(call, 'folder')).length}`, headers: { 'content-type': 'text/plain' } }),
  },
  {
    method: 'POST',
    path: '/users/:id/mailFolders/:folder/messages',
    needs: WRITE,
    mail: true,
    run: (call) => createMessage(call, param(call, 'folder')),
  },
  { method: 'POST', path: '/users/:id/messages', needs: WRITE, mail: true, run: (call) => createMessage(call, 'drafts') },
  {
    method: 'GET',
    path: '/users/:id/messages/:message',
    needs: READ,
    mail: true,
    run: (call) => oneAnswer(call, 'messages', show(found(call)), [...SHOWN, 'body']),
  },
  {
    method: 'GET',
    path: '/users/:id/mailFolders/:folder/messages/:message',
    needs: READ,
    mail: true,
    run: (call) => oneAnswer(call, 'messages', show(found(call)), SHOWN),
  },
  {
    method: 'GET',
    path: '/users/:id/messages/:message/$value',
    needs: ['Mail.Read', 'Mail.ReadWrite'],
    mail: true,
    run: (call) => ({
      status: 200,
      body: found(call).message.content.bytes().toString('latin1'),
      headers: { 'content-type': 'text/plain' },
    }),
  },
  { method: 'PATCH', path: '/users/:id/messages/:message', needs: WRITE, mail: true, run: changeMessage },
  { method: 'PATCH', path: '/users/:id/mailFolders/:folder/messages/:message', needs: WRITE, mail: true, run: changeMessage },
  {
    method: 'DELETE',
    path: '/users/:id/messages/:message',
    needs: WRITE,
    mail: true,
    run: (call) => {
      const { store, folder, message } = found(call)
      store.removeMessage(folder.name, message.uid)
      return NO_CONTENT
    },
  },
  { method: 'POST', path: '/users/:id/messages/:message/move', needs: WRITE, mail: true, run: moveMessage },
]

type Found = { readonly mailbox: ExchangeObject; readonly store: MailStore; readonly folder: Folder; readonly message: Message }

/** What only Graph knows of a message: categories, the follow-up flag's dates, drafts. Kept as long as the message is. */
const overlays = new WeakMap<Message['content'], Props>()

function show({ mailbox, folder, message }: Found): Props {
  const fields = fieldsOf(message)
  const person = ({ name, address }: Address): Props => ({ emailAddress: { name, address } })
  const received = iso(message.internalDate.getTime())
  return {
    id: messageId(mailbox, folder, message),
    parentFolderId: folderId(mailbox, folder),
    categories: [],
    receivedDateTime: received,
    sentDateTime: fields.sent === null ? received : iso(fields.sent.getTime()),
    lastModifiedDateTime: received,
    hasAttachments: fields.hasAttachments,
    internetMessageId: fields.messageId,
    internetMessageHeaders: fields.headers.map(({ name, value }) => ({ name, value })),
    subject: fields.subject,
    bodyPreview: fields.preview,
    body: { contentType: 'text', content: fields.preview },
    importance: 'normal',
    isRead: message.flags.includes('\\Seen'),
    isDraft: message.flags.includes('\\Draft'),
    from: fields.from === null ? null : person(fields.from),
    sender: fields.from === null ? null : person(fields.from),
    toRecipients: fields.to.map(person),
    ccRecipients: fields.cc.map(person),
    flag: { flagStatus: message.flags.includes('\\Flagged') && !message.flaggedOnlyByAppend ? 'flagged' : 'notFlagged' },
    ...overlays.get(message.content),
  }
}

function messagesIn(call: GraphCall, folderName: string | null): Found[] {
  const { mailbox, store } = openMailbox(call)
  const { imapFolderClass } = call.world.options
  const one = folderName === null ? null : folderAt(mailbox, store, folderName, imapFolderClass)
  const folders = one === null ? store.folders().filter((folder) => isMailFolder(mailbox, folder)) : [one]
  return folders.flatMap((folder) => folder.messages.map((message) => ({ mailbox, store, folder, message })))
}

function listMessages(call: GraphCall, folder: string | null): Answer {
  const rows = messagesIn(call, folder).map(show)
  const newest = rows.toSorted((a, b) => textOf(b['receivedDateTime']).localeCompare(textOf(a['receivedDateTime'])))
  return listAnswer(call, newest, { ...LIST, shown: SHOWN })
}

function found(call: GraphCall): Found {
  const { mailbox, store } = openMailbox(call)
  const id = readId(mailbox, param(call, 'message'))
  const folder = store.folders().find((one) => one.id === id?.folder)
  const message = folder === undefined || id === null || id.uid === null ? undefined : store.message(folder.name, id.uid)
  if (folder === undefined || message === undefined)
    throw graphRefusal(404, 'ErrorItemNotFound', 'The specified object was not found in the store.')
  return { mailbox, store, folder, message }
}

/** MIME in base64 gives a draft whatever it holds; JSON gives one unless PR_MESSAGE_FLAGS says otherwise. */
function createMessage(call: GraphCall, folderName: string): Answer {
  const { mailbox, store } = openMailbox(call)
  const { bytes, headers } = call.request
  if (bytes.length > MAX_BODY_BYTES) throw graphRefusal(413, 'RequestEntityTooLarge', 'Request entity too large')
  const folder = folderAt(mailbox, store, folderName, call.world.options.imapFolderClass)
  if (folder === null) throw graphRefusal(404, 'ErrorItemNotFound', 'The specified object was not found in the store.')
  const at = call.world.now()
  let message: Message
  if ((headers['content-type'] ?? '').startsWith('text/plain')) {
    const text = bytes.toString('latin1').replace(/\s/g, '')
    if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text) || text.length % 4 !== 0)
      throw graphRefusal(400, 'ErrorMimeContentInvalidBase64String', 'Invalid base64 string for MIME content.')
    message = store.addMessage(folder.name, heldContent(Buffer.from(text, 'base64')), { flags: ['\\Draft'], internalDate: new Date(at) })
  } else {
    const asked = body(call)
    const extended = rowsOf(asked['singleValueExtendedProperties'])
    const property = (tag: string): string => textOf(extended.find((one) => textOf(one['id']).toLowerCase().endsWith(tag))?.['value'])
    const bits = property('0x0e07')
    const delivered = Date.parse(property('0x0e06'))
    const flags = [...(bits === '' ? ['\\Draft'] : []), ...(Number(bits) % 2 === 1 || asked['isRead'] === true ? ['\\Seen'] : [])]
    const when = new Date(Number.isNaN(delivered) ? at : delivered)
    message = store.addMessage(folder.name, heldContent(writeMime(asked, `${call.world.id()}@example.test`, when)), {
      flags,
      internalDate: when,
    })
    if (asked['categories'] !== undefined) overlays.set(message.content, { categories: listOf(asked['categories']) })
  }
  return created({ '@odata.context': context(call, 'messages/$entity'), ...show({ mailbox, store, folder, message }) })
}

function changeMessage(call: GraphCall): Answer {
  const one = found(call)
  const { store, folder, message } = one
  const asked = body(call)
  if ('isDraft' in asked) throw graphRefusal(400, 'ErrorInvalidPropertySet', "Property 'isDraft' is read-only and cannot be set.")
  const flagged = textOf(propsOf(asked['flag'])['flagStatus'])
  const set = new Set(message.flags)
  const put = (flag: string, on: boolean): void => void (on ? set.add(flag) : set.delete(flag))
  if (typeof asked['isRead'] === 'boolean') put('\\Seen', asked['isRead'])
  if (flagged !== '') put('\\Flagged', flagged === 'flagged')
  store.setFlags(folder.name, message.uid, [...set])
  const kept = Object.fromEntries(Object.entries(asked).filter(([name]) => ['categories', 'importance', 'flag'].includes(name)))
  overlays.set(message.content, { ...overlays.get(message.content), ...kept })
  return { status: 200, body: show({ ...one, message: store.message(folder.name, message.uid) ?? message }) }
}

function moveMessage(call: GraphCall): Answer {
  const { mailbox, store, folder, message } = found(call)
  const target = folderAt(mailbox, store, textOf(body(call)['destinationId']), call.world.options.imapFolderClass)
  if (target === null) throw graphRefusal(404, 'ErrorItemNotFound', 'The specified object was not found in the store.')
  const moved = store.moveMessage(folder.name, message.uid, target.name)
  return created(show({ mailbox, store, folder: target, message: moved }))
}
