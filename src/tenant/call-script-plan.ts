import { propertiesNamed } from '../change/fill.ts'
import { inPlanOrder } from '../change/in-order.ts'
import { expression, quoted } from '../microsoft/as-powershell.ts'
import type { Cloud, CloudName } from '../microsoft/clouds.ts'
import { permissionFor } from '../microsoft/graph-permissions.ts'
import { comment } from '../microsoft/powershell-script.ts'
import type { TenantCall, TenantChange } from './call.ts'
import { callLine, lookLine } from './call-script.ts'

/** How `Connect-MgGraph` calls the clouds; null: its default. */
const GRAPH_ENVIRONMENT: Readonly<Record<CloudName, string | null>> = {
  global: null,
  'gcc-high': 'USGov',
  dod: 'USGovDoD',
  china: 'China',
}

const READ_GRAPH = [
  'function Read-Graph([string] $Uri) {',
  '  while ($Uri) {',
  "    $reply = Invoke-MgGraphRequest -Method 'GET' -Uri $Uri",
  "    if ($reply.ContainsKey('value')) { $reply.value } else { $reply }",
  "    $Uri = $reply.'@odata.nextLink'",
  '  }',
  '}',
]
const WAIT_UNTIL = [
  'function Wait-Until([scriptblock] $Look) {',
  '  for ($i = 0; $i -lt 480; $i++) {',
  '    try { if (& $Look) { return } } catch { }',
  '    Start-Sleep -Seconds 15',
  '  }',
  "  throw 'It cannot be seen after two hours. Run the rest of this script later.'",
  '}',
]

/**
 * One script that does what a plan does, for a person to run: changes in their order, each under its sentence; it waits for what
 * takes its time, and stops at the first error. A new plan then checks the effect. See `powerShellScript` for its encoding.
 */
export function planScript(changes: readonly TenantChange[], cloud: Cloud): string {
  const ordered = inPlanOrder(changes)
  const calls = ordered.flatMap((change) => [change.look.call, ...change.calls])
  const usesExchange = calls.some((call) => 'cmdlet' in call)
  const usesGraph = calls.some((call) => !('cmdlet' in call))
  const lines = [
    `#Requires -Modules ${[...(usesExchange ? ['ExchangeOnlineManagement'] : []), ...(usesGraph ? ['Microsoft.Graph.Authentication'] : [])].join(', ')}`,
    "$ErrorActionPreference = 'Stop'",
    ...(usesExchange ? [connectExchange(cloud)] : []),
    ...(usesGraph ? [connectGraph(cloud, calls), '', ...READ_GRAPH] : []),
    ...(ordered.some(isAwaited) ? ['', ...WAIT_UNTIL] : []),
    // A number first: `# SIG # …` and `#Requires` mean something at the beginning of a comment.
    ...ordered.flatMap((change, at) => ['', `# ${at + 1}. ${comment(change.says)}`, ...changeLines(change)]),
    '',
    ...(usesGraph ? ['$null = Disconnect-MgGraph'] : []),
    ...(usesExchange ? ['Disconnect-ExchangeOnline -Confirm:$false'] : []),
  ]
  return `\ufeff${(usesExchange || usesGraph ? lines : lines.slice(1)).join('\r\n')}\r\n`
}

/** Least permissions for all calls of a script, in the words of Graph. */
export function scopesFor(calls: readonly TenantCall[]): readonly string[] {
  const names = calls.flatMap((call) => ('cmdlet' in call ? [] : (permissionFor(call.graph, call.path)?.name ?? [])))
  return [...new Set(names)].toSorted()
}

function connectExchange({ powerShellEnvironment }: Cloud): string {
  const environment = powerShellEnvironment === null ? '' : ` -ExchangeEnvironmentName ${quoted(powerShellEnvironment)}`
  return `Connect-ExchangeOnline -ShowBanner:$false${environment}`
}

function connectGraph({ name }: Cloud, calls: readonly TenantCall[]): string {
  const environment = GRAPH_ENVIRONMENT[name] === null ? '' : ` -Environment ${quoted(GRAPH_ENVIRONMENT[name])}`
  return `Connect-MgGraph -NoWelcome -Scopes ${expression(scopesFor(calls), '')}${environment}`
}

/** What was made is waited for, and what comes by itself. */
function isAwaited({ expect, calls }: TenantChange): boolean {
  return expect.is === 'there' || calls.length === 0
}

function changeLines(change: TenantChange): readonly string[] {
  const { calls, expect } = change
  const named = propertiesNamed(calls)
  const entries = expect.is === 'holds' || expect.is === 'lacks' ? expect : null
  const list = entries?.is === 'holds' ? '$added' : '$removed'
  const usesList = entries !== null && JSON.stringify(calls).includes(`"$":"${list.slice(1)}"`)
  return [
    ...(named.before.size > 0 ? [`$before = ${objectLine(change)}`] : []),
    ...(usesList && entries !== null
      ? [
          `$present = @((${objectLine(change)}).${quoted(entries.property)})`,
          `${list} = @(${expression(entries.entries, '')} | Where-Object { $present ${entries.is === 'holds' ? '-notcontains' : '-contains'} $_ })`,
        ]
      : []),
    ...calls.map((call, at) => {
      const line = `${named.made.size > 0 && at === 0 ? '$made' : '$null'} = ${callLine(call)}`
      return usesList ? `if (${list}.Count -gt 0) { ${line} }` : line
    }),
    ...(isAwaited(change) ? [`Wait-Until { ${objectLine(change)} }`] : []),
  ]
}

/** What a look finds, as an expression. */
function objectLine({ look: { call, inside, find, collect } }: TenantChange): string {
  const found = `@(${lookLine(call)})`
  const rows = inside === undefined ? found : `@((${found}).${quoted(inside)})`
  if (collect !== undefined) return rows
  const filter = find === undefined ? '' : ` | Where-Object { $_.${quoted(find.property)} -contains ${quoted(find.equals)} }`
  return `${rows}${filter} | Select-Object -First 1`
}
