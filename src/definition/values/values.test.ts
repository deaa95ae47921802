import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addressOf, domainOf, mailAliasOf, signInNameOf } from './address.ts'
import type { Checked } from './checked.ts'
import { licenceOf } from './licence.ts'
import { nameOf } from './name.ts'
import { protocolsOf } from './protocol.ts'
import { COUNTRIES, countryOf, languageOf } from './region.ts'
import { messageSizeOf, sizeOf } from './size.ts'
import { timeZoneOf } from './time-zone.ts'
import { TIME_ZONES } from './time-zones.ts'

/** A text and what comes of it; a RegExp: what is said of it. */
type Row = readonly [string, unknown]

function holds(check: (text: string) => Checked<unknown>, rows: readonly Row[]): void {
  for (const [text, expected] of rows) {
    const checked = check(text)
    if (expected instanceof RegExp)
      assert.match('says' in checked ? checked.says : `taken: ${JSON.stringify(checked.value)}`, expected, text)
    else assert.deepEqual(checked, { value: expected }, text)
  }
}

test('an address is taken as SMTP has it, and another spelling is proposed', () => {
  holds(addressOf, [
    ['Anna@Example.ORG', 'anna@example.org'],
    [' smtp:a+b/c=d&e@example.org ', 'a+b/c=d&e@example.org'],
    ["o'neil@example.org", "o'neil@example.org"],
    [`${'a'.repeat(64)}@example.org`, `${'a'.repeat(64)}@example.org`],
    [`${'a'.repeat(65)}@example.org`, /^before the @ there are at most 64 characters, not 65$/],
    ['jürgen.groß@example.org', /^"ü" may not stand in an address; juergen\.gross@example\.org would do$/],
    ['Łukasz Żółć@example.org', /^"Ł" .*; lukasz\.zolc@example\.org would do$/],
    ['anna berg@example.org', /^a blank may not stand in an address; anna\.berg@example\.org would do$/],
    ['a\u200Bb@example.org', /^an invisible character may not stand in an address; ab@example\.org would do$/],
    ['ジョン@example.org', /^"ジ" may not stand in an address$/],
    ['.anna..b.@example.org', /no dot stands at the beginning.*; anna\.b@example\.org would do$/],
    ['anna@münchen.example', /^after the @ stands a domain is written in ASCII: xn--mnchen-3ya\.example$/],
    ['anna@localhost', /^after the @ stands a domain like example\.org$/],
    ['anna', /^an address like anna@example\.org$/],
    ['@example.org', /^an address like/],
    ['a@b@example.org', /^"@" may not stand in an address; a\.b@example\.org would do$/],
  ])
})

test('a sign-in name takes fewer characters than an address', () => {
  holds(signInNameOf, [
    ["Anna.O'Neil_1-2!#^~@example.org", "anna.o'neil_1-2!#^~@example.org"],
    ['anna+work@example.org', /^"\+" may not stand in a sign-in name; annawork@example\.org would do$/],
    ['a&b@example.org', /^"&" may not stand in a sign-in name/],
    [`a@${'b'.repeat(45)}.org`, /^after the @ there are at most 48 characters$/],
  ])
})

test('a mail alias is ASCII without the signs that addresses are written with', () => {
  holds(mailAliasOf, [
    ['anna.berg', 'anna.berg'],
    ['anna berg', /^a blank may not stand in a mail alias; anna\.berg would do$/],
    ['anna@b', /^"@" may not stand in a mail alias; anna\.b would do$/],
    ['änne', /^"ä" .*; aenne would do$/],
    ['a..b', /no two side by side/],
    ['a'.repeat(65), /at most 64/],
  ])
})

test('a domain has labels of letters, digits and hyphens', () => {
  holds(domainOf, [
    ['Example.ORG.', 'example.org'],
    ['a-b.example.co', 'a-b.example.co'],
    ['-a.example.org', /^a domain like/],
    ['example', /^a domain like/],
    ['exa mple.org', /^a domain like/],
    ['http://example.org', /^a domain like/],
    [`${'a'.repeat(64)}.org`, /^a domain like/],
  ])
})

