import { propsOf, rowsOf, textOf, type Json, type Props } from './props.ts'

/** A plain message from Graph's JSON form: addresses, subject, a text body, and the custom header fields it may carry. */
export function writeMime(message: Props, id: string, date: Date): Buffer {
  const people = (value: Json | undefined): string =>
    rowsOf(value)
      .map((one) => propsOf(one['emailAddress']))
      .map(({ name, address }) => (textOf(name) === '' ? textOf(address) : `${encoded(textOf(name))} <${textOf(address)}>`))
      .join(', ')
  const from = propsOf(propsOf(message['from'])['emailAddress'])
  const body = propsOf(message['body'])
  const lines = [
    `From: ${people([{ emailAddress: from }])}`,
    `To: ${people(message['toRecipients'])}`,
    ...(rowsOf(message['ccRecipients']).length === 0 ? [] : [`Cc: ${people(message['ccRecipients'])}`]),
    `Subject: ${encoded(textOf(message['subject']))}`,
    `Message-ID: <${id}>`,
    `Date: ${date.toUTCString().replace('GMT', '+0000')}`,
    'MIME-Version: 1.0',
    ...rowsOf(message['internetMessageHeaders']).map(({ name, value }) => `${textOf(name)}: ${textOf(value)}`),
    `Content-Type: text/${textOf(body['contentType']).toLowerCase() === 'html' ? 'html' : 'plain'}; charset=utf-8`,
    'Content-Transfer-Encoding: base64',
    '',
    Buffer.from(textOf(body['content'])).toString('base64').replace(/.{76}/g, '$&\r\n'),
    '',
  ]
  return Buffer.from(lines.join('\r\n'))
}

function encoded(text: string): string {
  return /^[ -~]*$/.test(text) ? text : `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`
}
