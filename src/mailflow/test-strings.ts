import type { Attachment } from './compose.ts'

/**
 * What filters of spam and malware know as harmless tests. Put together when they are sent, so that no scanner ever takes this file, or
 * anything on disk, for what it only names.
 */
export function spamTestLine(): string {
  return ['XJS', 'C4JDBQADN1.NSBN3', '2IDNEN', ['GTUBE', 'STANDARD', 'ANTI', 'UBE', 'TEST', 'EMAIL'].join('-'), 'C.34X'].join('*')
}

/** The test file of the anti-virus makers, in memory alone. */
export function malwareTestFile(): Attachment {
  const parts = ['X5O!P%@AP[4', '\\', 'PZX54(P^)7CC)7}', '$', ['EICAR', 'STANDARD', 'ANTIVIRUS', 'TEST', 'FILE!'].join('-'), '$', 'H+H*']
  return { name: 'eicar.txt', type: 'text/plain', content: Buffer.from(parts.join('')) }
}

/** A kind of file that the list of common attachments keeps out, with nothing in it that does anything. */
export function blockedKindOfFile(): Attachment {
  return { name: 'harmless.vbs', type: 'application/octet-stream', content: Buffer.from("' A comment, and nothing else.\r\n") }
}
