import { loginGuard } from '../../imap/login-guard.ts'
import { Failure } from '../../model/failure.ts'
import type { AccessMethod } from './method.ts'
import { ADMIN, ADMIN_PASSWORD, given, wayOf, WAY } from './settings.ts'

const EXAMPLE = "Right is for example --access-template '{user}*{admin}'"

/** A login composed of the mailbox and the administrator: Dovecot `{user}*{admin}`, Stalwart `{user}%{admin}`, Mirapoint `#{user}#{admin}#`. */
export const template: AccessMethod = {
  name: 'template',
  title: 'a login made of the mailbox and the administrator, such as {user}*{admin}',
  settings: [
    { key: 'template', label: 'with {user}, or {local} and {domain}, or {alias}, and {admin}', required: true },
    { ...ADMIN, required: false },
    ADMIN_PASSWORD,
    WAY,
  ],
  needsPasswords: false,
  usesTokens: false,
  async open(choice) {
    const form = choice.template ?? ''
    const { login, secret } = given(choice)
    checkTemplate(form, login)
    const guard = loginGuard(login === '' ? 'the master password' : `the administrator ${login}`)
    return ({ user, alias }) => ({
      kind: 'password',
      user: filledIn(form, user, login, alias ?? null),
      password: secret,
      authzid: null,
      guard,
      mailbox: user,
      ...wayOf(choice),
    })
  },
}

/** The login for one mailbox. `{local}` and `{domain}` are the two sides of its last "@"; `{alias}` is the listed one, or `{local}`. */
export function filledIn(form: string, user: string, admin: string, alias: string | null = null): string {
  const at = user.lastIndexOf('@')
  const local = at < 0 ? user : user.slice(0, at)
  const words: Readonly<Record<string, string>> = {
    user,
    local,
    alias: alias ?? local,
    domain: at < 0 ? '' : user.slice(at + 1),
    admin,
  }
  return form.replaceAll(/\{(\w+)\}/g, (whole, word: string) => words[word] ?? whole)
}

/** Throws `bad-input` for a template that makes no login of a mailbox. */
export function checkTemplate(form: string, admin: string): void {
  const words = [...form.matchAll(/\{([^}]*)\}/g)].map(([, word = '']) => word)
  const strange = words.find((word) => !['user', 'local', 'domain', 'alias', 'admin'].includes(word))
  if (strange !== undefined)
    throw new Failure(
      'bad-input',
      `The template knows no {${strange}}: there are {user}, {local}, {domain}, {alias} and {admin}. ${EXAMPLE}.`,
    )
  if (!['user', 'local', 'alias'].some((word) => words.includes(word)))
    throw new Failure('bad-input', `The template names no mailbox: {user}, {local} or {alias} must stand in it. ${EXAMPLE}.`)
  if (words.includes('admin') !== (admin !== ''))
    throw new Failure('bad-input', `{admin} in the template and --access-login belong together: give both or none. ${EXAMPLE}.`)
}
