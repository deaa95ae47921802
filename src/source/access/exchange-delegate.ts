import type { PasswordLogin } from '../../imap/endpoint.ts'
import { LoginForms } from '../../imap/login-forms.ts'
import { loginGuard } from '../../imap/login-guard.ts'
import type { AccessMethod } from './method.ts'
import { ADMIN_PASSWORD, given } from './settings.ts'

/**
 * Exchange on premises: an account with FullAccess opens the mailbox of another. Which form of the login a server wants differs;
 * the forms that fit the way the account is written, at most three, are tried at the first mailbox.
 */
export const exchangeDelegate: AccessMethod = {
  name: 'exchange-delegate',
  title: 'an account with FullAccess opens the mailboxes of Exchange on premises',
  settings: [{ key: 'login', label: 'DOMAIN\\account or account@upn.suffix', required: true }, ADMIN_PASSWORD],
  needsPasswords: false,
  usesTokens: false,
  async open(choice) {
    const { login, secret } = given(choice)
    const forms = new LoginForms(loginGuard(`the account ${login}`))
    return ({ user, alias }) => ({
      kind: 'forms',
      user,
      forms,
      of: delegateForms(login, user, alias ?? null).map((form): PasswordLogin => ({ kind: 'password', password: secret, ...form })),
    })
  },
}

type Form = { readonly user: string; readonly authzid: string | null }

/** The forms in the order in which servers want them most. The last part is the mailbox's alias: as listed, or the local part of an address. */
export function delegateForms(admin: string, mailbox: string, listed: string | null = null): readonly Form[] {
  const alias = listed ?? mailbox.split('@')[0] ?? mailbox
  const composed = (name: string): readonly Form[] =>
    ['\\', '/'].map((between) => ({ user: [...name.split(/[\\/]/), alias].join(between), authzid: null }))
  if (/[\\/]/.test(admin)) return composed(admin)
  return [...composed(admin), { user: admin, authzid: mailbox }]
}
