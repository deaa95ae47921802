import { z } from 'zod'
import type { Checked } from './values/checked.ts'
import { nameOf } from './values/name.ts'

/** A text that is read by one of `values/`. */
export function text<T>(check: (text: string) => Checked<T>): z.ZodPipe<z.ZodString, z.ZodTransform<T, string>> {
  return z.string().transform((given, ctx) => {
    const checked = check(given)
    if ('value' in checked) return checked.value
    ctx.issues.push({ code: 'custom', message: checked.says, input: given })
    return z.NEVER
  })
}

/** A name that people see. */
export function name(longest: number): ReturnType<typeof text<string>> {
  return text(nameOf(longest))
}

/** A list, in which a single entry may stand alone. */
export function oneOrMore<T extends z.ZodType>(item: T): z.ZodPreprocess<z.ZodArray<T>> {
  return z
    .preprocess((given) => (given === undefined || given === null || Array.isArray(given) ? given : [given]), z.array(item))
    .meta({
      oneOrMore: true,
    })
}

/** A text that may be a bare number in YAML. */
export function numberOrText<T>(check: (text: string) => Checked<T>): z.ZodPreprocess<ReturnType<typeof text<T>>> {
  return z.preprocess((given) => (typeof given === 'number' ? String(given) : given), text(check)).meta({ size: true })
}

/** A number of bytes, as a text with its unit or as a bare number. */
export function bytes(check: (text: string) => Checked<number>): ReturnType<typeof numberOrText<number>> {
  return numberOrText(check)
}
