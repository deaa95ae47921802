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
    { key: 'template', label: 'with {user}, or {local} and {domain}, and {admin}', required: true },
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
    return ({ user }) => ({
      kind: 'password',
      user: filledIn(form, user, login),
      password: secret,
      authzid: null,
      guard,
      mailbox: user,
      ...wayOf(choice),
    })
  },
}

/** The login for one mailbox. `{local}` and `{domain}` are the two sides of its last "@". */
export function filledIn(form: string, user: string, admin: string): string {
  const at = user.lastIndexOf('@')
  const words: Readonly<Record<string, string>> = {
    user,
    local: at < 0 ? user : user.slice(0, at),
    domain: at < 0 ? '' : user.slice(at + 1),
    admin,
  }
  return form.replaceAll(/\{(\w+)\}/g, (whole, word: string) => words[word] ?? whole)
}

function checkTemplate(form: string, admin: string): void {
  const words = [...form.matchAll(/\{([^}]*)\}/g)].map(([, word = '']) => word)
  const strange = words.find((word) => !['user', 'local', 'domain', 'admin'].includes(word))
  if (strange !== undefined)
    throw new Failure('bad-input', `The template knows no {${strange}}: there are {user}, {local}, {domain} and {admin}. ${EXAMPLE}.`)
  if (!words.includes('user') && !words.includes('local'))
    throw new Failure('bad-input', `The template names no mailbox: {user}, or {local}, must stand in it. ${EXAMPLE}.`)
  if (words.includes('admin') !== (admin !== ''))
    throw new Failure('bad-input', `{admin} in the template and --access-login belong together: give both or none. ${EXAMPLE}.`)
}
