import type { Session } from './session.ts'

/** Keeps the connection alive, and lets the server tell its news. */
export async function noop(session: Session): Promise<void> {
  await session.run({ verb: 'NOOP', parts: ['NOOP'] })
}
