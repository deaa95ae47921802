import assert from 'node:assert/strict'
import { test } from 'node:test'
import { roleByName } from './special-names.ts'

test('special folders are known in the languages of the world, in any case, width and Unicode form', () => {
  const known = {
    sent: [
      'Sent',
      'SENT ITEMS',
      'gesendete objekte',
      'Éléments envoyés',
      'E\u0301le\u0301ments envoye\u0301s',
      '보낸 편지함',
      'נשלחו',
      'Ｓｅｎｔ',
    ],
    drafts: ['Entwürfe', 'Kopie robocze', '草稿', ' Drafts '],
    trash: ['Deleted Items', 'Papierkorb', 'Удаленные', '휴지통', 'Κάδος απορριμμάτων'],
    junk: ['Junk-E-Mail', 'Skräppost', '迷惑メール', 'Wiadomości-śmieci'],
    archive: ['Archive', 'Archief', 'アーカイブ'],
    all: ['Alle Nachrichten', '전체보관함'],
  }
  for (const [role, names] of Object.entries(known)) for (const name of names) assert.equal(roleByName(name), role, name)
})

test('only the exact name counts', () => {
  for (const name of ['Sent to clients', 'My Drafts', 'Sent/2019', 'Trashcan', '', 'Spam 2019']) assert.equal(roleByName(name), null, name)
})

test('Bin and Starred are special below [Gmail] only', () => {
  assert.deepEqual([roleByName('Bin'), roleByName('Bin', true), roleByName('Starred', true)], [null, 'trash', 'flagged'])
})
