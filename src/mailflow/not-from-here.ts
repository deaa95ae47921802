import { Failure } from '../model/failure.ts'
import { isAboutUs, type SmtpReply } from './smtp-reply.ts'

/**
 * Why a probe says nothing about the host it went to: port 25 is closed from here, or the host does not talk to this machine. null where
 * what was met is the host's own doing. Never throws anything but what is no `Failure`, and a stop.
 */
export function notFromHere(error: unknown): string | null {
  if (!(error instanceof Failure) || error.code === 'stopped') throw error
  if (error.code === 'connection-timeout' || error.code === 'connection-refused')
    return `${error.message} Port 25 is closed from many offices and clouds.`
  if (error.code === 'smtp-refused' && error.serverText !== undefined) {
    const code = Number(error.serverText.slice(0, 3))
    const enhanced = /^\d{3} ([45]\.\d+\.\d+)/.exec(error.serverText)?.[1] ?? null
    return isAboutUs({ code, enhanced, text: error.serverText, lines: [] }) ? refusesUs(error.message) : null
  }
  return null
}

/** The same for a reply in the middle of a dialogue. */
export function refusesThisMachine(host: string, reply: SmtpReply, text: string): string | null {
  return isAboutUs(reply) ? refusesUs(`${host}: ${text}`) : null
}

function refusesUs(says: string): string {
  return `${says} This is about the address of this machine, and says nothing about the recipient.`
}
