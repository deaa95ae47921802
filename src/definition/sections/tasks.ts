import { z } from 'zod'
import { distinct } from '../distinct.ts'
import { name, oneOrMore, text } from '../field.ts'
import { section } from '../section.ts'
import { dueOf } from '../values/local.ts'
import { idOf } from '../values/project.ts'
import { SIDES } from './people.ts'

/** The words of `src/project/phase-names.ts`; that they are the same is a test. */
export const TASK_PHASES = ['kickoff', 'assess', 'provision', 'prestage', 'verify', 'cutover', 'final', 'reconcile', 'closeout'] as const

export const tasks = section({
  title: 'The responsibilities',
  about:
    'What both sides have to do, as a checklist with owner, due date and sign-off. A standard list holds by itself (`cutover project tasks` ' +
    'shows it): an entry with the `id` of one of them changes what it names, any other is a task of its own.',
  schema: z.strictObject({
    without: oneOrMore(text(idOf))
      .optional()
      .meta({ description: 'Tasks of the standard list that do not apply.', examples: ['devices'] }),
    entries: z
      .array(
        z.strictObject({
          id: text(idOf).meta({ description: 'What it is called on the command line.', examples: ['dns-access'] }),
          says: name(300).optional().meta({ description: 'What is to be done. Needed for a task of its own.' }),
          side: z.enum(SIDES).optional().meta({ description: 'Who has to do it. Needed for a task of its own.' }),
          owner: name(100).optional().meta({ description: 'Name of one of `people`.' }),
          due: text(dueOf)
            .optional()
            .meta({ description: 'A day, or days from kickoff or cutover.', examples: ['2026-12-01', 'cutover-7d'] }),
          phase: z.enum(TASK_PHASES).optional().meta({ description: 'The phase that is not over before it is signed off.' }),
          signs_off: z.boolean().optional().meta({ description: 'Whether somebody signs it off by name. Left out: somebody does.' }),
        }),
      )
      .superRefine(distinct('id', ({ id }) => id))
      .optional()
      .meta({ description: 'Tasks that are changed, or added.' }),
  }),
})
