/** For tests: a value as PowerShell would see it. */
export type ReadValue =
  | string
  | number
  | boolean
  | null
  | { readonly list: readonly ReadValue[] }
  | { readonly table: Readonly<Record<string, ReadValue>> }
  | { readonly date: string }
  | { readonly prompt: string }
  | { readonly file: string }
  | { readonly variable: string }
  | { readonly json: ReadValue }

export type ReadCall = { readonly cmdlet: string; readonly parameters: Readonly<Record<string, ReadValue>> }

const SINGLE_QUOTES = new Set(["'", '\u2018', '\u2019', '\u201a', '\u201b'])

/**
 * Reads one command line with the rules of PowerShell's tokenizer, as far as our lines need them; whatever else stands there
 * throws. It shares nothing with what writes the lines.
 */
export function readPowerShell(line: string): ReadCall {
  let at = 0
  const fail = (): never => {
    throw new Error(`not understood at ${at}: ${JSON.stringify(line.slice(at, at + 40))}`)
  }
  const matched = (pattern: RegExp): string | null => {
    const sticky = new RegExp(pattern.source, 'y')
    sticky.lastIndex = at
    const text = sticky.exec(line)?.[0] ?? null
    at += text?.length ?? 0
    return text
  }
  const must = (pattern: RegExp): string => matched(pattern) ?? fail()

  const text = (): string => {
    let value = ''
    if (!SINGLE_QUOTES.has(line.charAt(at++))) fail()
    for (;;) {
      const unit = line.charAt(at++)
      if (unit === '' || unit === '\n' || unit === '\r') fail()
      if (SINGLE_QUOTES.has(unit) && !SINGLE_QUOTES.has(line.charAt(at++))) break
      value += SINGLE_QUOTES.has(unit) ? line.charAt(at - 1) : unit
    }
    at--
    return value
  }

  /** `'a' + [char]0x000a + 'b'`, the first a text. */
  const sum = (): string => {
    let value = text()
    while (matched(/ \+ /) !== null)
      value += matched(/\[char\]0x/) === null ? text() : String.fromCharCode(Number.parseInt(must(/[0-9a-f]{4}/), 16))
    return value
  }
  const stringOf = (): string => {
    if (matched(/\(/) === null) return text()
    const value = sum()
    must(/\)/)
    return value
  }
  const parenthesis = (): ReadValue => {
    if (matched(/ConvertTo-Json -Depth 20 -InputObject /) !== null) return { json: value() }
    if (matched(/\[System\.Net\.NetworkCredential\]::new\('', \(Read-Host -AsSecureString -Prompt /) !== null) {
      const prompt = stringOf()
      must(/\)\)\.Password/)
      return { prompt }
    }
    if (matched(/Read-Host -AsSecureString -Prompt /) !== null) return { prompt: stringOf() }
    if (matched(/\(\[datetime\]/) !== null) {
      const date = text()
      must(/\)\.ToUniversalTime\(\)/)
      return { date }
    }
    if (matched(/\[System\.IO\.File\]::ReadAllBytes\(\(Resolve-Path -LiteralPath /) === null) return sum()
    const file = stringOf()
    must(/\)\.ProviderPath\)/)
    return { file }
  }
  const value = (): ReadValue => {
    if (matched(/\$null/) !== null) return null
    if (matched(/\$true/) !== null) return true
    if (matched(/\$false/) !== null) return false
    const variable = matched(/\$(?:made|before|added|removed)\b(?:\.'[^'\u2018-\u201b]+')?/)
    if (variable !== null) return { variable }
    if (matched(/@\(/) !== null) {
      const list: ReadValue[] = []
      while (matched(/\)/) === null) {
        if (list.length > 0) must(/, /)
        list.push(value())
      }
      return { list }
    }
    if (matched(/@\{/) !== null) {
      const entries: [string, ReadValue][] = []
      while (matched(/\}/) === null) {
        if (entries.length > 0) must(/; /)
        const key = matched(/[A-Z][a-z]+/) ?? stringOf()
        must(/ = /)
        entries.push([key, value()])
      }
      return { table: Object.fromEntries(entries) }
    }
    if (matched(/\(/) !== null) {
      const inner = parenthesis()
      must(/\)/)
      return inner
    }
    const number = matched(/-?[0-9]+/)
    return number === null ? text() : Number(number)
  }

  const cmdlet = must(/[A-Za-z]+-[A-Za-z0-9]+/)
  const parameters: [string, ReadValue][] = []
  while (at < line.length) {
    must(/ -/)
    const name = must(/[A-Za-z][A-Za-z0-9]*/)
    must(/[ :]/)
    parameters.push([name, value()])
  }
  return { cmdlet, parameters: Object.fromEntries(parameters) }
}
