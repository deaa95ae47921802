/** What a template may say, as `{{name}}`, and what stands there then. The guide lists them. */
export const FIELDS = {
  name: 'whom it is for, as the list of mailboxes calls them',
  address: 'the address of the mailbox',
  login: 'what they sign in with at the new side',
  customer: 'the customer',
  domains: 'the domains that move',
  mailboxes: 'how many mailboxes move',
  kickoff: 'the day of the kickoff',
  cutover: 'day and time of the cutover, in words',
  cutover_day: 'its day alone',
  cutover_time: 'its time of day alone',
  time_zone: 'the time zone of these, in words',
  undated: 'not empty while no cutover is planned',
  webmail: 'the address of Outlook on the web',
  contact: 'whom to call',
  safe_way: 'how a password is handed over; empty where the definition does not say',
  old_until: 'the day until which the old mailbox can be read; empty where it is not known',
  survey: 'the address of a short survey; empty where there is none',
  sender: 'who writes',
  logo: 'the address of the logo within the message, for an <mj-image>; empty where there is none',
} as const
export type Field = keyof typeof FIELDS
export type Values = Readonly<Record<Field, string>>

export function isField(text: string): text is Field {
  return Object.hasOwn(FIELDS, text)
}

export const NO_VALUES: Values = {
  name: '',
  address: '',
  login: '',
  customer: '',
  domains: '',
  mailboxes: '',
  kickoff: '',
  cutover: '',
  cutover_day: '',
  cutover_time: '',
  time_zone: '',
  undated: '',
  webmail: '',
  contact: '',
  safe_way: '',
  old_until: '',
  survey: '',
  sender: '',
  logo: '',
}

const PLACE = /\{\{\s*([^{}]*?)\s*\}\}/g
const LONGEST_VALUE = 300

/** Puts values where the template has fields, each value once over: what looks like a field within a value stays as it is. */
export function filled(template: string, values: Values, escape: (value: string) => string = (value) => value): string {
  return template.replace(PLACE, (whole, name: string) => (isField(name) ? escape(oneLine(values[name])) : whole))
}

export type FieldProblem = { readonly line: number; readonly says: string }

/** Fields that there are not, by line; `first`: the number of the first line. */
export function unknownFields(template: string, first = 1): readonly FieldProblem[] {
  return template
    .split('\n')
    .flatMap((line, at) => [
      ...[...line.matchAll(/\{\{\s*[?!]?\s*([^{}]*?)\s*\}\}/g)].flatMap(([, name = '']) =>
        isField(name)
          ? []
          : [{ line: first + at, says: `{{${name.slice(0, 60)}}} is not known: there are ${Object.keys(FIELDS).join(', ')}` }],
      ),
      ...(/\{\{(?![^{}]*\}\})/.test(line) ? [{ line: first + at, says: 'a {{ is not closed on this line' }] : []),
    ])
}

/** Nobody's name may break a line, turn round what follows, or fill a page. */
export function oneLine(value: string): string {
  const clean = value
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/[\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/g, '')
    .replace(/ {2,}/g, ' ')
    .trim()
  const letters = Array.from(clean)
  return letters.length > LONGEST_VALUE ? `${letters.slice(0, LONGEST_VALUE - 1).join('')}…` : clean
}
