import { appAccessPart } from './access.ts'
import { contactsPart } from './contacts.ts'
import { groupsPart } from './groups.ts'
import { mailboxAddressesPart } from './mailbox-addresses.ts'
import { mailboxLanguagePart } from './mailbox-language.ts'
import { mailboxPermissionsPart } from './mailbox-permissions.ts'
import { mailboxProtocolsPart } from './mailbox-protocols.ts'
import { mailboxSettingsPart } from './mailbox-settings.ts'
import { mailboxesPart } from './mailboxes.ts'
import type { AnyPart } from '../plan.ts'
import { anyPart } from '../plan.ts'
import { sharedPart } from './shared.ts'
import { migrationPart } from './sizes.ts'

/** The parts about recipients of Exchange. */
export const MAILBOX_PARTS: readonly AnyPart[] = [
  anyPart(mailboxesPart),
  anyPart(sharedPart),
  anyPart(mailboxAddressesPart),
  anyPart(mailboxSettingsPart),
  anyPart(mailboxProtocolsPart),
  anyPart(mailboxLanguagePart),
  anyPart(mailboxPermissionsPart),
  anyPart(migrationPart),
  anyPart(appAccessPart),
  anyPart(contactsPart),
  anyPart(groupsPart),
]
