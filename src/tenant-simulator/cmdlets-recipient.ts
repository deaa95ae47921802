import { objectMissing, proxyExists } from './answers.ts'
import { RECIPIENTS } from './address-book.ts'
import { given, isSwitchedOn, type CmdletCall, type CmdletTable } from './cmdlet.ts'
import { cmdletsOf } from './cmdlet-family.ts'
import { answersTo, existing, readObject, visible } from './exchange-objects.ts'
import { freeAlias } from './mailbox.ts'
import { listOf, sameText, textOf, type Props } from './props.ts'
import type { ExchangeObject } from './state.ts'

/** Contacts, users, and who owns an address. */
export const RECIPIENT_CMDLETS: CmdletTable = {
  ...cmdletsOf({
    noun: 'MailContact',
    family: 'recipient',
    verbs: ['Get', 'New', 'Set', 'Remove'],
    parameters: [
      'Name!',
      'ExternalEmailAddress!',
      'DisplayName',
      'Alias',
      'FirstName',
      'LastName',
      'HiddenFromAddressListsEnabled',
      'EmailAddresses',
      'CustomAttribute1',
    ],
    shape: (call, wanted, contact) => {
      if (contact !== null) return wanted
      const address = textOf(wanted['ExternalEmailAddress']).replace(/^smtp:/i, '')
      const owner = existing(call.world, ...RECIPIENTS).find((one) => answersTo(one, address))
      if (owner !== undefined) throw proxyExists(address, textOf(owner.props['Identity']))
      const Alias = freeAlias(call.world, textOf(wanted['Alias']) || textOf(wanted['Name']).replace(/[^\w.-]/g, ''))
      return {
        DisplayName: wanted['Name'] ?? '',
        ...wanted,
        Alias,
        ExternalEmailAddress: `SMTP:${address}`,
        PrimarySmtpAddress: address,
        EmailAddresses: [`SMTP:${address}`],
        RecipientType: 'MailContact',
        RecipientTypeDetails: 'MailContact',
        ExternalDirectoryObjectId: call.world.id(),
      }
    },
  }),
  'Get-Recipient': {
    family: 'recipient',
    parameters: [
      'Identity',
      'Anr',
      'Filter',
      'ResultSize',
      'RecipientType',
      'RecipientTypeDetails',
      'IncludeSoftDeletedRecipients',
      'SortBy',
    ],
    run: (call) => found(call, RECIPIENTS).map((object) => recipientRow(readObject(call.world, object))),
  },
  'Get-User': {
    family: 'recipient',
    parameters: ['Identity', 'Anr', 'Filter', 'ResultSize', 'RecipientTypeDetails'],
    run: users,
  },
}

/** Objects of these kinds that the parameters ask for; an Identity that nothing answers to is an error. */
export function found(call: CmdletCall, kinds: readonly string[]): ExchangeObject[] {
  const identity = given(call, 'Identity')
  const types = listOf(call.parameters['RecipientTypeDetails'])
  const gone = isSwitchedOn(call, 'IncludeSoftDeletedRecipients')
  const all = gone ? call.world.state.objects.filter(({ kind }) => kinds.includes(kind)) : visible(call.world, ...kinds)
  const objects = identity === '' ? all : all.filter((one) => answersTo(one, identity))
  if (identity !== '' && objects.length === 0) throw objectMissing(identity)
  return objects.filter(({ props }) => types.length === 0 || types.some((type) => sameText(type, textOf(props['RecipientTypeDetails']))))
}

export function recipientRow(props: Props): Props {
  const names = [
    'Identity',
    'Guid',
    'Name',
    'DisplayName',
    'Alias',
    'PrimarySmtpAddress',
    'EmailAddresses',
    'RecipientType',
    'RecipientTypeDetails',
    'ExternalDirectoryObjectId',
    'ExternalEmailAddress',
  ]
  return Object.fromEntries(names.flatMap((name) => (props[name] === undefined ? [] : [[name, props[name]]])))
}

/** Users of the directory, with a mailbox or without. */
function users(call: CmdletCall): Props[] {
  const { world } = call
  const identity = given(call, 'Identity')
  const rows = world.state.users
    .filter(({ deletedAtMs, visibleAtMs }) => deletedAtMs === null && visibleAtMs <= world.now())
    .map(({ id, props }) => {
      const mailbox = visible(world, 'Mailbox').find((one) => one.props['ExternalDirectoryObjectId'] === id)
      return {
        Identity: textOf(props['mailNickname']),
        Name: textOf(props['mailNickname']),
        DisplayName: textOf(props['displayName']),
        UserPrincipalName: textOf(props['userPrincipalName']),
        ExternalDirectoryObjectId: id,
        RecipientTypeDetails:
          textOf(mailbox?.props['RecipientTypeDetails']) || (props['accountEnabled'] === false ? 'DisabledUser' : 'User'),
        IsDirSynced: props['onPremisesSyncEnabled'] === true,
      }
    })
    .filter(
      (row) =>
        identity === '' ||
        [row.Identity, row.UserPrincipalName, row.ExternalDirectoryObjectId, row.DisplayName].some((one) => sameText(one, identity)),
    )
  if (identity !== '' && rows.length === 0) throw objectMissing(identity)
  return rows
}
