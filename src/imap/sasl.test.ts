import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../model/failure.ts'
import { Secret } from '../model/secret.ts'
import type { PasswordLogin, TokenLogin } from './endpoint.ts'
import { waysToSignIn } from './login.ts'
import { cramMd5, oauthBearer, plain, scramSha256, xoauth2 } from './sasl.ts'

test('CRAM-MD5 answers as in RFC 2195', () => {
  const mechanism = cramMd5({ user: 'tim', password: 'tanstaaftanstaaf', authzid: null })
  const answer = mechanism.respond(Buffer.from('<1896.697170952@postoffice.reston.mci.net>'))
  assert.equal(answer.toString(), 'tim b913a602c7eda7a495b4e6e7334d3890')
})

test('PLAIN names the mailbox to open before the login', () => {
  assert.equal(plain({ user: 'admin', password: 'pä', authzid: 'anna' }).initial?.toString(), 'anna\0admin\0pä')
  assert.equal(plain({ user: 'tim', password: 'x', authzid: null }).initial?.toString(), '\0tim\0x')
})

const FIRST = 'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096'

test('SCRAM-SHA-256 proves itself as in RFC 7677 and believes only a server that does so too', () => {
  const login = { user: 'user', password: 'pencil', authzid: null }
  const mechanism = scramSha256(login, 'rOprNGfwEbeRWgbNEkqO')
  assert.equal(mechanism.initial?.toString(), 'n,,n=user,r=rOprNGfwEbeRWgbNEkqO')
  const proof = mechanism.respond(Buffer.from(FIRST)).toString()
  assert.equal(proof, 'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=')
  assert.equal(mechanism.satisfied(), false)
  mechanism.respond(Buffer.from('v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4='))
  assert.equal(mechanism.satisfied(), true)

  const deceived = scramSha256(login, 'rOprNGfwEbeRWgbNEkqO')
  deceived.respond(Buffer.from(FIRST))
  assert.throws(() => deceived.respond(Buffer.from('v=AAAATRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=')), Failure)
})

test('SCRAM-SHA-256 puts the mailbox to open into the header, escaped', () => {
  assert.match(
    scramSha256({ user: 'admin', password: 'x', authzid: 'a=b,c' }, 'N').initial?.toString() ?? '',
    /^n,a=a=3Db=2Cc,n=admin,r=N$/,
  )
})

test('SCRAM-SHA-256 does not go on with a nonce that is not ours', () => {
  const mechanism = scramSha256({ user: 'user', password: 'pencil', authzid: null }, 'mine')
  assert.throws(() => mechanism.respond(Buffer.from(FIRST)), Failure)
})

test('tokens are sent as Google, Microsoft and RFC 7628 want them, and an error challenge is answered', () => {
  const x = xoauth2('anna@example.test', 'TOKEN')
  assert.equal(x.initial?.toString(), 'user=anna@example.test\x01auth=Bearer TOKEN\x01\x01')
  assert.equal(x.respond(Buffer.from('{"status":"401"}')).toString('base64'), '')
  const o = oauthBearer('user@example.com', 'vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==', 'server.example.com', 143)
  assert.equal(
    o.initial?.toString('base64'),
    'bixhPXVzZXJAZXhhbXBsZS5jb20sAWhvc3Q9c2VydmVyLmV4YW1wbGUuY29tAXBvcnQ9MTQzAWF1dGg9QmVhcmVyIHZGOWRmdDRxbVRjMk52YjNSbGNrQmhiSFJoZG1semRHRXVZMjl0Q2c9PQEB',
  )
  assert.equal(o.respond(Buffer.from('{}')).toString('base64'), 'AQ==')
})

const PASSWORD: PasswordLogin = { kind: 'password', user: 'anna', password: new Secret('x'), authzid: null }
const TOKEN: TokenLogin = { kind: 'token', user: 'anna', token: () => Promise.resolve(new Secret('t')) }
const ways = (capabilities: string, login: PasswordLogin | TokenLogin, encrypted = true): string =>
  waysToSignIn(new Set(capabilities.split(' ')), login, encrypted).join(' ')

test('the way to sign in follows from what the server offers', () => {
  assert.equal(ways('AUTH=PLAIN AUTH=CRAM-MD5', PASSWORD), 'PLAIN LOGIN CRAM-MD5')
  assert.equal(ways('AUTH=PLAIN AUTH=SCRAM-SHA-256', PASSWORD, false), 'SCRAM-SHA-256 PLAIN LOGIN')
  assert.equal(ways('IMAP4REV1', PASSWORD), 'LOGIN')
  assert.equal(ways('LOGINDISABLED', PASSWORD), '')
  assert.equal(ways('LOGINDISABLED AUTH=XOAUTH2 AUTH=OAUTHBEARER', TOKEN), 'XOAUTH2 OAUTHBEARER')
  assert.equal(ways('AUTH=PLAIN', TOKEN), '')
  assert.equal(ways('AUTH=PLAIN AUTH=CRAM-MD5', { ...PASSWORD, authzid: 'bert' }), 'PLAIN')
  assert.equal(ways('AUTH=PLAIN', { ...PASSWORD, user: 'dom/anna/box' }), 'LOGIN PLAIN')
})
