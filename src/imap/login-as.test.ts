import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { inspect } from 'node:util'
import { test } from 'node:test'
import { Failure } from '../model/failure.ts'
import type { FailureCode } from '../model/failure-codes.ts'
import { Secret } from '../model/secret.ts'
import type { ImapLogin } from './endpoint.ts'
import { scriptedServer } from './scripted-server.ts'
import type { Conversation } from './scripted-server.ts'

const HELLO = '* OK [CAPABILITY IMAP4rev1] hi'
const IN = '% OK [CAPABILITY IMAP4rev1] in'
const SECRET = 'm4ster-s3cret'

const PROXY: ImapLogin = { kind: 'proxyauth', user: 'anna', admin: 'root', password: new Secret(SECRET) }
const KERIO: ImapLogin = { kind: 'kerio-master', user: 'anna@example.org', password: new Secret(SECRET) }
const GROUPWISE: ImapLogin = { kind: 'groupwise-app', user: 'anna', app: 'mover', key: new Secret(SECRET) }

/** What the login comes to with a server that does this: null where it works. The secret never stands in it. */
async function outcome(login: ImapLogin, script: (client: Conversation) => Promise<void>): Promise<Failure | null> {
  await using server = await scriptedServer(script)
  try {
    const session = await server.connect({}, login)
    session.destroy()
    await server.script
    return null
  } catch (error) {
    assert.ok(error instanceof Failure, inspect(error))
    const words = inspect(error, { depth: 9, showHidden: true })
    assert.ok(!words.includes(SECRET) && !words.includes(Buffer.from(`mover\0${SECRET}`).toString('base64')), words)
    return error
  }
}

async function codeOf(login: ImapLogin, script: (client: Conversation) => Promise<void>): Promise<FailureCode | null> {
  return (await outcome(login, script))?.code ?? null
}

test('PROXYAUTH follows the login of the administrator', async () => {
  const works = async (client: Conversation): Promise<void> => {
    client.say(HELLO)
    assert.equal(await client.answer('% OK in'), `LOGIN "root" "${SECRET}"`)
    assert.equal(await client.answer(IN), 'PROXYAUTH "anna"')
  }
  assert.equal(await codeOf(PROXY, works), null)
})

test('a refused PROXYAUTH is about the mailbox, a refused login about the administrator', async () => {
  const unknown = async (client: Conversation): Promise<void> => {
    client.say(HELLO)
    await client.answer('% OK in')
    await client.answer('% NO Mailbox does not exist or access denied')
  }
  const wrong = async (client: Conversation): Promise<void> => {
    client.say(HELLO)
    await client.answer(`% NO LOGIN "root" "${SECRET}" failed`)
  }
  assert.equal(await codeOf(PROXY, unknown), 'mailbox-unknown')
  assert.equal(await codeOf(PROXY, wrong), 'auth-rejected')
})

test("Kerio's challenge is answered by the hex MD5 of it and the master password, and the mailbox is set (A18)", async () => {
  const works = async (client: Conversation): Promise<void> => {
    client.say(HELLO)
    const { tag, text } = await client.command()
    assert.equal(text, 'X-MASTERAUTH')
    client.say('+ 8a7f1c2d ')
    assert.equal(await client.line(), createHash('md5').update(`8a7f1c2d${SECRET}`).digest('hex'))
    client.say(`${tag} OK X-MASTERAUTH Welcome`)
    assert.equal(await client.answer(IN), 'X-SETUSER "anna@example.org"')
  }
  assert.equal(await codeOf(KERIO, works), null)
})

test('a Kerio without master authentication, a wrong master password and an unknown mailbox are told apart', async () => {
  const off = async (client: Conversation): Promise<void> => {
    client.say(HELLO)
    await client.answer('% BAD Unknown command')
  }
  const challenged = async (client: Conversation, answer: string): Promise<void> => {
    client.say(HELLO)
    const { tag } = await client.command()
    client.say('+ abc')
    await client.line()
    client.say(`${tag} ${answer}`)
  }
  assert.equal(await codeOf(KERIO, off), 'auth-unsupported')
  assert.equal(await codeOf(KERIO, (client) => challenged(client, 'NO X-MASTERAUTH failed')), 'auth-rejected')
  const unknown = async (client: Conversation): Promise<void> => {
    await challenged(client, 'OK welcome')
    await client.answer('% NO No such user')
  }
  assert.equal(await codeOf(KERIO, unknown), 'mailbox-unknown')
})

test("GroupWise's line holds the word, then name and key in base64; then the user comes without a password (A19)", async () => {
  const works = async (client: Conversation): Promise<void> => {
    client.say(HELLO)
    const { tag, text } = await client.command()
    assert.equal(text, 'AUTHENTICATE XGWTRUSTEDAPP')
    client.say('+')
    assert.equal(await client.line(), `XGWTRUSTEDAPP ${Buffer.from(`mover\0${SECRET}`).toString('base64')}`)
    client.say(`${tag} OK XGWTRUSTEDAPP Authentication Successful`)
    assert.equal(await client.answer(IN), 'LOGIN "anna" ""')
  }
  assert.equal(await codeOf(GROUPWISE, works), null)
})

test('a GroupWise that does not trust the application says so once, and one that knows no such user is told apart', async () => {
  const app = async (client: Conversation, answer: string): Promise<void> => {
    client.say(HELLO)
    const { tag } = await client.command()
    client.say('+')
    const line = await client.line()
    client.say(`${tag} ${answer.replace('LINE', line)}`)
  }
  assert.equal(await codeOf(GROUPWISE, (client) => app(client, 'NO XGWTRUSTEDAPP (D074) LINE')), 'auth-rejected')
  const unknown = async (client: Conversation): Promise<void> => {
    await app(client, 'OK yes')
    await client.answer('% NO LOGIN failed')
  }
  assert.equal(await codeOf(GROUPWISE, unknown), 'mailbox-unknown')
})

