import { Failure } from '../model/failure.ts'
import { printable } from './printable.ts'
import { reportThrown } from './trouble.ts'
import { EXIT, type Shell } from './world.ts'

/**
 * The same for several domains, one after another in the order given: one that does not go on holds up no other, and the worst end
 * counts. With --json: one object with what each of them prints by itself.
 */
export async function eachDomain(
  shell: Shell,
  domains: readonly string[],
  one: (shell: Shell, domain: string) => Promise<number>,
): Promise<number> {
  const wanted = [...new Set(domains.map((domain) => domain.trim().toLowerCase().replace(/\.$/, '')))]
  const [only] = wanted
  if (wanted.length === 1 && only !== undefined) return one(shell, only)
  const told: { readonly domain: string; readonly result: unknown }[] = []
  const codes: number[] = []
  const lines: string[] = []
  for (const domain of wanted) {
    const own: Shell = { ...shell, json: (result) => void told.push({ domain, result }) }
    const code = await one(own, domain).catch((error: unknown) => {
      // What is wrong with one is no news about the others; a stop is for all of them.
      if (!(error instanceof Failure) || error.code === 'stopped') throw error
      return reportThrown(own, error)
    })
    codes.push(code)
    lines.push(`  ${printable(domain)}: ${ENDS[code] ?? 'failed'}`)
    if (shell.signal.aborted) break
  }
  shell.print()
  shell.print(`${wanted.length} domains:`)
  for (const line of lines) shell.print(line)
  for (const domain of wanted.slice(codes.length)) shell.print(`  ${printable(domain)}: not begun`)
  shell.json({ domains: told })
  return [EXIT.usage, EXIT.failed, EXIT.person].find((code) => codes.includes(code)) ?? EXIT.done
}

const ENDS: Readonly<Record<number, string>> = {
  [EXIT.done]: 'done, or only time is missing',
  [EXIT.failed]: 'failed',
  [EXIT.usage]: 'wrongly written',
  [EXIT.person]: 'needs a person',
}
