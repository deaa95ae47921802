import type { z } from 'zod'

/** A check of a list for entries that are one and the same; letter case does not count. `of` gives what must differ, `field` where it stands. */
export function distinct<Entry>(field: string, of: (entry: Entry) => string): (entries: readonly Entry[], ctx: z.RefinementCtx) => void {
  return (entries, ctx) => {
    const seen = new Set<string>()
    for (const [at, entry] of entries.entries()) {
      const key = of(entry).toLowerCase()
      if (seen.has(key)) ctx.addIssue({ code: 'custom', message: 'another entry above has it already', path: [at, field] })
      seen.add(key)
    }
  }
}
