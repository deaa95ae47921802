import { existing } from './exchange-objects.ts'
import type { Props } from './props.ts'
import type { ExchangeObject } from './state.ts'
import type { TenantWorld } from './world.ts'

const priorityOf = ({ props }: ExchangeObject): number => Number(props['Priority'] ?? 0)

/** Makes room where a rule goes; null when it stays where it is. Without a priority a new one comes last. */
export function place(world: TenantWorld, kind: string, wanted: Props, rule: ExchangeObject | null): number | null {
  const others = existing(world, kind).filter((one) => one !== rule)
  if (wanted['Priority'] === undefined) return rule === null ? others.length : null
  const at = Number(wanted['Priority'])
  const sorted = others.toSorted((a, b) => priorityOf(a) - priorityOf(b))
  for (const [i, one] of sorted.entries()) one.props = { ...one.props, Priority: i < at ? i : i + 1 }
  return at
}

export function closeGaps(world: TenantWorld, kind: string, changed: ExchangeObject): void {
  const sorted = existing(world, kind).toSorted((a, b) => priorityOf(a) - priorityOf(b) || (a === changed ? -1 : 1))
  for (const [i, one] of sorted.entries()) if (priorityOf(one) !== i) one.props = { ...one.props, Priority: i }
}
