/** A person at the panel, who does exactly what the zone file of the task says, and reads nothing else. */
import assert from 'node:assert/strict'
import { manualTask } from '../../src/dns/manual/steps.ts'
import type { ZoneRef, Zones } from '../../src/dns/provider.ts'
import { RECORD_TYPES, type RecordSet, type RecordType } from '../../src/dns/record-set.ts'
import type { Swap } from '../../src/dns/update-message.ts'
import { stringsIn } from './dns-stubs/stub-zone.ts'

type Line = { readonly name: string; readonly type: RecordType; readonly ttlSeconds: number; readonly data: string; readonly goes: boolean }

/** `panel`: where the person really changes something. */
export async function byPerson(panel: Zones, zone: ZoneRef, swaps: readonly Swap[]): Promise<void> {
  await typedIn(panel, zone, manualTask(zone.name, swaps).zoneFile)
}

/** The same from the text alone. */
export async function typedIn(panel: Zones, zone: ZoneRef, zoneFile: string): Promise<void> {
  const lines = zoneFile.trim().split('\n').map(lineIn)
  const names = [...new Map(lines.map(({ name, type }) => [`${name} ${type}`, { name, type }])).values()]
  const { sets } = await panel.read(zone, names)
  const done = names.map(({ name, type }): Swap => {
    const before = sets.find((set) => set.name === name && set.type === type) ?? null
    const mine = lines.filter((line) => line.name === name && line.type === type)
    const gone = mine.filter(({ goes }) => goes).map(({ data }) => data)
    const come = mine.filter(({ goes }) => !goes)
    const data = [...(before?.data ?? []).filter((one) => !gone.includes(one)), ...come.map((one) => one.data)]
    const after: RecordSet | null =
      data.length === 0 ? null : { name, type, ttlSeconds: come[0]?.ttlSeconds ?? before?.ttlSeconds ?? 0, data: [...new Set(data)] }
    return { name, type, before, after }
  })
  await panel.write(zone, done)
}

function lineIn(text: string): Line {
  const [, goes, name = '', ttl = '', kind = '', rest = ''] = /^(; delete )?(\S+)\. (\d+) IN ([A-Z]+) (.*)$/.exec(text) ?? []
  const type = RECORD_TYPES.find((one) => one === kind)
  assert.ok(type, text)
  const data = type === 'TXT' ? stringsIn(rest, 10).join('') : rest.replace(/(?<=[^ ])\.$/, '')
  return { name, type, ttlSeconds: Number(ttl), data, goes: goes !== undefined }
}
