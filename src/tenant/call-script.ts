import { argument, asPowerShell, expression, quoted } from '../microsoft/as-powershell.ts'
import { checkCall, type CmdletParameters } from '../microsoft/cmdlet.ts'
import type { Json } from '../model/change.ts'
import { Secret } from '../model/secret.ts'
import type { CmdletCallData, GraphCall, TenantCall } from './call.ts'

/**
 * The call as one line of PowerShell, with every value quoted so that it stays a value. What is only known when it runs stands in the
 * variables `$made`, `$before`, `$added` and `$removed`; a secret is asked for where the script runs. Graph's calls are those of the
 * module Microsoft.Graph.Authentication.
 */
export function callLine(call: TenantCall): string {
  return 'cmdlet' in call ? cmdletLine(call) : graphLine(call)
}

function cmdletLine({ cmdlet, parameters }: CmdletCallData): string {
  const subject = parameters['Identity'] ?? parameters['Name']
  const about = typeof subject === 'string' ? ` ${subject}` : ''
  // Their names are checked there, and that no object is left unnamed.
  checkCall({ cmdlet, parameters: plainOf(parameters) })
  const parts = Object.entries(parameters).map(([name, value]) => argument(name, written(value, { about, isPlainText: false })))
  return [cmdlet, ...parts].join(' ')
}

function graphLine({ graph, path, body }: GraphCall): string {
  const line = `Invoke-MgGraphRequest -Method ${quoted(graph)} -Uri ${uri(path)}`
  if (body === undefined) return line
  const json = `(ConvertTo-Json -Depth 20 -InputObject ${written(body, { about: ` ${path}`, isPlainText: true })})`
  return `${line} -Body ${json} -ContentType ${quoted('application/json; charset=utf-8')}`
}

/** The address below the version, with what is only known later encoded as one part of it. */
export function uri(path: string): string {
  return sum(`/v1.0${path}`, (variable) => `[uri]::EscapeDataString(${variable})`)
}

/** How secrets are asked for: a cmdlet takes them hidden, JSON as a text. */
type Asked = { readonly about: string; readonly isPlainText: boolean }

const REFERENCE = /^\{?(?<of>made|before|secret|added|removed)(?:\.(?<name>[^{}]+))?\}?$/
const IN_TEXT = /(\{(?:made|before)\.[^{}]+\}|\{(?:added|removed)\})/

function written(value: Json, asked: Asked): string {
  if (typeof value !== 'object' || value === null) return expression(value, '')
  if (isList(value)) return `@(${value.map((one) => written(one, asked)).join(', ')})`
  const { $: reference, kind, ...others } = value
  if (typeof reference === 'string' && Object.keys(value).length === 1) return variable(reference, asked)
  if (kind === 'change')
    return table(
      [
        ['Add', others['add']],
        ['Remove', others['remove']],
      ],
      asked,
      false,
    )
  if (kind === 'table') return written(others['entries'] ?? {}, asked)
  return table(Object.entries(value), asked, true)
}

function table(entries: readonly (readonly [string, Json | undefined])[], asked: Asked, isQuoted: boolean): string {
  const parts = entries.flatMap(([key, value]) =>
    value === undefined ? [] : [`${isQuoted ? quoted(key) : key} = ${written(value, asked)}`],
  )
  return `@{${parts.join('; ')}}`
}

function variable(reference: string, { about, isPlainText }: Asked): string {
  const { of, name } = REFERENCE.exec(reference)?.groups ?? {}
  if (of === undefined) return sum(reference, (one) => one)
  if (of === 'added' || of === 'removed') return `@($${of})`
  if (of !== 'secret') return `$${of}.${quoted(name ?? '')}`
  const prompt = `${name ?? ''} for${about}`
  const hidden = expression(new Secret(''), prompt)
  return isPlainText ? `([System.Net.NetworkCredential]::new('', ${hidden}).Password)` : hidden
}

/** A text with variables in it, as a sum that begins with a text. */
function sum(text: string, use: (variable: string) => string): string {
  const parts = text.split(IN_TEXT).flatMap((part, at) => {
    if (at % 2 === 0) return part === '' && at > 0 ? [] : [quoted(part)]
    return [use(variable(part, { about: '', isPlainText: false }))]
  })
  return parts.length === 1 ? (parts[0] ?? '') : `(${parts.join(' + ')})`
}

/** As far as `checkCall` looks: what is only known later is something. */
function plainOf(parameters: CmdletCallData['parameters']): CmdletParameters {
  const plain = Object.entries(parameters).map(([name, value]) => [name, typeof value === 'object' && value !== null ? 'x' : value])
  return Object.fromEntries(plain) as CmdletParameters
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}

/** For what is only read: `asPowerShell` itself, as nothing is filled in there. */
export function lookLine(call: TenantCall): string {
  if (!('cmdlet' in call)) return `Read-Graph ${uri(call.path)}`
  return asPowerShell({ cmdlet: call.cmdlet, parameters: call.parameters as CmdletParameters })
}
