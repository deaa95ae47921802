import { z } from 'zod'

const value = z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())])

/** Parameters of a cmdlet by their names there. Which ones, and of what type, is looked at with all the others of an entry. */
export const settings = z.record(z.string(), value)
