import { textOf, type Command } from './command.ts'
import { MailStore } from './mail-store.ts'
import { isExchange } from './personality.ts'
import type { Credentials, HandlerTable, Session } from './session.ts'

/** Commands about the session itself: who speaks, what both can, signing in, waiting, leaving. */
export const SESSION_COMMANDS: HandlerTable = {
  CAPABILITY: {
    needs: 'nothing',
    run: (session, command) => {
      const { preLogin, postLogin } = session.personality
      session.untagged(`CAPABILITY ${(session.user === null ? preLogin : postLogin).join(' ')}`)
      session.ok(command)
    },
  },
  NOOP: { needs: 'nothing', run: (session, command) => answerWithNews(session, command) },
  CHECK: { needs: 'folder', run: (session, command) => answerWithNews(session, command) },
  LOGOUT: {
    needs: 'nothing',
    run: (session, command) => {
      session.untagged(session.personality.bye)
      session.ok(command)
      session.drop()
    },
  },
  ID: {
    needs: 'nothing',
    run: (session, command) => {
      const [what] = command.arguments
      const empty = what?.kind === 'list' && what.items.length === 0
      if (what === undefined || (empty && isExchange(session.personality))) {
        session.refuse(command, 'syntax')
        return
      }
      session.untagged(`ID ${session.personality.id ?? 'NIL'}`)
      session.ok(command)
    },
  },
  NAMESPACE: {
    needs: 'sign-in',
    run: (session, command) => {
      session.untagged(`NAMESPACE ${session.personality.namespace}`)
      session.ok(command)
    },
  },
  ENABLE: {
    needs: 'sign-in',
    run: (session, command) => {
      const known = ['CONDSTORE', 'QRESYNC', 'UIDONLY'].filter((word) => session.personality.postLogin.includes(word))
      const wanted = command.arguments.map((argument) => (textOf(argument) ?? '').toUpperCase())
      const now = wanted.filter((word) => known.includes(word))
      for (const word of now) session.enabled.add(word)
      if (now.includes('QRESYNC')) session.enabled.add('CONDSTORE')
      if (session.personality.oddities?.silentEnable !== true) session.untagged(`ENABLED${now.map((word) => ` ${word}`).join('')}`)
      session.ok(command)
    },
  },
  COMPRESS: {
    needs: 'sign-in',
    run: (session, command) => {
      if (textOf(command.arguments[0])?.toUpperCase() !== 'DEFLATE') session.refuse(command, 'syntax')
      else if (session.enabled.has('COMPRESS')) session.reply(command.tag, 'NO [COMPRESSIONACTIVE] Already compressing.')
      else {
        session.enabled.add('COMPRESS')
        session.ok(command, '', 'Begin compression.')
        session.wire.startDeflate()
      }
    },
  },
  GETQUOTAROOT: {
    needs: 'sign-in',
    run: (session, command) => {
      session.untagged(`QUOTAROOT ${textOf(command.arguments[0]) ?? 'INBOX'} "ROOT"`)
      // Courier without quota really sends no list here.
      session.untagged('QUOTA "ROOT"')
      session.ok(command)
    },
  },
  LOGIN: {
    needs: 'nothing',
    run: (session, command) => {
      const [login, password] = command.arguments.map((argument) => utf8(textOf(argument) ?? ''))
      if (session.user !== null) session.refuse(command, 'wrong-state')
      else if (login === undefined || password === undefined) session.refuse(command, 'syntax')
      else if (!session.personality.login) session.refuse(command, 'login')
      else signIn(session, command, { kind: 'password', login, password, authzid: '' })
    },
  },
  AUTHENTICATE: { needs: 'nothing', run: authenticate },
  IDLE: { needs: 'sign-in', run: idle },
}

function answerWithNews(session: Session, command: Command): void {
  session.tellChanges(true)
  session.ok(command)
}

function utf8(latin1: string): string {
  return Buffer.from(latin1, 'latin1').toString('utf8')
}

async function authenticate(session: Session, command: Command): Promise<void> {
  const [mechanism = '', initial] = command.arguments.map((argument) => textOf(argument) ?? '')
  const known = session.personality.mechanisms.find((name) => name === mechanism.toUpperCase())
  if (session.user !== null) return session.refuse(command, 'wrong-state')
  if (known === undefined) {
    const text = isExchange(session.personality) ? 'NO AUTHENTICATE failed.' : 'NO Unsupported authentication mechanism.'
    return session.reply(command.tag, text)
  }
  const ask = async (prompt: string): Promise<string> => {
    session.wire.write(`+ ${Buffer.from(prompt).toString('base64')}\r\n`)
    const line = await session.wire.line()
    return line === null ? '*' : line.toString('latin1')
  }
  let first = initial
  // Without SASL-IR a server takes no initial response.
  if (first === undefined || !session.personality.preLogin.includes('SASL-IR')) first = await ask(known === 'LOGIN' ? 'Username:' : '')
  const second = known === 'LOGIN' ? await ask('Password:') : ''
  if (first === '*' || second === '*') return session.reply(command.tag, 'BAD Authentication aborted')
  const text = Buffer.from(first, 'base64').toString('utf8')
  const credentials = readCredentials(known, text, Buffer.from(second, 'base64').toString('utf8'))
  if (credentials === null) session.refuse(command, 'syntax')
  else signIn(session, command, credentials)
}

