import { cmdletRefusal, objectMissing } from './answers.ts'
import { given, set, settingsOf, type Cmdlet, type CmdletCall, type CmdletFamily } from './cmdlet.ts'
import { addObject, answersTo, existing, findObject, readObject, removeObject, visible } from './exchange-objects.ts'
import { sameText, textOf, type Props } from './props.ts'
import type { ExchangeObject } from './state.ts'

export type Family = {
  readonly noun: string
  readonly family: CmdletFamily
  readonly verbs: readonly ('Get' | 'New' | 'Set' | 'Remove' | 'Enable' | 'Disable')[]
  /** Taken by New and Set; those with `!` must be given to New. */
  readonly parameters: readonly string[]
  /** Taken by Get besides Identity and ResultSize. */
  readonly filters?: readonly string[]
  readonly enums?: Readonly<Record<string, readonly string[]>>
  readonly defaults?: Props
  /** New is refused while the organisation is dehydrated. */
  readonly customised?: boolean
  /** The property that names an object. Default: Name. */
  readonly key?: string
  /** What Enable and Disable set. Default: State Enabled and Disabled. */
  readonly onOff?: readonly [Props, Props]
  /** These are there from the start and cannot be removed. */
  readonly builtIn?: readonly string[]
  /** Refuses what cannot be; `object` is null for a new one. */
  check?(call: CmdletCall, wanted: Props, object: ExchangeObject | null): void
  /** What becomes of the properties that were given, before they are kept. */
  shape?(call: CmdletCall, wanted: Props, object: ExchangeObject | null): Props
  keep?(call: CmdletCall, row: Props): boolean
  after?(call: CmdletCall, object: ExchangeObject): void
}

/** The cmdlets of a noun whose objects are properties and little else. */
export function cmdletsOf(family: Family): Record<string, Cmdlet> {
  const { noun, parameters, key = 'Name' } = family
  const common = { family: family.family, ...(family.enums === undefined ? {} : { enums: family.enums }) }
  const plain = parameters.map((one) => one.replace('!', ''))
  const all: Record<string, Cmdlet> = {
    [`Get-${noun}`]: {
      ...common,
      parameters: ['Identity', 'ResultSize', 'Filter', ...(family.filters ?? [])],
      run: (call) => list(call, family),
    },
    [`New-${noun}`]: { ...common, parameters, customised: family.customised ?? false, run: (call) => [create(call, family, key).props] },
    [`Set-${noun}`]: {
      ...common,
      parameters: ['Identity!', ...plain],
      run: (call) => {
        const object = named(call, noun)
        const settings = settingsOf(call, object.props)
        family.check?.(call, settings, object)
        set(call, object, family.shape?.(call, settings, object) ?? settings)
        family.after?.(call, object)
        return []
      },
    },
    [`Remove-${noun}`]: {
      ...common,
      parameters: ['Identity!'],
      run: (call) => {
        const object = named(call, noun)
        if (family.builtIn?.includes(textOf(object.props[key])) === true)
          throw cmdletRefusal(400, 'ValidationException', `The default object '${textOf(object.props[key])}' can't be removed.`)
        removeObject(call.world, object)
        family.after?.(call, object)
        return []
      },
    },
    [`Enable-${noun}`]: { ...common, parameters: ['Identity!'], run: (call) => switchTo(call, family, 0) },
    [`Disable-${noun}`]: { ...common, parameters: ['Identity!'], run: (call) => switchTo(call, family, 1) },
  }
  return Object.fromEntries(Object.entries(all).filter(([name]) => family.verbs.some((verb) => name.startsWith(`${verb}-`))))
}

/** The object that `Identity` names; the error of the service when there is none, or none yet. */
export function named(call: CmdletCall, kind: string | readonly string[], parameter = 'Identity'): ExchangeObject {
  const identity = given(call, parameter)
  const object = findObject(call.world, kind, identity)
  if (object === undefined) throw objectMissing(identity)
  return object
}

function list(call: CmdletCall, family: Family): Props[] {
  const { world } = call
  const objects = given(call, 'Identity') === '' ? visible(world, family.noun) : [named(call, family.noun)]
  const rows = objects.map((object): Props => ({ Identity: textOf(object.props[family.key ?? 'Name']), ...readObject(world, object) }))
  const state = given(call, 'State')
  const stated = state === '' ? rows : rows.filter((row) => sameText(textOf(row['State']), state))
  return family.keep === undefined ? stated : stated.filter((row) => family.keep?.(call, row))
}

function create(call: CmdletCall, family: Family, key: string): ExchangeObject {
  const name = given(call, key)
  if (existing(call.world, family.noun).some((object) => answersTo(object, name))) throw alreadyExists(name)
  const wanted = { ...family.defaults, ...settingsOf(call, {}) }
  family.check?.(call, wanted, null)
  const props = family.shape?.(call, wanted, null) ?? wanted
  const object = addObject(call.world, family.noun, { Identity: name, Name: name, ...props })
  family.after?.(call, object)
  return object
}

export function alreadyExists(name: string): Error {
  return cmdletRefusal(400, 'ManagementObjectAlreadyExistsException', `The object '${name}' already exists. Please use another name.`)
}

function switchTo(call: CmdletCall, family: Family, which: 0 | 1): Props[] {
  const object = named(call, family.noun)
  const states = family.onOff ?? [{ State: 'Enabled' }, { State: 'Disabled' }]
  set(call, object, states[which])
  family.after?.(call, object)
  return []
}
