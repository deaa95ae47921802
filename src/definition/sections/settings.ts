import { z } from 'zod'
import type { Settings } from '../../model/wanted-tenant.ts'
import type { CheckedSettings } from '../parameters/check.ts'

const value = z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.union([z.string(), z.number()]))])

/** Parameters of a cmdlet by their names there. Which ones, and of what type, is looked at with all the others of an entry. */
export const settings = z.record(z.string(), value)

/** The settings by their right names; what is wrong with them is told where they stand. */
export function told(
  ctx: { addIssue(issue: { code: 'custom'; message: string; path: string[]; params: Record<string, unknown> }): void },
  field: string,
  { settings, problems }: CheckedSettings,
): Settings {
  for (const { name, key, says } of problems)
    ctx.addIssue({ code: 'custom', message: says, path: name === '' ? [field] : [field, name], params: { whole: true, key } })
  return settings
}
