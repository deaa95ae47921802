import { documented, guess, NO_LIMITS, own, reported } from '../profile.ts'
import type { SourceProfile } from '../profile.ts'

export const yandex: SourceProfile = {
  name: 'yandex',
  title: 'Yandex Mail and Yandex 360',
  signs: [{ greeting: /\bYandex\b/i }, { host: /\.yandex\.(?:com|ru|net)$/i }],
  exchangers: [{ mx: /\.yandex\.(?:net|ru)$/i, imap: 'imap.yandex.com', certainty: 'guess' }],
  limits: NO_LIMITS,
  access: [
    own('An app password of each person.', 'reported'),
    {
      kind: 'oauth',
      advice:
        'A token works although the server does not announce it. Yandex 360 for business has service applications for a whole organisation.',
      certainty: 'documented',
    },
  ],
  listing: [{ kind: 'csv', advice: 'The directory of Yandex 360 lists the users.', certainty: 'guess' }],
  advice: [
    reported('Searches cannot be trusted: messages are found by listing.'),
    reported('A message may come without its contents: it is asked for again, then listed.'),
    guess('The sign between folders may be "|".'),
  ],
  tell: [reported('Every person switches IMAP on.'), documented('Whoever uses service applications must tell the persons.')],
  quirks: [],
  tested: 'dialogue',
  testedWhat: 'a token that it does not announce',
}
