import { Failure } from '../model/failure.ts'
import { events } from '../project/store-records.ts'
import type { StoredProject } from '../project/store.ts'
import { REPORT_FORMATS } from './report-names.ts'
import type { Scene } from './project-scene.ts'
import type { World } from './world.ts'

/** Whether a project was closed and its closeout report was not made since. A run that was killed in between leaves it to the next. */
export function lacksReports(project: StoredProject): boolean {
  const closed = events(project, 'project-closed').at(-1)
  return closed !== undefined && !events(project, 'report-made').some(({ id, data }) => id > closed.id && isCloseout(data))
}

/** All reports of a closed project, in every form, into its folder; says where. A report that cannot be made spoils nothing else. */
export async function closingReports(
  world: World,
  { store, open, env, signal, onDoing }: Pick<Scene, 'store' | 'open' | 'env' | 'signal' | 'onDoing'>,
): Promise<{ readonly says: string; readonly ok: boolean }> {
  // Heavy, and wanted once: PDF and its letters.
  const { makeReports } = await import('./reports.ts')
  try {
    const { reports, folder } = await makeReports(world, {
      store,
      name: open.project.name,
      env,
      reports: [],
      formats: REPORT_FORMATS,
      to: null,
      language: null,
      manifestFile: null,
      spent: null,
      signal,
      onReport: (report) => onDoing(`Making the report: ${report}`),
    })
    return { says: `${reports.length} reports were made, the closeout report among them: ${folder}`, ok: true }
  } catch (error) {
    if (signal.aborted || !(error instanceof Failure)) throw error
    return { says: `The reports could not be made: ${error.message} \`cutover report\` tries it again`, ok: false }
  }
}

function isCloseout(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'report' in data && data.report === 'closeout'
}