function readCredentials(mechanism: 'PLAIN' | 'LOGIN' | 'XOAUTH2', text: string, second: string): Credentials | null {
  if (mechanism === 'LOGIN') return { kind: 'password', login: text, password: second, authzid: '' }
  if (mechanism === 'PLAIN') {
    const [authzid, login, password] = text.split('\0')
    if (authzid === undefined || login === undefined || password === undefined) return null
    return { kind: 'password', login, password, authzid }
  }
  const match = /^user=([^\x01]*)\x01auth=Bearer ([^\x01]*)\x01\x01$/i.exec(text)
  return match === null ? null : { kind: 'token', login: match[1] ?? '', token: match[2] ?? '' }
}

function signIn(session: Session, command: Command, credentials: Credentials): void {
  const { server, personality } = session
  const exchange = isExchange(personality)
  const user = server.signIn(credentials)
  const fault = user === null ? {} : server.faults.of(user.address, personality.name === 'exchange-online' ? 'exchange' : 'source')
  if ((user === null || fault.refusesLogin === true) && personality.oddities?.welcomesAnybody === true) {
    session.user = { address: '', store: new MailStore({ separator: personality.separator }), expiresAtMs: null }
    session.connected = false
    session.ok(command)
    return
  }
  if (user === null || fault.refusesLogin === true) {
    session.reply(command.tag, exchange ? 'NO AUTHENTICATE failed.' : personality.refuse('login', ''))
    return
  }
  const open = server.connections.get(user.address) ?? 0
  if (open >= (fault.connections ?? server.maxConnections) && !exchange) {
    session.reply(
      command.tag,
      personality.oddities?.tooManyConnections ??
        `NO [LIMIT] Maximum number of connections from user+IP exceeded (mail_max_userip_connections=${server.maxConnections})`,
    )
    return
  }
  server.connections.set(user.address, open + 1)
  session.user = user
  session.fault = fault
  session.faultState = server.faults.state(user.address)
  session.faultState.logins += 1
  session.connected =
    user.connected !== false && open < server.maxConnections && session.faultState.logins > (fault.notConnectedLogins ?? 0)
  if (!session.connected && !exchange) session.connected = true
  if (!session.faultState.cutDone) {
    const { bytesIn, bytesOut } = session.wire
    session.wire.cut = {
      afterBytesIn: fault.cutAfterBytesIn === undefined ? undefined : bytesIn + fault.cutAfterBytesIn,
      afterBytesOut: fault.cutAfterBytesOut === undefined ? undefined : bytesOut + fault.cutAfterBytesOut,
    }
    if (fault.once === true) session.faultState.cutDone = true
  }
  if (fault.uidValidityMoves === true) for (const folder of user.store.folders()) user.store.moveUidValidity(folder.name)
  const apart = personality.oddities?.tellsCapabilities === 'apart'
  if (apart) session.untagged(`CAPABILITY ${personality.postLogin.join(' ')}`)
  if (apart) return session.ok(command, '', `${user.address} authenticated (Success)`)
  session.ok(
    command,
    personality.name === 'dovecot' ? `CAPABILITY ${personality.postLogin.join(' ')}` : '',
    exchange ? undefined : 'Logged in',
  )
}

/** Waits for the client's DONE and tells what changes meanwhile (RFC 2177). */
async function idle(session: Session, command: Command): Promise<void> {
  session.wire.write(isExchange(session.personality) ? '+ IDLE accepted, awaiting DONE command.\r\n' : '+ idling\r\n')
  session.wire.flush()
  const watch = setInterval(() => {
    const { expiresAtMs = null } = session.user ?? {}
    if (expiresAtMs !== null && session.server.now() >= expiresAtMs) {
      session.bye('BYE Session invalidated - AccessTokenExpired')
      return
    }
    session.tellChanges(true)
    session.wire.flush()
  }, 50)
  const line = await session.wire.line()
  clearInterval(watch)
  if (session.ended || line === null) return
  session.tellChanges(true)
  if (line.toString('latin1').toUpperCase() === 'DONE') session.ok(command)
  else session.refuse(command, 'syntax')
}
