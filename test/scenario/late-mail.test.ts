/** Mail that still comes to the old server after the switch is carried over once, told apart by how it came, and watched until it ends. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { quietSince } from '../../src/api/quiet-since.ts'
import { afterSwitch, having, mail } from './late.ts'

const HOUR = 3_600_000

test('T41: late mail in INBOX, in a folder that a filter fills, and in Junk is carried over once, with its date', () =>
  afterSwitch(async ({ from, to, at, late }) => {
    const internalDate = new Date(at + HOUR)
    for (const folder of ['INBOX', 'Work', 'Junk'])
      from.addMessage(folder, mail(`late-${folder}`, 'inbound', at + HOUR), { flags: ['\\Flagged'], internalDate })
    const pass = await late()
    assert.deepEqual([pass.complete, pass.inbound, pass.local, pass.own, pass.carried, pass.problems], [true, 3, 0, 0, 3, []])
    assert.deepEqual(having(to, 'late-'), ['INBOX: late-INBOX \\Flagged', 'Junk Email: late-Junk \\Flagged', 'Work: late-Work \\Flagged'])
    assert.equal(to.folder('INBOX')?.messages.at(-1)?.internalDate.getTime(), Math.floor(internalDate.getTime() / 1000) * 1000)
    const again = await late()
    assert.deepEqual([again.inbound, again.carried, again.mark], [0, 0, pass.mark])
    assert.equal(having(to, 'late-').length, 3)
  }))

test('T42: what a program of the user puts there is carried over and told, and does not disturb the quiet', () =>
  afterSwitch(async ({ from, to, at, late }) => {
    from.addMessage('INBOX', mail('website', 'local', at + HOUR), { internalDate: new Date(at + HOUR) })
    const first = await late()
    assert.deepEqual([first.inbound, first.local, first.own], [0, 1, 0])
    const quiet = quietSince(first.mailboxes, at)
    assert.ok(quiet > at)
    from.addMessage('Sent', mail('answer', 'own', at + HOUR), { flags: ['\\Seen'], internalDate: new Date(at + HOUR) })
    from.addMessage('Work', mail('filed', 'own', at + HOUR), { internalDate: new Date(at + HOUR) })
    const second = await late()
    assert.deepEqual([second.inbound, second.local, second.own, second.carried], [0, 0, 2, 2])
    assert.equal(quietSince(second.mailboxes, at), quiet)
    assert.notEqual(second.mark, first.mark)
    assert.match(second.problems.join(), /still uses the old server: a program put 2 messages there/)
    assert.equal(second.complete, true)
    assert.deepEqual(having(to, 'answer'), ['Sent Items: answer \\Seen'])
  }))

test('T43: when the old server gives every message a new UID, nothing is lost, nothing is doubled and nothing counts as new mail', () =>
  afterSwitch(async ({ from, to, at, late }) => {
    from.addMessage('INBOX', mail('late-1', 'inbound', at + HOUR), { internalDate: new Date(at + HOUR) })
    const first = await late()
    assert.equal(first.inbound, 1)
    const before = to.folders().flatMap(({ messages }) => messages).length
    from.moveUidValidity('INBOX')
    const second = await late()
    assert.deepEqual([second.inbound, second.carried, second.complete], [0, 0, true], second.problems.join())
    from.addMessage('INBOX', mail('late-2', 'inbound', at + HOUR), { internalDate: new Date(at + HOUR) })
    from.moveUidValidity('INBOX')
    const third = await late()
    assert.deepEqual([third.inbound, third.carried], [1, 1])
    assert.equal(to.folders().flatMap(({ messages }) => messages).length, before + 1)
    assert.equal(third.copy.unexplained, 0)
  }))

test('T44: a mailbox that can no longer be opened is told, and without it nothing is complete', () =>
  afterSwitch(async ({ sim, from, at, late }) => {
    assert.equal((await late()).complete, true)
    const login = sim.accounts[0]?.sourceLogin ?? ''
    sim.faults.set(login, { refusesLogin: true })
    const blind = await late()
    assert.equal(blind.complete, false)
    assert.equal(blind.problems.length, 1)
    assert.ok(blind.mailboxes[0]?.trouble !== null)
    sim.faults.set(login, {})
    from.addMessage('INBOX', mail('late', 'inbound', at + HOUR), { internalDate: new Date(at + HOUR) })
    const again = await late()
    assert.deepEqual([again.complete, again.inbound, again.mailboxes[0]?.trouble], [true, 1, null])
  }))

test('T45: a message that the old server forwarded and kept is there once; another one that shares its Message-ID is there too', () =>
  afterSwitch(async ({ from, to, at, late }) => {
    const when = at + HOUR
    const kept = mail('both', 'inbound', when)
    const hop = `Received: from mail.old.test by AM0.prod.outlook.com with SMTP; ${new Date(when).toUTCString()}\r\n`
    const forwarded = Buffer.concat([Buffer.from(hop), kept])
    to.addMessage('INBOX', forwarded, { internalDate: new Date(when + 5000) })
    from.addMessage('INBOX', kept, { internalDate: new Date(when) })
    from.addMessage('Work', mail('both', 'inbound', when, 'Other words under the same name.'), { internalDate: new Date(when) })
    const pass = await late()
    assert.deepEqual([pass.inbound, pass.carried, pass.complete], [2, 1, true], pass.problems.join())
    assert.deepEqual(having(to, 'both'), ['INBOX: both', 'Work: both'])
    assert.equal((await late()).carried, 0)
    // Two at the old side, one at the new: one is lacking.
    from.addMessage('INBOX', kept, { internalDate: new Date(when) })
    assert.equal((await late()).carried, 1)
    assert.equal(having(to, 'INBOX: both').length, 2)
  }))

test('after the switch neither deletions nor flags at the old side change anything at the new one', () =>
  afterSwitch(async ({ from, to, late }) => {
    const before = having(to, 'early-')
    from.setFlags('INBOX', 1, [])
    from.removeMessage('Work', 1)
    const pass = await late()
    assert.deepEqual([pass.inbound, pass.own, pass.complete], [0, 0, true])
    assert.deepEqual(having(to, 'early-'), before)
  }))

test('what was gone before anybody could look at it counts as mail that came', () =>
  afterSwitch(async ({ sim, from, at, late }) => {
    from.addMessage('INBOX', mail('fleeting', 'inbound', at + HOUR), { internalDate: new Date(at + HOUR) })
    const uid = from.folder('INBOX')?.messages.at(-1)?.uid ?? 0
    sim.faults.set(sim.accounts[0]?.sourceLogin ?? '', { hidesUids: [uid] })
    const pass = await late()
    assert.equal(pass.inbound, 1)
  }))
