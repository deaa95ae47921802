import { guess, NO_LIMITS, own, reported } from '../profile.ts'
import type { SourceProfile } from '../profile.ts'

export const mailru: SourceProfile = {
  name: 'mailru',
  title: 'Mail.ru and VK WorkSpace',
  signs: [{ host: /(?:^|\.)mail\.ru$/i }],
  exchangers: [{ mx: /\.mail\.ru$/i, imap: 'imap.mail.ru', certainty: 'guess' }],
  limits: NO_LIMITS,
  access: [own('An app password of each person.', 'reported')],
  listing: [{ kind: 'csv', advice: 'The administration lists the users.', certainty: 'guess' }],
  advice: [
    reported('It writes numbers in strange forms and leaves texts out; that is understood.'),
    reported('Folders have Russian names: Отправленные, Черновики, Спам, Корзина.'),
  ],
  tell: [guess('Every person makes an app password.')],
  quirks: [],
  tested: 'not',
}