test('sizes have units of 1024, and a message at most 150 MB', () => {
  holds(sizeOf, [
    ['12345', 12_345],
    ['1 KB', 1024],
    ['2.5 gb', 2.5 * 2 ** 30],
    ['2,5 GB', 2.5 * 2 ** 30],
    ['1.5 GB (1,610,612,736 bytes)', 1_610_612_736],
    ['-1 MB', /^a size like 150 MB$/],
    ['1 XB', /^a size like 150 MB$/],
    ['', /^a size like 150 MB$/],
  ])
  holds(messageSizeOf, [
    ['150 MB', 157_286_400],
    ['151 MB', /at most 150 MB/],
    ['150', /^it has a unit: 150 MB$/],
  ])
})

test('countries are those of ISO 3166-1, and a name leads to its code', () => {
  assert.equal(COUNTRIES.length, 249)
  holds(countryOf, [
    ['de', 'DE'],
    ['XK', /in two letters/],
    ['UK', /did you mean GB\?$/],
    ['Deutschland', /did you mean DE\?$/],
    ['switzerland', /did you mean CH\?$/],
    ['EU', /in two letters, such as DE$/],
  ])
})

test('a language comes with its country', () => {
  holds(languageOf, [
    ['de-de', 'de-DE'],
    ['en_US', 'en-US'],
    ['sr-latn-rs', 'sr-Latn-RS'],
    ['de', /did you mean de-DE\?$/],
    ['ja', /did you mean ja-JP\?$/],
    ['xx-DE', /^a language and its country/],
    ['de-XX', /^a language and its country, such as de-DE$/],
    ['deutsch', /^a language and its country, such as de-DE$/],
    ['x'.repeat(1000), /^a language/],
  ])
})

test('time zones have Windows names, and a place leads to one', () => {
  holds(timeZoneOf, [
    ['w. europe standard time', 'W. Europe Standard Time'],
    ['Europe/Vienna', /did you mean W\. Europe Standard Time\?$/],
    ['America/New_York', /did you mean Eastern Standard Time\?$/],
    ['W Europe Standart Time', /did you mean W\. Europe Standard Time\?$/],
    ['CET', /^a Windows name such as W\. Europe Standard Time$/],
  ])
  for (const [name, zones] of Object.entries(TIME_ZONES))
    for (const zone of zones.split(' ')) assert.doesNotThrow(() => new Intl.DateTimeFormat('en', { timeZone: zone }), `${name}: ${zone}`)
})

test('a licence is told by its part number or by its product, and a number is never guessed', () => {
  holds(licenceOf, [
    ['spe_e3', 'SPE_E3'],
    ['Microsoft 365 E3', 'SPE_E3'],
    ['M365 Business Premium', 'SPB'],
    ['office 365 e1 (no teams)', 'Office_365_E1_(no_Teams)'],
    ['O365_BUSINESS_PREMIUM', 'O365_BUSINESS_PREMIUM'],
    ['M365_F1', 'M365_F1'],
    ['SPE_E7', 'SPE_E7'],
    ['Some_New_Part', 'Some_New_Part'],
    ['ENTERPRISEPAK', /did you mean ENTERPRISEPACK \(Office 365 E3\)\?$/],
    ['Microsoft 365 Buisness Basic', /did you mean O365_BUSINESS_ESSENTIALS/],
    ['Microsoft 365 E4', /^a SKU part number/],
    ['E3', /^a SKU part number/],
  ])
})

test('protocols are words, with a minus before what is switched off', () => {
  holds(protocolsOf, [
    ['imap', { imap: true }],
    ['imap+owa-pop', { imap: true, owa: true, pop: false }],
    ['-smtp-auth, - pop; EWS', { 'smtp-auth': false, pop: false, ews: true }],
    ['', {}],
    ['imap telnet', /^words of imap, pop/],
    ['imaps', /^words of imap, pop/],
  ])
})

test('a name stands on one line', () => {
  holds(nameOf(5), [
    [' Änne ', 'Änne'],
    ['', /^it is empty$/],
    ['a\nb', /line break/],
    ['abcdef', /^at most 5 characters$/],
  ])
})
