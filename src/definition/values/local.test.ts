import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dayOf, dueOf, hoursOf, ianaZoneOf, localTimeOf } from './local.ts'
import { currencyOf, idOf, projectNameOf } from './project.ts'

test('days, times, hours and zones are understood as people write them, and else it is said how', () => {
  for (const [check, given, value] of [
    [dayOf, ' 2028-02-29 ', '2028-02-29'],
    [localTimeOf, '2026-12-04 18:00', '2026-12-04T18:00'],
    [localTimeOf, '2026-12-04T18:00:00', '2026-12-04T18:00'],
    [dueOf, 'Cutover - 7d', 'cutover-7d'],
    [dueOf, 'kickoff', 'kickoff'],
    [dueOf, '2026-12-04', '2026-12-04'],
    [hoursOf, '8:00 - 18:00', '08:00-18:00'],
    [hoursOf, '22:00-24:00', '22:00-00:00'],
    [ianaZoneOf, 'europe/berlin', 'Europe/Berlin'],
    [ianaZoneOf, 'UTC', 'UTC'],
    [projectNameOf, 'a-1', 'a-1'],
    [idOf, 'dns.access', 'dns.access'],
    [currencyOf, 'eur', 'EUR'],
  ] as const)
    assert.deepEqual(check(given), { value }, given)
  for (const [check, given, says] of [
    [dayOf, '2027-02-29', /a day that there is/],
    [dayOf, '04.12.2026', /written like 2026-12-04/],
    [localTimeOf, '2026-12-04T18:00Z', /without Z or an offset/],
    [localTimeOf, '2026-12-04', /the time is missing: 2026-12-04T18:00/],
    [localTimeOf, '2026-12-04T25:00', /a day and a time/],
    [dueOf, 'monday', /cutover-7d/],
    [hoursOf, '00:00-24:00', /nothing would ever be copied/],
    [hoursOf, '8-18', /hours of the day like/],
    [ianaZoneOf, 'W. Europe Standard Time', /did you mean Europe\/Berlin\?/],
    [ianaZoneOf, 'Berlin', /did you mean Europe\/Berlin\?/],
    [ianaZoneOf, '+01:00', /a place of the IANA list/],
    [projectNameOf, 'Müller & Söhne', /; muller-sohne would do/],
    [projectNameOf, '../x', /; x would do/],
    [idOf, 'A b', /small letters/],
    [currencyOf, 'EURO', /three letters/],
  ] as const) {
    const checked = check(given)
    assert.match('says' in checked ? checked.says : 'taken', says, given)
  }
})
