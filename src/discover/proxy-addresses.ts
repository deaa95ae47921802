/** The SMTP addresses among Exchange's proxyAddresses: `SMTP:` is the first one, `smtp:` a further one; X.500, SIP and the like are left out. */
export function proxiesOf(values: readonly string[]): { readonly primary: string | null; readonly others: readonly string[] } {
  let primary: string | null = null
  const others: string[] = []
  for (const value of values) {
    const match = /^(?:(smtp):)?([^\s:]+@[^\s:]+)$/i.exec(value.trim())
    if (match === null) continue
    const address = match[2] ?? ''
    if (match[1] === 'SMTP' && primary === null) primary = address
    else others.push(address)
  }
  return { primary, others }
}
