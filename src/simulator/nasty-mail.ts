/** Where a case lives in a file of cases: only what differs from a plain message. */
export type NastyCase = {
  readonly name: string
  readonly flags?: readonly string[]
  readonly internalDate?: Date
  bytes(): Buffer
}

/** A plain message with other header lines and another body. Lines end as given. */
export function mail(name: string, lines: readonly string[], body: string | Buffer): Buffer {
  const header = [
    `From: Anna <anna@partner.example.org>`,
    `To: ben@old.example.test`,
    `Subject: ${name}`,
    'Date: Tue, 4 May 2021 10:30:00 +0200',
    `Message-ID: <nasty.${name}@mail.example.test>`,
    'MIME-Version: 1.0',
  ]
  for (const line of lines) {
    const key = line.slice(0, line.indexOf(':') + 1).toLowerCase()
    const at = header.findIndex((own) => own.toLowerCase().startsWith(key))
    // `Name:` alone takes the line away.
    if (at >= 0) header.splice(at, 1)
    if (key.length < line.length) header.push(line)
  }
  return Buffer.concat([
    Buffer.from(`${header.join('\r\n')}\r\n\r\n`, 'latin1'),
    Buffer.isBuffer(body) ? body : Buffer.from(body, 'latin1'),
  ])
}
