import type { Secret } from '../model/secret.ts'

/** A mailbox of the list, as far as a row of Microsoft's list is made of it. */
export type ListedMailbox = {
  readonly name: string
  readonly sourceLogin: string
  readonly sourcePassword: Secret | null
  readonly sourceRoot: string | null
  readonly alias: string | null
  readonly target: string
}

/** How the mailboxes of the source are opened; the words of `--access`. */
export type Opened = {
  readonly kind: string
  readonly login: string | null
  readonly secret: Secret | null
  readonly template: string | null
}

/** A row of Microsoft's list. The password is revealed only while the file is made. */
export type NativeRow = {
  readonly emailAddress: string
  readonly userName: string
  readonly password: Secret | null
  /** The folder that is the user's mailbox in the tree that an administrator sees; null: none. */
  readonly userRoot: string | null
}

export type SignIn =
  /** `note`: what a person must make sure of. */
  | { readonly fits: true; readonly note: string | null; row(mailbox: ListedMailbox): NativeRow }
  | { readonly fits: false; readonly why: string }

const NO_OAUTH = 'Microsoft signs in to an IMAP server with a login and a password only, so that a source that wants OAuth does not fit.'

/** How Microsoft's servers can sign in where we would by this `--access`. `filled` puts a mailbox into a template of a login. */
export function signInFor(access: Opened, filled: (mailbox: ListedMailbox) => string): SignIn {
  const { login, secret } = access
  const admin = login ?? ''
  const as = (userName: (mailbox: ListedMailbox) => string, password: Secret | null | 'own', note: string | null): SignIn => ({
    fits: true,
    note,
    row: (mailbox) => ({
      emailAddress: mailbox.target,
      userName: userName(mailbox),
      password: password === 'own' ? mailbox.sourcePassword : password,
      userRoot: mailbox.sourceRoot === null ? null : `/${mailbox.sourceRoot.replace(/^\/+/, '')}`,
    }),
  })
  switch (access.kind) {
    case 'own':
      return as(({ sourceLogin }) => sourceLogin, 'own', 'A person who changes the password stops the later syncs of that mailbox.')
    case 'template':
      return as(filled, secret, null)
    case 'authzid':
      return as(
        ({ sourceLogin }) => `${sourceLogin}*${admin}`,
        secret,
        `Logins are written ${admin === '' ? 'user*admin' : `user*${admin}`}: the old server must take that form (Dovecot: auth_master_user_separator = *). For another one use --access template.`,
      )
    case 'exchange-delegate':
      return delegate(admin, (userName) => as(userName, secret, null))
    case 'oauth':
    case 'microsoft-app':
    case 'google-service-account':
      return { fits: false, why: NO_OAUTH }
    default:
      return {
        fits: false,
        why: `Microsoft's servers cannot sign in by --access ${access.kind}: they know logins, passwords, and logins made of the user and an administrator (user*admin).`,
      }
  }
}

/** The one form that is documented: Domain/Admin/User. */
function delegate(admin: string, as: (userName: (mailbox: ListedMailbox) => string) => SignIn): SignIn {
  const [domain = '', account = '', ...rest] = admin.split(/[\\/]/)
  if (domain === '' || account === '' || rest.length > 0)
    return {
      fits: false,
      why: 'For Exchange on premises Microsoft documents the login DOMAIN/administrator/user alone: give --access-login as DOMAIN\\administrator.',
    }
  return as(({ sourceLogin, alias }) => `${domain}/${account}/${alias ?? sourceLogin.split('@')[0] ?? sourceLogin}`)
}
