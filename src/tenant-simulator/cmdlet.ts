import type { TokenClaims } from '../simulator/tenant.ts'
import { cmdletRefusal } from './answers.ts'
import { changeObject } from './exchange-objects.ts'
import { isProps, listOf, propsOf, sameText, textOf, type Json, type Props } from './props.ts'
import { readSize, showSize } from './sizes.ts'
import type { ExchangeObject } from './state.ts'
import type { TenantWorld } from './world.ts'

/** Whose work a cmdlet is; a directory role shows some of them only. */
export type CmdletFamily = 'recipient' | 'organization' | 'protection'

export type CmdletCall = {
  readonly world: TenantWorld
  readonly name: string
  readonly parameters: Props
  readonly claims: TokenClaims
  warn(text: string): void
}

export type Cmdlet = {
  readonly family: CmdletFamily
  /** Names of parameters; those with `!` must be given. */
  readonly parameters: readonly string[]
  readonly enums?: Readonly<Record<string, readonly string[]>>
  /** Refused until Enable-OrganizationCustomization took effect. */
  readonly customised?: boolean
  run(call: CmdletCall): readonly Props[]
}

export type CmdletTable = Readonly<Record<string, Cmdlet>>

/** Taken by every cmdlet. */
const COMMON = ['Confirm', 'Force', 'WhatIf', 'WarningAction', 'ErrorAction', 'Verbose']
const SIZES = new Set(
  ['MaxSendSize', 'MaxReceiveSize', 'IssueWarningQuota', 'ProhibitSendQuota', 'ProhibitSendReceiveQuota', 'RecoverableItemsQuota'].concat([
    'ArchiveQuota',
    'ArchiveWarningQuota',
    'RecoverableItemsWarningQuota',
    'AttachmentSizeOver',
    'MessageSizeOver',
  ]),
)

/** Stops a cmdlet that was given what it does not know, or not what it needs. */
export function bindParameters(name: string, cmdlet: Cmdlet, given: Props): Props {
  const bound: Props = {}
  const known = [...cmdlet.parameters.map((one) => one.replace('!', '')), ...COMMON]
  for (const [key, value] of Object.entries(given)) {
    if (key.startsWith('@') || key.includes('@odata')) continue
    const real = known.find((one) => sameText(one, key))
    if (real === undefined)
      throw cmdletRefusal(400, 'ParameterBindingException', `A parameter cannot be found that matches parameter name '${key}'.`)
    checkEnum(cmdlet, real, value)
    bound[real] = SIZES.has(real) ? sizeOf(real, value) : value
  }
  const missing = cmdlet.parameters.filter((one) => one.endsWith('!') && !(one.slice(0, -1) in bound && bound[one.slice(0, -1)] !== null))
  if (missing.length > 0) {
    const names = missing.map((one) => one.slice(0, -1)).join(' ')
    throw cmdletRefusal(
      400,
      'ParameterBindingException',
      `Cannot process command because of one or more missing mandatory parameters: ${names}.`,
    )
  }
  const empty = cmdlet.parameters.find((one) => one === 'Identity!' && bound['Identity'] === '')
  if (empty !== undefined)
    throw cmdletRefusal(400, 'ParameterBindingException', `Cannot bind argument to parameter 'Identity' because it is an empty string.`)
  if (!name.startsWith('Get-') && isTable(bound['Identity']))
    throw cmdletRefusal(
      400,
      'ParameterBindingException',
      "Cannot convert 'System.Collections.Hashtable' to the type required by parameter 'Identity'.",
    )
  return bound
}

function checkEnum(cmdlet: Cmdlet, name: string, value: Json): void {
  const allowed = cmdlet.enums?.[name]
  if (allowed === undefined || value === null) return
  for (const one of Array.isArray(value) ? value : [value]) {
    if (allowed.some((word) => sameText(word, textOf(one)))) continue
    const words = allowed.join(', ')
    const text = `Cannot process argument transformation on parameter '${name}'. Cannot convert value "${textOf(one)}" to the type of the parameter. Specify one of the following enumerator names and try again: ${words}`
    throw cmdletRefusal(400, 'ParameterBindingException', text)
  }
}

function sizeOf(name: string, value: Json): Json {
  if (value === null) return null
  const bytes = readSize(textOf(value))
  if (bytes === undefined)
    throw cmdletRefusal(
      400,
      'ParameterBindingException',
      `Cannot process argument transformation on parameter '${name}'. Cannot convert value "${textOf(value)}" to a size.`,
    )
  return showSize(bytes)
}

export function isTable(value: Json | undefined): boolean {
  return isProps(value)
}

/** What is left when a value is set: a list of Add and Remove changes the old list, everything else takes its place. */
export function applied(old: Json | undefined, value: Json): Json {
  if (!isProps(value) || !('Add' in value || 'Remove' in value)) return value
  const remove = listOf(value['Remove'])
  const add = listOf(value['Add'])
  const kept = listOf(old).filter((one) => !remove.some((gone) => sameText(gone, one)))
  return [...kept, ...add.filter((one) => !kept.some((known) => sameText(known, one)))]
}

/** The parameters as properties, without those that say how and to what. */
export function settingsOf({ parameters }: CmdletCall, old: Props, but: readonly string[] = []): Props {
  const out: Props = {}
  for (const [key, value] of Object.entries(parameters))
    if (key !== 'Identity' && !COMMON.includes(key) && !but.includes(key)) out[key] = applied(old[key], value)
  return out
}

/** Sets properties, and warns when they were so already. */
export function set(call: CmdletCall, object: ExchangeObject, patch: Props): void {
  if (!changeObject(call.world, object, patch)) warnUnchanged(call, object)
}

export function warnUnchanged(call: CmdletCall, { props }: ExchangeObject): void {
  const name = textOf(props['Identity']) || textOf(props['Name'])
  call.warn(`The command completed successfully but no settings of '${name}' have been modified.`)
}

/** The parameter as text; '' when it was not given. */
export function given(call: CmdletCall, name: string): string {
  return textOf(call.parameters[name])
}

export function isSwitchedOn(call: CmdletCall, name: string): boolean {
  return call.parameters[name] === true
}

export function hashtable(value: Json | undefined): Props {
  return propsOf(value)
}
