import assert from 'node:assert/strict'
import { test } from 'node:test'
import { categoriesAmong } from './categories.ts'
import { keptOnly, keywordOfLabel } from './labels.ts'

test('labels and tags become names that people know, each once; what programs note for themselves does not', () => {
  const flags = ['\\Seen', '\\Flagged', '$label1', '$Label4', '$Forwarded', '$MDNSent', 'NonJunk', 'Junk', '$Anything', '$label9', 'Old']
  assert.deepEqual(categoriesAmong(flags), ['Important', 'To Do'])
  assert.deepEqual(categoriesAmong([]), [])
  assert.deepEqual(categoriesAmong([keywordOfLabel('Zu tun, bald'), keptOnly(keywordOfLabel('日本語')), 'work', 'b&APw-ro', 'R&D']), [
    'R&D',
    'Zu tun, bald',
    'büro',
    'work',
    '日本語',
  ])
})
