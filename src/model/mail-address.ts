/** Whether this can be the address of a mailbox: local part, `@`, and a domain with a dot in it. */
export function isAddress(text: string): boolean {
  return /^[^\s@"<>(),;:\\[\]\p{Cc}]+@[\p{L}\p{N}]([\p{L}\p{N}.-]*[\p{L}\p{N}])?$/u.test(text) && /\./.test(text.split('@')[1] ?? '')
}
