import { CLOUDS } from '../microsoft/clouds.ts'
import type { FileContent } from '../microsoft/cmdlet.ts'
import { powerShellScript } from '../microsoft/powershell-script.ts'
import type { NativeChange } from './native-call.ts'
import { withList } from './native-call.ts'

/** The changes as a script for Exchange Online PowerShell. It reads the lists, with their passwords, from files beside it. */
export function nativeScript(changes: readonly NativeChange[], cloud: keyof typeof CLOUDS): string {
  const lists = new Map(changes.map(({ about }) => [about, listFile(about)]))
  const steps = changes.flatMap(({ says, calls }) => calls.map((call) => ({ says, call: withList(call, lists) })))
  return powerShellScript(steps, CLOUDS[cloud])
}

/** What the list of a batch is called where a script reads it. */
export function listName(batch: string): string {
  return `${batch.replaceAll(' ', '-')}.csv`
}

function listFile(batch: string): FileContent {
  return { kind: 'file', name: listName(batch), bytes: new Uint8Array() }
}
