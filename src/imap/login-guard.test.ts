import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../model/failure.ts'
import type { FailureCode } from '../model/failure-codes.ts'
import { Secret } from '../model/secret.ts'
import type { ImapLogin } from './endpoint.ts'
import { LoginForms } from './login-forms.ts'
import { passwordGuard, loginGuard } from './login-guard.ts'
import { scriptedServer } from './scripted-server.ts'

type Login = { readonly asked: string[]; readonly run: (mailbox: string, answer: FailureCode | 'in') => Promise<string> }

function guarded(): Login {
  const guard = loginGuard('the administrator root')
  const asked: string[] = []
  return {
    asked,
    run: (mailbox, answer) =>
      guard
        .run(mailbox, async () => {
          asked.push(mailbox)
          await Promise.resolve()
          if (answer !== 'in') throw new Failure(answer, 'no')
          return 'in'
        })
        .catch((error: unknown) => (error instanceof Failure ? error.code : 'bug')),
  }
}

test('a secret that the first mailbox was refused with is not tried for the others, also not for those that wait', async () => {
  const { run, asked } = guarded()
  const all = await Promise.all(['a', 'b', 'c'].map((mailbox) => run(mailbox, 'auth-rejected')))
  assert.deepEqual(all, ['access-rejected', 'login-held', 'login-held'])
  assert.equal(await run('d', 'in'), 'login-held')
  assert.deepEqual(asked, ['a'])
})

test('what says nothing of the secret lets the next mailbox try', async () => {
  const { run } = guarded()
  const answers = ['connection-lost', 'mailbox-unknown', 'auth-rejected', 'in'] as const
  const all = await Promise.all(answers.map((answer, at) => run(String(at), answer)))
  assert.deepEqual(all, answers)
})

test('a secret that has worked is held after three refusals in a row', async () => {
  const { run } = guarded()
  const codes: string[] = []
  for (const answer of ['in', 'auth-rejected', 'auth-rejected', 'in', 'auth-rejected', 'auth-rejected', 'auth-rejected', 'in'] as const)
    codes.push(await run('x', answer))
  assert.deepEqual(codes.slice(-3), ['auth-rejected', 'auth-rejected', 'login-held'])
  assert.equal(codes.filter((code) => code === 'in').length, 2)
})

test('a password that is answered OK and then BAD is tried three times, then it counts as wrong', async () => {
  const guard = passwordGuard()
  let asked = 0
  const attempt = (answer: FailureCode | 'in'): Promise<string> =>
    guard
      .run('anna', async () => {
        asked++
        if (answer !== 'in') throw new Failure(answer, 'no')
        return 'in'
      })
      .catch((error: unknown) => (error instanceof Failure ? error.code : 'bug'))
  const hollow = 'mailbox-not-connected'
  const codes: string[] = []
  for (const answer of [hollow, hollow, 'in', hollow, hollow, hollow, 'in'] as const) codes.push(await attempt(answer))
  assert.deepEqual(codes, [hollow, hollow, 'in', hollow, hollow, 'auth-rejected', 'auth-rejected'])
  assert.equal(asked, 6)
})

test('a password that was refused is not tried again, also by those who came at the same moment', async () => {
  const guard = passwordGuard()
  let asked = 0
  const attempt = (): Promise<string> =>
    guard
      .run('anna', async () => {
        asked++
        await Promise.resolve()
        throw new Failure('auth-rejected', 'no')
      })
      .catch((error: unknown) => (error instanceof Failure ? error.code : 'bug'))
  assert.deepEqual(await Promise.all([attempt(), attempt(), attempt()]), ['auth-rejected', 'auth-rejected', 'auth-rejected'])
  assert.equal(asked, 1)
})

const FORMS = ['dom\\root\\', 'dom/root/', 'root@x.org\\', 'root@x.org/']

/** Logins at an Exchange that knows one form of them; what it was asked, and what became of each mailbox. */
async function exchange(known: string, mailboxes: readonly string[], hollow = false): Promise<{ asked: string[]; codes: string[] }> {
  const asked: string[] = []
  const forms = new LoginForms(loginGuard('the account root'))
  await using server = await scriptedServer(async (client) => {
    client.say('* OK The Microsoft Exchange IMAP4 service is ready.')
    await client.answer('* CAPABILITY IMAP4 IMAP4rev1', '% OK')
    const { tag, text } = await client.command()
    const name = JSON.parse(text.split(' ')[1] ?? '""') as string
    asked.push(name)
    const right = name.startsWith(known) && known !== ''
    client.say(right || hollow ? `${tag} OK LOGIN completed.` : `${tag} NO LOGIN failed.`)
    if (!right && !hollow) return
    await client.answer('* CAPABILITY IMAP4 IMAP4rev1 NAMESPACE', '% OK')
    await client.answer('* NAMESPACE (("" "/")) NIL NIL', right ? '% OK' : '% BAD User is authenticated but not connected.')
  })
  const codes: string[] = []
  for (const mailbox of mailboxes) {
    const of = FORMS.map((form) => ({ kind: 'password', user: form + mailbox, password: new Secret('x'), authzid: null }) as const)
    const login: ImapLogin = { kind: 'forms', user: mailbox, of, forms }
    try {
      const session = await server.connect({}, login)
      session.destroy()
      codes.push('in')
    } catch (error) {
      codes.push(error instanceof Failure ? error.code : String(error))
    }
  }
  return { asked, codes }
}

test('the form of an Exchange login is found at the first mailbox and used for all', async () => {
  const { asked, codes } = await exchange('dom/root/', ['anna', 'ben', 'clara'])
  assert.deepEqual(codes, ['in', 'in', 'in'])
  assert.deepEqual(asked, ['dom\\root\\anna', 'dom/root/anna', 'dom/root/ben', 'dom/root/clara'])
})

for (const hollow of [false, true])
  test(`three tries are all that a wrong password gets, over all forms and mailboxes${hollow ? ', also where OK is followed by BAD (A14)' : ''}`, async () => {
    const { asked, codes } = await exchange('', ['anna', 'ben', 'clara'], hollow)
    assert.equal(asked.length, 3)
    assert.deepEqual(codes, [hollow ? 'mailbox-not-connected' : 'auth-rejected', 'login-held', 'login-held'])
  })
