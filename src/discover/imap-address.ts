import { imapEndpoint, type ImapEndpoint } from '../imap/endpoint.ts'
import { Failure } from '../model/failure.ts'

/** An IMAP server by its URL: imaps://host[:port], imap://host[:port] (STARTTLS), imap://host:port?tls=none. */
export function imapEndpointAt(url: string, ca: string | null): ImapEndpoint {
  const parts = /^(imaps?):\/\/(\[[0-9a-f:]+\]|[^:/?#@\s]+)(?::(\d{1,5}))?\/?(\?tls=none)?$/i.exec(url)
  if (parts === null) throw new Failure('bad-input', `"${url}" is not an address like imaps://mail.example.org.`)
  const [, scheme = '', host = '', port, plain] = parts
  const implicit = scheme.toLowerCase() === 'imaps'
  return imapEndpoint({
    host: host.replace(/^\[|\]$/g, ''),
    port: port === undefined ? (implicit ? 993 : 143) : Number(port),
    tls: implicit ? 'implicit' : plain === undefined ? 'starttls' : 'none',
    ca,
  })
}
