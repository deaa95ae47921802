import { badRequest, graphRefusal, type Answer } from './answers.ts'
import { body, context, created, listAnswer, NO_CONTENT, oneAnswer, param, query, type GraphCall, type Route } from './graph-call.ts'
import { classOf, folderAt, folderId, isMailFolder, isWellKnown, leafOf, openMailbox, parentOf } from './graph-mailbox.ts'
import { textOf, type Props } from './props.ts'
import type { Folder, MailStore } from '../simulator/mail-store.ts'
import type { ExchangeObject } from './state.ts'

const READ = ['Mail.ReadBasic', 'Mail.Read', 'Mail.ReadWrite']
const WRITE = ['Mail.ReadWrite']
const LIST = { what: 'mailFolders', defaultTop: 10, maxTop: 1000 }
const SHOWN = ['id', 'displayName', 'parentFolderId', 'childFolderCount', 'unreadItemCount', 'totalItemCount', 'sizeInBytes', 'isHidden']

export const FOLDER_ROUTES: readonly Route[] = [
  { method: 'GET', path: '/users/:id/mailFolders', needs: READ, mail: true, run: (call) => listFolders(call, 'msgfolderroot') },
  { method: 'GET', path: '/users/:id/mailFolders/delta', needs: READ, mail: true, run: deltaFolders },
  { method: 'GET', path: '/users/:id/mailFolders/:folder', needs: READ, mail: true, run: oneFolder },
  {
    method: 'GET',
    path: '/users/:id/mailFolders/:folder/childFolders',
    needs: READ,
    mail: true,
    run: (call) => listFolders(call, param(call, 'folder')),
  },
  { method: 'POST', path: '/users/:id/mailFolders', needs: WRITE, mail: true, run: (call) => createFolder(call, 'msgfolderroot') },
  {
    method: 'POST',
    path: '/users/:id/mailFolders/:folder/childFolders',
    needs: WRITE,
    mail: true,
    run: (call) => createFolder(call, param(call, 'folder')),
  },
  { method: 'PATCH', path: '/users/:id/mailFolders/:folder', needs: WRITE, mail: true, run: renameFolder },
  { method: 'DELETE', path: '/users/:id/mailFolders/:folder', needs: WRITE, mail: true, run: deleteFolder },
]

type Opened = { readonly mailbox: ExchangeObject; readonly store: MailStore; readonly ofImap: string }

function open(call: GraphCall): Opened {
  return { ...openMailbox(call), ofImap: call.world.options.imapFolderClass }
}

function mailFolders({ mailbox, store, ofImap }: Opened): Folder[] {
  return store.folders().filter((folder) => isMailFolder(mailbox, folder) && classOf(mailbox, folder, ofImap) !== 'IPF.Imap')
}

function childrenOf(opened: Opened, parent: Folder | null): Folder[] {
  return mailFolders(opened).filter((folder) => parentOf(opened.store, folder)?.id === parent?.id)
}

function isHidden({ mailbox }: Opened, folder: Folder): boolean {
  return mailbox.times[`hidden ${folder.id}`] !== undefined
}

function showFolder(opened: Opened, folder: Folder): Props {
  const { mailbox, store } = opened
  return {
    id: folderId(mailbox, folder),
    displayName: leafOf(store, folder),
    parentFolderId: folderId(mailbox, parentOf(store, folder)),
    childFolderCount: childrenOf(opened, folder).length,
    unreadItemCount: folder.messages.filter(({ flags }) => !flags.includes('\\Seen')).length,
    totalItemCount: folder.messages.length,
    sizeInBytes: folder.messages.reduce((sum, { content }) => sum + content.sizeBytes, 0),
    isHidden: isHidden(opened, folder),
  }
}

function listFolders(call: GraphCall, parent: string): Answer {
  const opened = open(call)
  const hidden = query(call, 'includeHiddenFolders').toLowerCase() === 'true'
  const folders = childrenOf(opened, folderAt(opened.mailbox, opened.store, parent, opened.ofImap))
  const rows = folders.filter((folder) => hidden || !isHidden(opened, folder)).map((folder) => showFolder(opened, folder))
  return listAnswer(call, rows, { ...LIST, shown: SHOWN })
}