test('SASL LOGIN is used where only that is offered, and answers two prompts whatever their words', async () => {
  const login: ImapLogin = { kind: 'password', user: 'anna', password: new Secret(SECRET), authzid: null }
  const works = async (client: Conversation): Promise<void> => {
    client.say('* OK [CAPABILITY IMAP4rev1 LOGINDISABLED SASL-IR AUTH=LOGIN] hi')
    const { tag, text } = await client.command()
    assert.equal(text, 'AUTHENTICATE LOGIN')
    client.say(`+ ${Buffer.from('User Name\0').toString('base64')}`)
    assert.equal(Buffer.from(await client.line(), 'base64').toString(), 'anna')
    client.say(`+ ${Buffer.from('Password\0').toString('base64')}`)
    assert.equal(Buffer.from(await client.line(), 'base64').toString(), SECRET)
    client.say(`${tag} OK [CAPABILITY IMAP4rev1] in`)
  }
  assert.equal(await codeOf(login, works), null)
})

test('a mechanism that is asked for is used although the server does not list it (Yandex)', async () => {
  const token = async (): Promise<Secret> => new Secret(SECRET)
  const works = async (client: Conversation): Promise<void> => {
    client.say('* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] Yandex IMAP4rev1')
    assert.match(await client.answer(IN), /^AUTHENTICATE XOAUTH2 /)
  }
  assert.equal(await codeOf({ kind: 'token', user: 'anna', token, way: 'XOAUTH2' }, works), null)
  const none = async (client: Conversation): Promise<void> => {
    client.say('* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] Yandex IMAP4rev1')
    await client.closed()
  }
  assert.equal(await codeOf({ kind: 'token', user: 'anna', token }, none), 'auth-unsupported')
})

test('with XOAUTH2 asked for, the password of the list is the access token', async () => {
  const login: ImapLogin = { kind: 'password', user: 'anna', password: new Secret(SECRET), authzid: null, way: 'XOAUTH2' }
  const works = async (client: Conversation): Promise<void> => {
    client.say('* OK [CAPABILITY IMAP4rev1 SASL-IR] Yandex IMAP4rev1')
    const text = await client.answer(IN)
    assert.equal(Buffer.from(text.split(' ')[2] ?? '', 'base64').toString(), `user=anna\x01auth=Bearer ${SECRET}\x01\x01`)
  }
  assert.equal(await codeOf(login, works), null)
})

for (const [bytes, name] of [
  ['utf8', 'believed where the server says NO'],
  ['latin1', 'sent again in Latin-1 where the server could not read it (BAD)'],
] as const)
  test(`a password beyond ASCII is ${name}`, async () => {
    const login: ImapLogin = { kind: 'password', user: 'anna', password: new Secret('pä'), authzid: null }
    const seen: string[] = []
    const command = async (client: Conversation, answer: string): Promise<void> => {
      const { tag, text } = await client.command()
      client.say('+')
      const octets = Number(/\{(\d+)\}$/.exec(text)?.[1])
      seen.push((await client.octets(octets)).toString('hex'))
      await client.line()
      client.say(`${tag} ${answer}`)
    }
    const script = async (client: Conversation): Promise<void> => {
      client.say(HELLO)
      await command(client, bytes === 'utf8' ? 'NO LOGIN failed' : 'BAD invalid characters')
      if (bytes === 'latin1') await command(client, 'OK [CAPABILITY IMAP4rev1] in')
      else await client.closed()
    }
    assert.equal(await codeOf(login, script), bytes === 'utf8' ? 'auth-rejected' : null)
    assert.deepEqual(seen, bytes === 'utf8' ? ['70c3a4'] : ['70c3a4', '70e4'])
  })

test('the status of a refused token is told, the token is not (A15)', async () => {
  const token = async (): Promise<Secret> => new Secret(SECRET)
  const failure = await outcome({ kind: 'token', user: 'anna', token }, async (client) => {
    client.say('* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2] hi')
    const { tag } = await client.command()
    client.say(`+ ${Buffer.from(`{"status":"400","schemes":"Bearer","token":"${SECRET}"}`).toString('base64')}`)
    assert.equal(await client.line(), '')
    client.say(`${tag} NO SASL authentication failed`)
  })
  assert.equal(failure?.code, 'auth-rejected')
  assert.match(failure.message, /status 400/)
})

test('OAUTHBEARER names user, host and port, and a refusal is answered with a lone ^A (A16)', async () => {
  const token = async (): Promise<Secret> => new Secret(SECRET)
  const code = await codeOf({ kind: 'token', user: 'a,b=c@example.org', token }, async (client) => {
    client.say('* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=OAUTHBEARER] hi')
    const { tag, text } = await client.command()
    const line = Buffer.from(text.split(' ')[2] ?? '', 'base64').toString()
    const port = client.socket.localPort
    assert.equal(line, `n,a=a=2Cb=3Dc@example.org,\x01host=127.0.0.1\x01port=${port}\x01auth=Bearer ${SECRET}\x01\x01`)
    client.say(`+ ${Buffer.from('{"status":"invalid_token"}').toString('base64')}`)
    assert.equal(await client.line(), 'AQ==')
    client.say(`${tag} NO no`)
  })
  assert.equal(code, 'auth-rejected')
})
