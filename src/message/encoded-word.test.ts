import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeWords, encodeWords, replaceUnknownWords } from './encoded-word.ts'

test('no encoded word is longer than 75 characters, none is shorter than it must be, and no character is cut in two', () => {
  for (const text of ['a'.repeat(200), 'é'.repeat(100), '€'.repeat(100), '😀'.repeat(50), `a${'😀'.repeat(50)}`]) {
    const words = encodeWords(text).split('\r\n ')
    assert.ok(words.every((word) => word.length <= 75 && !decodeWords(word).includes('\ufffd')))
    assert.ok(words.slice(0, -1).every((word) => word.length >= 68))
    assert.equal(decodeWords(words.join('\r\n ')), text)
  }
  assert.equal(encodeWords('a'.repeat(45)).split('\r\n ').length, 1)
  assert.equal(encodeWords('a'.repeat(46)).split('\r\n ').length, 2)
  assert.equal(encodeWords(''), '')
})

test('in a word of quoted-printable, `_` is a blank, `=` with two digits a byte, and everything else stays', () => {
  assert.equal(decodeWords('=?utf-8?q?a_b=5f=C3=a9=?='), 'a b_é=')
  assert.equal(decodeWords('=?utf-8?Q?=4=41=G1=1G=?='), '=4A=G1=1G=')
  assert.equal(decodeWords('=?utf-8?q?=@1=/0=:0=`a=g?='), '=@1=/0=:0=`a=g')
  assert.equal(decodeWords('=?utf-8?q?a=09=0Ab?='), 'a\t\nb')
  assert.equal(decodeWords('=?iso-8859-1?q?=30=39=AA=fF=Af?='), '09ªÿ¯')
})

test('blanks vanish between encoded words and stay beside plain ones', () => {
  assert.equal(decodeWords('=?utf-8?q?a?= \t =?iso-8859-1?q?b?=  =?utf-8?q?c?='), 'abc')
  assert.equal(decodeWords('=?utf-8?q?=C3?= =?iso-8859-1?q?=A9?='), 'Ã©', 'only words of one charset are read as one')
  assert.equal(decodeWords('=?utf-8?q?=C3?= =?UTF-8?q?=A9?='), 'é')
  assert.equal(decodeWords('x =?utf-8?q?a?= y =?utf-8?q?b?= z'), 'x a y b z')
})

test('a word that can be decoded for certain is left as it is, any other is written anew', () => {
  for (const good of ['=?utf-8?B?w6k=?=', '=?utf-8?Q?=C3=A9?=', '=?us-ascii?q?not base64!?=', '=?koi8-r?B?wMHD?='])
    assert.equal(replaceUnknownWords(`a ${good} b`), `a ${good} b`)
  assert.equal(replaceUnknownWords('=?utf-8?b?w6k*?='), '=?UTF-8?B?w6k=?=')
  assert.equal(replaceUnknownWords('=?teletex?Q?=FC?='), '=?UTF-8?B?w7w=?=')
  assert.equal(replaceUnknownWords('=?x-unknown?Q?=C3=A9?='), '=?UTF-8?B?w6k=?=')
})
