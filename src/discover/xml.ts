import { SaxesParser } from 'saxes'
import type { Problem } from './found.ts'

export type XmlElement = { readonly name: string; readonly line: number; readonly text: string; readonly children: readonly XmlElement[] }

const DEEPEST = 100

/** The elements of a document as a tree; what was read until the first mistake, with the mistake and its line. Entities of its own are not resolved. */
export function xmlTree(text: string): { readonly root: XmlElement; readonly problems: readonly Problem[] } {
  type Open = { name: string; line: number; text: string; children: Open[] }
  const root: Open = { name: '', line: 1, text: '', children: [] }
  const open: Open[] = [root]
  const problems: Problem[] = []
  const parser = new SaxesParser({ position: true })
  parser.on('error', (error) => {
    if (problems.length === 0) problems.push({ line: parser.line, says: `this is not XML: ${error.message.replace(/^\d+:\d+: /, '')}` })
  })
  parser.on('opentag', ({ name }) => {
    const element: Open = { name, line: parser.line, text: '', children: [] }
    if (open.length < DEEPEST) open.at(-1)?.children.push(element)
    open.push(element)
  })
  parser.on('closetag', () => void open.pop())
  const onText = (piece: string): void => {
    const element = open.at(-1)
    if (element !== undefined) element.text += piece
  }
  parser.on('text', onText)
  parser.on('cdata', onText)
  parser.write(text.trimStart()).close()
  return { root, problems }
}

/** The texts of the children of this name, trimmed. */
export function textsOf(element: XmlElement, name: string): readonly string[] {
  return element.children.filter((child) => child.name === name).map(({ text }) => text.trim())
}
