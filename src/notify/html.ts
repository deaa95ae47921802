import { Failure } from '../model/failure.ts'

export type MakeHtml = (mjml: string, name: string) => Promise<string>

/** Pure, and some ten texts in five languages at most. */
const made = new Map<string, Promise<string>>()

/** Makes HTML of MJML, each text once. The package is loaded with the first one. */
export function htmlMaker(): MakeHtml {
  return (mjml, name) => {
    const known = made.get(mjml)
    if (known !== undefined) return known
    const html = htmlOf(mjml, name)
    made.set(mjml, html)
    // What was wrong may be another file under the same text next time.
    html.catch(() => made.delete(mjml))
    return html
  }
}

async function htmlOf(mjml: string, name: string): Promise<string> {
  const { default: mjml2html } = await import('mjml')
  let made: Awaited<ReturnType<typeof mjml2html>>
  try {
    // No fonts from elsewhere: opening a message must tell nobody. No includes: a template reads no file.
    made = await mjml2html(mjml, { validationLevel: 'soft', ignoreIncludes: true, fonts: {}, keepComments: false })
  } catch (cause) {
    throw new Failure(
      'bad-input',
      `The template ${name} is not MJML: ${cause instanceof Error ? firstLine(cause.message) : 'it cannot be read'}`,
      {
        cause,
      },
    )
  }
  const wrong = made.errors.map(({ line, message }) => `template ${name} line ${line}: ${firstLine(message)}`)
  if (wrong.length > 0) throw new Failure('bad-input', ['A template has mistakes:', ...wrong].join('\n'))
  return made.html
}

function firstLine(text: string): string {
  return text.split('\n')[0]?.slice(0, 300) ?? ''
}
