import { given, set, settingsOf, type CmdletTable } from './cmdlet.ts'
import { cmdletsOf, named } from './cmdlet-family.ts'
import { listMailboxes } from './cmdlets-mailbox.ts'
import { readObject } from './exchange-objects.ts'
import { storeOf, PROTOCOLS } from './mailbox.ts'
import { classOf, leafOf } from './graph-mailbox.ts'
import { pick, sameText, textOf, type Props } from './props.ts'
import { showSize } from './sizes.ts'
import type { Folder, MailStore } from '../simulator/mail-store.ts'
import type { ExchangeObject } from './state.ts'
import type { TenantWorld } from './world.ts'

const SHOWN = ['Identity', 'Guid', 'Name', 'DisplayName', 'PrimarySmtpAddress', 'ExternalDirectoryObjectId', 'RecipientTypeDetails']

/** Protocols of mailboxes, what is in them, and the plans that new ones are made by. */
export const PROTOCOL_CMDLETS: CmdletTable = {
  'Get-CASMailbox': {
    family: 'recipient',
    parameters: ['Identity', 'ResultSize', 'RecipientTypeDetails', 'Filter', 'ProtocolSettings', 'Anr', 'SortBy'],
    run: (call) => listMailboxes(call).map(([mailbox]) => pick(readObject(call.world, mailbox), [...SHOWN, ...Object.keys(PROTOCOLS)])),
  },
  'Set-CASMailbox': {
    family: 'recipient',
    parameters: ['Identity!', ...Object.keys(PROTOCOLS)],
    run: (call) => {
      const mailbox = named(call, 'Mailbox')
      const settings = settingsOf(call, mailbox.props)
      const imap = settings['ImapEnabled']
      // What IMAP does follows later; until then it does what it did.
      if (imap !== undefined && imap !== mailbox.props['ImapEnabled'])
        mailbox.times['imapSwitchAt'] = call.world.now() + call.world.timing.casMailboxMs
      set(call, mailbox, settings)
      return []
    },
  },
  'Get-MailboxStatistics': {
    family: 'recipient',
    parameters: ['Identity!', 'Archive', 'IncludeMoveHistory', 'IncludeSoftDeletedRecipients', 'UseCustomRouting'],
    run: (call) => {
      const mailbox = named(call, 'Mailbox')
      const folders = storeOf(call.world, mailbox).folders()
      const messages = folders.flatMap((folder) => folder.messages)
      if (messages.length === 0 && mailbox.times['loggedOnAt'] === undefined) {
        call.warn(
          `The user hasn't logged on to mailbox '${textOf(mailbox.props['Identity'])}', so there is no data to return. After the user logs on, this warning will no longer appear.`,
        )
        return []
      }
      const deleted = folders.filter(({ id }) => id === 'folder-4').flatMap((folder) => folder.messages)
      return [
        {
          DisplayName: mailbox.props['DisplayName'] ?? '',
          MailboxGuid: mailbox.props['ExchangeGuid'] ?? '',
          ItemCount: messages.length,
          DeletedItemCount: 0,
          AssociatedItemCount: 12,
          TotalItemSize: showSize(bytesOf(messages)),
          TotalDeletedItemSize: showSize(0),
          DeletedItemsFolderCount: deleted.length,
          StorageLimitStatus: 'BelowLimit',
          LastLogonTime: mailbox.times['loggedOnAt'] === undefined ? null : new Date(mailbox.times['loggedOnAt']).toISOString(),
          IsArchiveMailbox: call.parameters['Archive'] === true,
          MailboxTypeDetail: textOf(mailbox.props['RecipientTypeDetails']),
        },
      ]
    },
  },
  'Get-MailboxFolderStatistics': {
    family: 'recipient',
    parameters: [
      'Identity!',
      'Archive',
      'FolderScope',
      'IncludeOldestAndNewestItems',
      'ResultSize',
      'SkipCount',
      'UseCustomRouting',
      'IncludeAnalysis',
    ],
    run: (call) => {
      const mailbox = named(call, 'Mailbox')
      const scope = given(call, 'FolderScope')
      const store = storeOf(call.world, mailbox)
      return store
        .folders()
        .map((folder) => folderRow(call.world, mailbox, store, folder))
        .filter((row) => scope === '' || sameText(scope, 'All') || sameText(textOf(row['FolderType']), scope))
    },
  },
  ...cmdletsOf({
    noun: 'MailboxPlan',
    family: 'recipient',
    verbs: ['Get', 'Set'],
    parameters: [
      'MaxSendSize',
      'MaxReceiveSize',
      'RetainDeletedItemsFor',
      'RetentionPolicy',
      'IssueWarningQuota',
      'ProhibitSendQuota',
      'ProhibitSendReceiveQuota',
      'IsDefault',
      'RoleAssignmentPolicy',
    ],
  }),
  ...cmdletsOf({
    noun: 'CASMailboxPlan',
    family: 'recipient',
    verbs: ['Get', 'Set'],
    parameters: ['ImapEnabled', 'PopEnabled', 'ActiveSyncEnabled', 'EwsEnabled', 'OwaMailboxPolicy'],
  }),
}

const TYPES: Readonly<Record<string, string>> = {
  'folder-1': 'Inbox',
  'folder-2': 'Drafts',
  'folder-3': 'SentItems',
  'folder-4': 'DeletedItems',
  'folder-5': 'JunkEmail',
  'folder-6': 'Archive',
  'folder-7': 'Outbox',
  'folder-8': 'Notes',
  'folder-9': 'Calendar',
  'folder-10': 'Contacts',
  'folder-11': 'Tasks',
  'folder-12': 'Journal',
  'folder-13': 'ConversationHistory',
  'folder-14': 'RssSubscriptions',
}

function folderRow(world: TenantWorld, mailbox: ExchangeObject, store: MailStore, folder: Folder): Props {
  const dates = folder.messages.map(({ internalDate }) => internalDate.getTime())
  const date = (ms: number): string | null => (Number.isFinite(ms) ? new Date(ms).toISOString() : null)
  const size = showSize(bytesOf(folder.messages))
  return {
    Identity: `${textOf(mailbox.props['Identity'])}\\${folder.name}`,
    Name: leafOf(store, folder),
    FolderPath: `/${folder.name.replace(/^INBOX/, 'Inbox')}`,
    FolderId: Buffer.from(`LgAAAAB|${mailbox.guid}|${folder.id}`).toString('base64'),
    FolderType: TYPES[folder.id] ?? 'User Created',
    ContainerClass: classOf(mailbox, folder, world.options.imapFolderClass),
    ItemsInFolder: folder.messages.length,
    HiddenItemsInFolder: 0,
    VisibleItemsInFolder: folder.messages.length,
    DeletedItemsInFolder: 0,
    FolderSize: size,
    ItemsInFolderAndSubfolders: folder.messages.length,
    FolderAndSubfolderSize: size,
    OldestItemReceivedDate: date(Math.min(...dates)),
    NewestItemReceivedDate: date(Math.max(...dates)),
  }
}

function bytesOf(messages: Folder['messages']): number {
  return messages.reduce((sum, { content }) => sum + content.sizeBytes, 0)
}
