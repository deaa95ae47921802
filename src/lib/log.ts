/** Where the product says what it does. Never a message's content, never a secret. */
export type Log = {
  debug(what: string, fields?: Readonly<Record<string, unknown>>): void
  info(what: string, fields?: Readonly<Record<string, unknown>>): void
  warn(what: string, fields?: Readonly<Record<string, unknown>>): void
}

export const silentLog: Log = { debug: () => {}, info: () => {}, warn: () => {} }
