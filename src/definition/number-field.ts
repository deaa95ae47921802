import { z } from 'zod'

/** A whole number; what is too little or too much is told with both ends. */
export function whole(least: number, most: number, unit: string): z.ZodNumber {
  return z
    .number()
    .int()
    .superRefine((value, ctx) => {
      if (value < least || value > most) ctx.addIssue({ code: 'custom', message: `${least} to ${most} ${unit}` })
    })
}

/** An amount of money in the currency of the project, at most two places behind the point. */
export const money: z.ZodNumber = z.number().superRefine((value, ctx) => {
  if (value < 0) ctx.addIssue({ code: 'custom', message: 'an amount is not negative' })
  else if (value > 1e9 || Math.abs(value * 100 - Math.round(value * 100)) > 1e-6)
    ctx.addIssue({ code: 'custom', message: 'an amount of money, such as 90 or 12.50' })
})

/** An amount that may be taken off as well: a discount. */
export const signedMoney: z.ZodNumber = z.number().superRefine((value, ctx) => {
  if (Math.abs(value) > 1e9 || Math.abs(value * 100 - Math.round(value * 100)) > 1e-6)
    ctx.addIssue({ code: 'custom', message: 'an amount of money, such as 90 or -12.50' })
})
