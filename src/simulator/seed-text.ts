import type { Random } from './random.ts'

type List = readonly [string, ...string[]]
/** Words of a language, enough to make mail that looks like mail. */
export type Voice = {
  readonly charset: string
  readonly greetings: List
  readonly subjects: List
  readonly sentences: List
  readonly closings: List
}

const ENGLISH: Voice = {
  charset: 'us-ascii',
  greetings: ['Hello,', 'Dear all,', 'Hi,', 'Good morning,'],
  subjects: [
    'Meeting on Thursday',
    'Offer 2024-118',
    'Invoice for March',
    'Your question about the delivery',
    'Minutes',
    'Holiday plan',
    'Server maintenance',
    'Draft contract',
  ],
  sentences: [
    'Please find the documents attached.',
    'We have moved the appointment to next week, same time and same place.',
    'Could you have a look at the figures of the second quarter before we send them out?',
    'The supplier confirms delivery by the end of the month.',
    'Thank you for the quick answer.',
    'I will call you tomorrow before noon.',
    'From here on the old price list no longer holds.',
  ],
  closings: ['Kind regards', 'Best wishes', 'Thanks', 'See you'],
}
const GERMAN: Voice = {
  charset: 'iso-8859-1',
  greetings: ['Hallo,', 'Sehr geehrte Damen und Herren,', 'Guten Morgen zusammen,', 'Grüß Gott,'],
  subjects: [
    'Rückfrage zum Angebot',
    'Rechnung März',
    'Besprechung am Donnerstag',
    'Übergabe der Schlüssel',
    'Lieferung verzögert sich',
    'Urlaubsplanung',
    'Protokoll',
  ],
  sentences: [
    'anbei erhalten Sie die gewünschten Unterlagen.',
    'Die Lieferung verzögert sich leider um einige Tage, wir bitten um Verständnis.',
    'Könnten wir den Termin auf die nächste Woche verschieben?',
    'Die Zahlen für das zweite Quartal müssen noch geprüft werden.',
    'Vielen Dank für die schnelle Rückmeldung.',
    'Für Rückfragen stehe ich gern zur Verfügung.',
  ],
  closings: ['Mit freundlichen Grüßen', 'Viele Grüße', 'Schöne Grüße', 'Bis bald'],
}
const FRENCH: Voice = {
  charset: 'iso-8859-15',
  greetings: ['Bonjour,', 'Chère équipe,', 'Madame, Monsieur,', 'Salut,'],
  subjects: ['Réunion de jeudi', 'Facture de février', 'Devis nº 42', 'Congés d’été', 'Compte rendu', 'Question sur la livraison'],
  sentences: [
    'veuillez trouver ci-joint les documents demandés.',
    'La réunion est reportée à la semaine prochaine.',
    'Pourriez-vous vérifier les chiffres du deuxième trimestre ?',
    'Le fournisseur confirme la livraison pour la fin du mois.',
    'Merci beaucoup pour votre réponse rapide.',
  ],
  closings: ['Cordialement', 'Bien à vous', 'À bientôt', 'Merci d’avance'],
}
const JAPANESE: Voice = {
  charset: 'utf-8',
  greetings: ['お疲れ様です。', 'お世話になっております。', 'こんにちは。', '皆様'],
  subjects: ['会議の件', '請求書について', '見積もりのご依頼', '納期のご確認', '議事録'],
  sentences: [
    '資料を添付いたしますのでご確認ください。',
    '来週の会議は木曜日の十時からに変更となりました。',
    '納期についてはあらためてご連絡いたします。',
    'ご確認のほどよろしくお願いいたします。',
  ],
  closings: ['よろしくお願いいたします。', '以上', '敬具', 'では、また'],
}

export const VOICES: readonly [Voice, ...Voice[]] = [ENGLISH, GERMAN, FRENCH, JAPANESE, GERMAN, ENGLISH]

export const PEOPLE: readonly [string, ...string[]] = [
  'anna',
  'ben',
  'clara',
  'david',
  'emma',
  'felix',
  'greta',
  'hugo',
  'ida',
  'jonas',
  'karla',
  'leo',
  'maria',
  'noah',
  'olga',
  'paul',
  'rita',
  'sven',
  'tina',
  'uwe',
  'vera',
  'willi',
  'yuki',
  'zoe',
]

/** Paragraphs of about so many characters. */
export function paragraphs(random: Random, voice: Voice, characters: number): string {
  const lines = [random.pick(voice.greetings), '']
  let length = 0
  let paragraph: string[] = []
  while (length < characters) {
    const sentence = random.pick(voice.sentences)
    paragraph.push(sentence)
    length += sentence.length + 1
    if (paragraph.length < 3 && !random.chance(0.3)) continue
    lines.push(...wrap(paragraph.join(' ')), '')
    paragraph = []
  }
  if (paragraph.length > 0) lines.push(...wrap(paragraph.join(' ')), '')
  lines.push(random.pick(voice.closings))
  return lines.join('\r\n')
}

function wrap(text: string): readonly string[] {
  const lines: string[] = []
  let rest = text
  while (rest.length > 76) {
    const at = rest.lastIndexOf(' ', 76)
    if (at <= 0) break
    lines.push(rest.slice(0, at))
    rest = rest.slice(at + 1)
  }
  return [...lines, rest]
}
