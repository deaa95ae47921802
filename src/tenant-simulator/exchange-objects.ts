import { listOf, sameJson, sameText, textOf, type Props } from './props.ts'
import type { ExchangeObject } from './state.ts'
import type { TenantWorld } from './world.ts'

/** Properties by which an object can be named, besides its guid. */
const NAMES = [
  'Identity',
  'Name',
  'Alias',
  'PrimarySmtpAddress',
  'UserPrincipalName',
  'ExternalDirectoryObjectId',
  'ExchangeGuid',
  'DisplayName',
  'DomainName',
  'Domain',
  'AppId',
  'ObjectId',
  'ExternalEmailAddress',
  'EmailAddress',
] as const

/** Makes an object of Exchange. For a moment nobody finds it, as other domain controllers do not know it yet. */
export function addObject(world: TenantWorld, kind: string, props: Props, old = false): ExchangeObject {
  const guid = world.id()
  const now = world.now()
  const created: ExchangeObject = {
    kind,
    guid,
    props: { Guid: guid, ...props, WhenCreatedUTC: iso(now), WhenChangedUTC: iso(now), IsValid: true },
    visibleAtMs: old ? 0 : now + world.timing.newObjectMs,
    stale: null,
    reads: 0,
    removedAtMs: null,
    times: {},
  }
  world.state.objects.push(created)
  return created
}

export function iso(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`
}

/** Objects of these kinds that exist, those included that readers do not find yet. */
export function existing(world: TenantWorld, ...kinds: readonly string[]): ExchangeObject[] {
  return world.state.objects.filter(({ kind, removedAtMs }) => kinds.includes(kind) && removedAtMs === null)
}

/** Objects of these kinds that readers find. */
export function visible(world: TenantWorld, ...kinds: readonly string[]): ExchangeObject[] {
  return existing(world, ...kinds).filter(({ visibleAtMs }) => visibleAtMs <= world.now())
}

export function answersTo(object: ExchangeObject, identity: string): boolean {
  if (sameText(object.guid, identity)) return true
  const { props } = object
  if (NAMES.some((name) => textOf(props[name]) !== '' && sameText(textOf(props[name]), identity))) return true
  return listOf(props['EmailAddresses']).some((address) => sameText(address.replace(/^smtp:/i, ''), identity))
}

/** The object that readers find under this name; undefined for none. */
export function findObject(world: TenantWorld, kind: string | readonly string[], identity: string): ExchangeObject | undefined {
  const kinds = typeof kind === 'string' ? [kind] : kind
  return visible(world, ...kinds).find((object) => answersTo(object, identity))
}

/** What a reader sees: for a few seconds after a change the old and the new state in turn. */
export function readObject(world: TenantWorld, object: ExchangeObject): Props {
  const { stale } = object
  if (stale === null || world.now() >= stale.untilMs) return object.props
  object.reads += 1
  return object.reads % 2 === 1 ? stale.props : object.props
}

/** Changes properties; false when they were so already. */
export function changeObject(world: TenantWorld, object: ExchangeObject, patch: Props): boolean {
  const changed = Object.entries(patch).filter(([key, value]) => !sameJson(object.props[key], value))
  if (changed.length === 0) return false
  const now = world.now()
  const still = object.stale !== null && now < object.stale.untilMs ? object.stale.props : object.props
  object.stale = { untilMs: now + world.timing.staleMs, props: still }
  object.reads = 0
  object.props = { ...object.props, ...Object.fromEntries(changed), WhenChangedUTC: iso(now) }
  return true
}

export function removeObject(world: TenantWorld, object: ExchangeObject): void {
  object.removedAtMs = world.now()
  const { objects } = world.state
  objects.splice(objects.indexOf(object), 1)
}
