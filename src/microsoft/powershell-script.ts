import { asPowerShell, quoted } from './as-powershell.ts'
import type { Cloud } from './clouds.ts'
import type { CmdletCall } from './cmdlet.ts'

/** A call and what it is for: it stands above the call as a comment. */
export type ScriptStep = { readonly says: string; readonly call: CmdletCall }

/**
 * A whole script for a person to run: connects, and stops at the first error. It begins with a byte order mark, as Windows
 * PowerShell 5.1 takes a file without one for the code page of the machine. Lines end with CR LF.
 */
export function powerShellScript(steps: readonly ScriptStep[], cloud: Cloud): string {
  const environment = cloud.powerShellEnvironment === null ? '' : ` -ExchangeEnvironmentName ${quoted(cloud.powerShellEnvironment)}`
  const lines = [
    '#Requires -Modules ExchangeOnlineManagement',
    "$ErrorActionPreference = 'Stop'",
    `Connect-ExchangeOnline -ShowBanner:$false${environment}`,
    // A number first: `# SIG # …` and `#Requires` mean something at the beginning of a comment.
    ...steps.flatMap(({ says, call }, at) => ['', `# ${at + 1}. ${comment(says)}`, asPowerShell(call)]),
    '',
    'Disconnect-ExchangeOnline -Confirm:$false',
  ]
  return `\ufeff${lines.join('\r\n')}\r\n`
}

/** Whatever could end the line would be run as code. */
export function comment(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu, ' ')
}
