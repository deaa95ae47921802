import { SaxesParser } from 'saxes'
import { Failure } from '../model/failure.ts'

/** One element: its own text, what its tag says, and what is in it. */
export type Element = {
  readonly name: string
  readonly text: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly Element[]
}

type Open = { readonly name: string; text: string; readonly attributes: Readonly<Record<string, string>>; readonly children: Element[] }

/** The root element. Resolves nothing from outside. Throws `answer-unreadable`. */
export function xmlIn(text: string, title: string): Element {
  const root: Open = { name: '', text: '', attributes: {}, children: [] }
  const path: Open[] = [root]
  const parser = new SaxesParser()
  parser.on('opentag', ({ name, attributes }) => {
    const element: Open = { name, text: '', attributes, children: [] }
    path.at(-1)?.children.push(element)
    path.push(element)
  })
  parser.on('text', (part) => {
    const at = path.at(-1)
    if (at !== undefined) at.text += part
  })
  parser.on('closetag', () => void path.pop())
  try {
    parser.write(text).close()
  } catch (cause) {
    throw new Failure('answer-unreadable', `${title} answered something that is no XML.`, { cause, notDone: true })
  }
  const [first] = root.children
  if (first === undefined) throw new Failure('answer-unreadable', `${title} answered nothing that can be read.`, { notDone: true })
  return first
}

/** All elements at the end of a path of names. */
export function at(element: Element, ...names: readonly string[]): readonly Element[] {
  return names.reduce<readonly Element[]>(
    (found, name) => found.flatMap(({ children }) => children.filter((one) => one.name === name)),
    [element],
  )
}

/** The text of the first element at the end of a path; '' where there is none. */
export function textAt(element: Element, ...names: readonly string[]): string {
  return at(element, ...names)[0]?.text ?? ''
}

export function escapedXml(text: string): string {
  const names: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
  return text.replaceAll(/[&<>"]/g, (char) => names[char] ?? char)
}
