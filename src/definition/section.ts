import type { z } from 'zod'

/** One part of cutover.yaml. Everything that the guide and editors say of it stands in the schema. */
export type Section<Schema extends z.ZodType> = {
  readonly title: string
  /** A paragraph for the guide, in Markdown. */
  readonly about: string
  readonly schema: Schema
  /** Fields whose value is never repeated in a message: it may be a secret, or a secret in the wrong place. */
  readonly concealed?: readonly string[]
}

export function section<Schema extends z.ZodType>(part: Section<Schema>): Section<Schema> {
  return part
}
