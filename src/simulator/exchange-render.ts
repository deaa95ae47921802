import type { Message } from './mail-store.ts'

/** A message as Exchange hands it out. */
export function renderMessage(message: Message): Buffer {
  return message.content.bytes()
}
