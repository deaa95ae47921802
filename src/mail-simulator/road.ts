import { createTransport } from 'nodemailer'
import type { ZoneServer } from './zone-server.ts'

export type Leaving = { readonly sender: string; readonly recipient: string; readonly bytes: Buffer }

/** The ways between the hosts of the simulator: names from its zones, all hosts on this machine, each at a port of its own. */
export class Road {
  readonly zone: ZoneServer
  readonly #ports = new Map<string, number>()
  readonly #running = new Set<Promise<void>>()
  #ended = false

  constructor(zone: ZoneServer) {
    this.zone = zone
  }

  open(host: string, port: number): void {
    this.#ports.set(host.toLowerCase(), port)
  }

  close(host: string): void {
    this.#ports.delete(host.toLowerCase())
  }

  /** Where each host listens. */
  get ports(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#ports)
  }

  /** The best MX of a domain, or the domain itself (RFC 5321 §5.1). */
  mailHost(domain: string): string {
    const best = this.zone
      .values(domain, 'MX')
      .map((value) => value.split(/\s+/))
      .toSorted((a, b) => Number(a[0]) - Number(b[0]))[0]
    return (best?.[1] ?? domain).replace(/\.$/, '').toLowerCase()
  }

  /** The address on the Internet of who calls itself so: what the zones say of the name, and a stranger's for one that they do not know. */
  addressOf(helo: string): string {
    return this.zone.values(`_ip.${helo}`, 'TXT')[0] ?? STRANGER
  }

  /**
   * Hands a message to another host by `through`, or by MX where that is null, and tells who sent it of a refusal. "Later" is tried again
   * at once: the hours of a queue are nothing here.
   */
  carry(mail: Leaving, own: string, through: string | null, refused: (why: string) => void): void {
    const run = async (): Promise<void> => {
      const host = through ?? this.mailHost(mail.recipient.slice(mail.recipient.lastIndexOf('@') + 1))
      const port = this.#ports.get(host.toLowerCase())
      const why = port === undefined ? `450 4.4.1 No answer from ${host}` : await handIn(mail, own, port)
      if (why !== null && !this.#ended) refused(why)
    }
    this.awaits(run())
  }

  /** Something that mail depends on: `settled` waits for it too. */
  awaits(work: Promise<unknown>): void {
    const running = work.then(
      () => void this.#running.delete(running),
      () => void this.#running.delete(running),
    )
    this.#running.add(running)
  }

  /** Resolves when no message is on its way, those included that one of them led to. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running)
  }

  async end(): Promise<void> {
    this.#ended = true
    await this.settled()
  }
}

/** Who is not known here: where probes come from. */
const STRANGER = '198.51.100.77'
const TRIES = 3

/** null: taken. Else the words of the refusal. */
async function handIn({ sender, recipient, bytes }: Leaving, own: string, port: number): Promise<string | null> {
  const transport = createTransport({ host: '127.0.0.1', port, name: own, tls: { rejectUnauthorized: false }, secure: false })
  let why = ''
  try {
    for (let tries = 0; tries < TRIES; tries++) {
      try {
        await transport.sendMail({ envelope: { from: sender, to: [recipient] }, raw: bytes })
        return null
      } catch (error) {
        const { response, responseCode } = error as { readonly response?: string; readonly responseCode?: number }
        why = response ?? (error instanceof Error ? error.message : 'no answer')
        if (responseCode === undefined || responseCode >= 500) return why
      }
    }
    return why
  } finally {
    transport.close()
  }
}

/** The line that each host writes on top of what it takes over (RFC 5321 §4.4). */
export function received(from: { readonly helo: string; readonly ip: string; readonly encrypted: boolean }, by: string, at: Date): string {
  const date = at.toUTCString().replace('GMT', '+0000')
  return `Received: from ${from.helo} (${from.helo} [${from.ip}])\r\n\tby ${by} with ${from.encrypted ? 'ESMTPS' : 'ESMTP'}; ${date}\r\n`
}