/** All folders in one flat list; the token remembers what was told. */
function deltaFolders(call: GraphCall): Answer {
  const opened = open(call)
  const token = query(call, '$deltatoken')
  const told = new Map<string, string>()
  if (token !== '') {
    const text = Buffer.from(token, 'base64url').toString()
    if (!text.startsWith('['))
      throw graphRefusal(410, 'syncStateNotFound', 'The sync state generation is not found; restart the synchronisation.')
    for (const [id, shape] of JSON.parse(text) as readonly (readonly [string, string])[]) told.set(id, shape)
  }
  const rows = mailFolders(opened).map((folder) => showFolder(opened, folder))
  const shape = (row: Props): string => `${textOf(row['displayName'])}|${textOf(row['parentFolderId'])}|${textOf(row['totalItemCount'])}`
  const changed = rows.filter((row) => told.get(textOf(row['id'])) !== shape(row))
  const gone = [...told.keys()]
    .filter((id) => !rows.some((row) => row['id'] === id))
    .map((id) => ({ id, '@removed': { reason: 'deleted' } }))
  const next = new URL(call.request.url)
  next.search = ''
  next.searchParams.set(
    '$deltatoken',
    Buffer.from(JSON.stringify(rows.map((row) => [textOf(row['id']), shape(row)]))).toString('base64url'),
  )
  return {
    status: 200,
    body: { '@odata.context': context(call, 'mailFolders'), '@odata.deltaLink': next.href, value: [...changed, ...gone] },
  }
}

function oneFolder(call: GraphCall): Answer {
  const opened = open(call)
  const folder = folderAt(opened.mailbox, opened.store, param(call, 'folder'), opened.ofImap)
  if (folder !== null) return oneAnswer(call, 'mailFolders', showFolder(opened, folder), SHOWN)
  const root = {
    id: folderId(opened.mailbox, null),
    displayName: 'Top of Information Store',
    parentFolderId: folderId(opened.mailbox, null),
    childFolderCount: childrenOf(opened, null).length,
    unreadItemCount: 0,
    totalItemCount: 0,
    isHidden: false,
  }
  return oneAnswer(call, 'mailFolders', root)
}

function createFolder(call: GraphCall, under: string): Answer {
  const opened = open(call)
  const { mailbox, store } = opened
  const parent = folderAt(mailbox, store, under, opened.ofImap)
  const name = textOf(body(call)['displayName']).trim()
  if (name === '') throw badRequest("A value is required for property 'displayName' of resource 'mailFolder'.")
  const full = parent === null ? name : `${parent.name}${store.separator}${name}`
  if (name.includes(store.separator))
    throw graphRefusal(
      400,
      'ErrorInvalidProperty',
      `The folder name '${name}' holds a character that this simulator cannot show over IMAP.`,
    )
  if (store.folder(parent === null && /^inbox$/i.test(name) ? 'INBOX' : full) !== undefined)
    throw graphRefusal(409, 'ErrorFolderExists', 'A folder with the specified name already exists.')
  const folder = store.createFolder(full, { subscribed: true })
  mailbox.times[`note ${folder.id}`] = call.world.now()
  if (body(call)['isHidden'] === true) mailbox.times[`hidden ${folder.id}`] = call.world.now()
  return created({ '@odata.context': context(call, 'mailFolders/$entity'), ...showFolder(opened, folder) })
}

function own(call: GraphCall, opened: Opened): Folder {
  const folder = folderAt(opened.mailbox, opened.store, param(call, 'folder'), opened.ofImap)
  if (folder === null || isWellKnown(folder))
    throw graphRefusal(403, 'ErrorDeleteDistinguishedFolder', 'Distinguished folders cannot be changed or deleted.')
  return folder
}

function renameFolder(call: GraphCall): Answer {
  const opened = open(call)
  const folder = own(call, opened)
  const parent = parentOf(opened.store, folder)
  const name = textOf(body(call)['displayName']).trim()
  const full = parent === null ? name : `${parent.name}${opened.store.separator}${name}`
  const taken = opened.store.folder(full)
  if (name === '') throw badRequest("A value is required for property 'displayName' of resource 'mailFolder'.")
  if (taken !== undefined && taken.id !== folder.id)
    throw graphRefusal(409, 'ErrorFolderExists', 'A folder with the specified name already exists.')
  if (taken === undefined) opened.store.renameFolder(folder.name, full)
  return { status: 200, body: showFolder(opened, opened.store.folder(full) ?? folder) }
}

function deleteFolder(call: GraphCall): Answer {
  const opened = open(call)
  const folder = own(call, opened)
  const below = opened.store.folders().filter(({ name }) => name.startsWith(`${folder.name}${opened.store.separator}`))
  for (const one of [...below, folder]) opened.store.deleteFolder(one.name)
  return NO_CONTENT
}
