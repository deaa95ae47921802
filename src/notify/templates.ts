import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure } from '../model/failure.ts'
import { LANGUAGES, type Language } from '../model/language.ts'
import { MOMENTS, type Moment } from '../model/moment.ts'
import { unknownFields, type FieldProblem } from './fields.ts'
import { readTextTemplate, type TextTemplate } from './template-text.ts'

/** The text of a moment, and its HTML where somebody wrote it; null: made from the text. */
export type Template = { readonly text: TextTemplate; readonly mjml: Mjml | null }
export type Mjml = { readonly file: string; readonly source: string }

/** What the definition says instead of the standard text, in the language of the project. */
export type Override = {
  readonly moment: Moment
  readonly subject: string | null
  readonly text: string | null
  readonly extra: string | null
  /** Where it stands: "cutover.yaml line 40". */
  readonly where: string
}

export type TemplateChoices = {
  /** A folder of own templates; null: none. */
  readonly folder: string | null
  readonly overrides: readonly Override[]
  readonly language: Language
}

export type Templates = (moment: Moment, language: Language) => Promise<Template>

const STANDARD = join(import.meta.dirname, 'texts')

/**
 * The standard texts, own files before them, and before both what the definition says. Own ones are read at once: everything that is
 * wrong with them comes in one `Failure('bad-input')`, each with its line.
 */
export async function openTemplates({ folder, overrides, language }: TemplateChoices): Promise<Templates> {
  const problems: string[] = []
  const own = folder === null ? new Map<string, string>() : await ownFiles(folder, problems)
  const texts = new Map<string, TextTemplate>()
  for (const [name, content] of own) {
    const found = name.endsWith('.txt') ? readTextTemplate(content) : { template: null, problems: unknownFields(content) }
    tell(`template ${name}`, found.problems, problems)
    if (found.template !== null) texts.set(name, found.template)
  }
  for (const { where, subject, text, extra } of overrides)
    for (const part of [subject, text, extra]) if (part !== null) tell(where, unknownFields(part), problems)
  if (problems.length > 0) throw new Failure('bad-input', [count(problems.length), ...problems].join('\n'))

  return async (moment, wanted) => {
    const file = `${moment}.${wanted}`
    const text = texts.get(`${file}.txt`) ?? (await standard(moment, wanted))
    const source = own.get(`${file}.mjml`)
    const override = wanted === language ? overrides.find((one) => one.moment === moment) : undefined
    return {
      text: override === undefined ? text : changed(text, override),
      mjml: source === undefined ? null : { file: `${file}.mjml`, source },
    }
  }
}

/** As it stands in the file, to begin an own one with. */
export async function standardText(moment: Moment, language: Language): Promise<string> {
  return readFile(join(STANDARD, language, `${moment}.txt`), 'utf8')
}

async function standard(moment: Moment, language: Language): Promise<TextTemplate> {
  const { template, problems } = readTextTemplate(await standardText(moment, language))
  if (problems.length > 0) throw new Error(`the standard text ${language}/${moment} is wrong: ${problems[0]?.says ?? ''}`)
  return template
}

/** The greeting and the last paragraph stay, so that a message has both whatever was written in between. */
function changed(standard: TextTemplate, { subject, text, extra }: Override): TextTemplate {
  const read = (part: string): TextTemplate['blocks'] => readTextTemplate(`Subject: -\n\n${part}`).template.blocks
  const body = text === null ? standard.blocks.slice(1, -1) : read(text)
  const beside = extra === null ? [] : read(extra)
  const ends = standard.blocks.slice(-1)
  return { subject: subject ?? standard.subject, blocks: [...standard.blocks.slice(0, 1), ...body, ...beside, ...ends] }
}

async function ownFiles(folder: string, problems: string[]): Promise<ReadonlyMap<string, string>> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new Failure('bad-input', `The folder of templates cannot be read: "${folder}". messages.folder names it.`, { cause })
  })
  const files = new Map<string, string>()
  for (const name of names.toSorted()) {
    const [, moment = '', language = '', kind] = /^([^.]+)\.([^.]+)\.(txt|mjml)$/i.exec(name) ?? []
    // Pictures, notes and what editors leave behind are nobody's template.
    if (kind === undefined || name.startsWith('.')) continue
    if (!MOMENTS.some((one) => one === moment))
      problems.push(`template ${name}: there is no moment "${moment}": there are ${MOMENTS.join(', ')}`)
    else if (!LANGUAGES.some((one) => one === language))
      problems.push(`template ${name}: there is no language "${language}": there are ${LANGUAGES.join(', ')}`)
    else files.set(name, await readFile(join(folder, name), 'utf8'))
  }
  return files
}

function tell(where: string, found: readonly FieldProblem[], problems: string[]): void {
  const inFile = where.startsWith('template ')
  for (const { line, says } of found) problems.push(inFile ? `${where} line ${line}: ${says}` : `${where}: ${says}`)
}

function count(problems: number): string {
  return problems === 1 ? 'A template has a mistake:' : `Templates have ${problems} mistakes:`
}
