import type { DestinationIndex } from './destination-index.ts'
import { cleanName, fitName } from './folder-name.ts'
import { nameKey } from './name-key.ts'
import type { NameRules, Reasons } from './rules.ts'

/** Where a folder would go if nobody else were there. */
export type Wish = { readonly parent: readonly string[]; readonly name: string; readonly reasons: Reasons }

/** The nearest acceptable name below this destination path: characters, reserved names, depth and length, in this order. */
export function wishFor(component: string, parent: readonly string[], rules: NameRules, destination: DestinationIndex): Wish {
  const reasons: Reasons = []
  let name = cleanName(component, rules, reasons)
  let place = parent
  const last = parent.at(-1)
  if (last !== undefined && parent.length >= rules.maxDepth) {
    name = `${last} - ${name}`
    place = parent.slice(0, -1)
    reasons.push(`Folders deeper than ${rules.maxDepth} levels are not accepted: it stands beside its parent folder.`)
  }
  if (place.length === 0 && isReserved(name, rules, destination)) {
    reasons.push(`The destination keeps the name "${name}" for itself.`)
    name = `${name} (mail)`
  }
  return { parent: place, name: fitName(name, '', rules, reasons), reasons }
}

function isReserved(name: string, rules: NameRules, destination: DestinationIndex): boolean {
  const key = nameKey(name, true)
  return rules.reservedNames.has(key) || rules.reservedNames.has(name.toLowerCase()) || destination.localReserved.has(key)
}
