/** What came to the new side only is carried to the old one when the domain goes back, and nothing that stands there is touched. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { runCutover } from '../rig/process.ts'
import { afterSwitch, contents, having, mail } from './late.ts'

const HOUR = 3_600_000

test('T51: what Exchange received, filed as junk or sent reaches the old server once, with flags and dates', () =>
  afterSwitch(async ({ from, to, at, back }) => {
    const before = contents(from)
    const when = new Date(Math.floor((at + HOUR) / 1000) * 1000)
    to.addMessage('INBOX', mail('new-read', 'exchange', at + HOUR), { flags: ['\\Seen', '\\Flagged'], internalDate: when })
    to.addMessage('INBOX', mail('new-unread', 'exchange', at + HOUR), { internalDate: when })
    to.addMessage('Junk Email', mail('new-junk', 'exchange', at + HOUR), { internalDate: when })
    to.addMessage('Sent Items', mail('new-sent', 'own', at + HOUR), { flags: ['\\Seen'], internalDate: when })
    to.addMessage('Work', mail('new-filed', 'exchange', at + HOUR), { internalDate: when })
    to.createFolder('Made there')
    to.addMessage('Made there', mail('new-place', 'exchange', at + HOUR), { internalDate: when })
    const first = await back()
    assert.deepEqual([first.complete, first.carried, first.inbound, first.own, first.problems], [true, 6, 5, 1, []])
    assert.deepEqual(having(from, 'new-'), [
      'INBOX: new-read \\Flagged \\Seen',
      'INBOX: new-unread',
      'Junk: new-junk',
      'Made there: new-place',
      'Sent: new-sent \\Seen',
      'Work: new-filed',
    ])
    for (const { messages } of from.folders())
      for (const { content, internalDate } of messages)
        if (/Subject: new-/.test(content.bytes().toString('latin1'))) assert.equal(internalDate.getTime(), when.getTime())
    assert.deepEqual(
      contents(from).filter((line) => !line.includes('new-')),
      before,
    )
    const second = await back()
    assert.deepEqual([second.complete, second.carried, second.inbound, second.mark], [true, 0, 0, first.mark])
    assert.equal(having(from, 'new-').length, 6)
  }))

test('late mail that was carried over is not carried back, wherever its owner has put it since', () =>
  afterSwitch(async ({ from, to, at, late, back }) => {
    for (const id of ['stays', 'moves'])
      from.addMessage('INBOX', mail(`late-${id}`, 'inbound', at + HOUR), { internalDate: new Date(at + HOUR) })
    await late()
    const uid = to.folder('INBOX')?.messages.find(({ content }) => content.bytes().includes('Subject: late-moves'))?.uid ?? 0
    to.moveMessage('INBOX', uid, 'Work')
    const { complete, carried, inbound } = await back()
    assert.deepEqual([complete, carried, inbound], [true, 0, 0])
    assert.deepEqual(having(from, 'late-'), ['INBOX: late-moves', 'INBOX: late-stays'])
  }))

test('what its owner does with it at the new side afterwards alters nothing at the old one, but for a copy that follows a move', () =>
  afterSwitch(async ({ from, to, at, back }) => {
    const old = contents(from)
    for (const id of ['read', 'moved', 'removed'])
      to.addMessage('INBOX', mail(`new-${id}`, 'exchange', at + HOUR), { internalDate: new Date(at + HOUR) })
    await back()
    const uidOf = (id: string): number =>
      to.folder('INBOX')?.messages.find(({ content }) => content.bytes().includes(`Subject: new-${id}`))?.uid ?? 0
    to.setFlags('INBOX', uidOf('read'), ['\\Seen'])
    to.moveMessage('INBOX', uidOf('moved'), 'Work')
    to.removeMessage('INBOX', uidOf('removed'))
    assert.equal((await back()).carried, 0)
    assert.deepEqual(having(from, 'new-'), ['INBOX: new-read', 'INBOX: new-removed', 'Work: new-moved'])
    assert.deepEqual(
      contents(from).filter((line) => !line.includes('new-')),
      old,
    )
  }))

test('what both sides received is not doubled, and what its owner has at the old side keeps its flags and its place', () =>
  afterSwitch(async ({ move, from, to, at, back }) => {
    const body = mail('both', 'inbound', at + HOUR)
    from.addMessage('INBOX', body, { flags: ['\\Answered'], internalDate: new Date(at + HOUR) })
    to.addMessage('INBOX', Buffer.concat([Buffer.from('X-MS-Exchange-Organization-SCL: 1\r\n'), body]), {
      flags: ['\\Seen'],
      internalDate: new Date(at + HOUR + 60_000),
    })
    const first = await back()
    assert.deepEqual([first.complete, first.carried], [true, 0])
    to.setFlags('INBOX', to.folder('INBOX')?.messages.at(-1)?.uid ?? 0, [])
    to.moveMessage('INBOX', to.folder('INBOX')?.messages.at(-1)?.uid ?? 0, 'Work')
    assert.equal((await back()).carried, 0)
    assert.deepEqual(having(from, 'both'), ['INBOX: both \\Answered'])
    const told = await runCutover(['errors', '--state', join(move.stateDir, 'way-back'), '--json'])
    assert.match(told.stdout, /"already-there"/)
  }))

test('T52: after going back and switching again, what was carried back is not carried over once more, and the other way round', () =>
  afterSwitch(async ({ move, from, to, at, late, back }) => {
    to.addMessage('INBOX', mail('new-1', 'exchange', at + HOUR), { internalDate: new Date(at + HOUR) })
    to.addMessage('Sent Items', mail('new-2', 'own', at + HOUR), { internalDate: new Date(at + HOUR) })
    await back()
    const before = contents(to)
    const again = await late()
    assert.deepEqual([again.complete, again.carried, again.copy.unexplained], [true, 0, 0], again.problems.join())
    from.addMessage('INBOX', mail('late-1', 'inbound', at + HOUR), { internalDate: new Date(at + HOUR) })
    assert.equal((await late()).carried, 1)
    to.addMessage('INBOX', mail('new-3', 'exchange', at + HOUR), { internalDate: new Date(at + HOUR) })
    const second = await back()
    assert.deepEqual([second.complete, second.carried], [true, 1])
    assert.equal((await late()).carried, 0)
    assert.equal((await back()).carried, 0)
    assert.deepEqual(contents(to), [...before, 'INBOX: late-1', 'INBOX: new-3'].sort())
    assert.deepEqual(having(from, 'new-'), ['INBOX: new-1', 'INBOX: new-3', 'Sent: new-2'])
    const { missing, different } = await move.verify()
    assert.deepEqual([missing, different], [0, 0])
  }))

test('a plain copy after the way back doubles nothing either', () =>
  afterSwitch(async ({ move, to, at, back }) => {
    to.addMessage('INBOX', mail('new-1', 'exchange', at + HOUR), { internalDate: new Date(at + HOUR) })
    assert.equal((await back()).carried, 1)
    const { appends, unexplained } = await move.copy()
    assert.deepEqual([appends, unexplained], [0, 0])
    assert.equal(having(to, 'new-1').length, 1)
  }))

test('whether mail could go back is tried at every mailbox, and tells where not; nothing is written', () =>
  afterSwitch(async ({ sim, from, tryBack }) => {
    const before = contents(from)
    assert.deepEqual(await tryBack(), [])
    sim.faults.set(sim.accounts[0]?.sourceLogin ?? '', { refusesLogin: true })
    const [problem, ...others] = await tryBack()
    assert.match(problem ?? '', /^The old mailbox of Anna cannot be written to: /)
    assert.deepEqual(others, [])
    assert.deepEqual(contents(from), before)
  }))
