import type { Figure } from './figures.ts'
import { SUBJECTS, TASKS, type SubjectName, type Task } from './options.ts'
import type { Report } from './run.ts'
import { TASK_TITLES, TITLES } from './table.ts'

const WIDTH = 760
const LEFT = 120
const BAR = 14
const LINE = 19
const COLOURS: Readonly<Record<SubjectName, string>> = {
  us: '#0b6e4f',
  fill: '#9aa5b1',
  fill64: '#9aa5b1',
  drain: '#9aa5b1',
  mbsync: '#c98a2b',
  imapsync: '#b5544a',
  imapflow: '#7a68a6',
}
const SHOWN: readonly Task[] = ['initial', 'idle', 'mixed']

/** The figures as an SVG of plain bars: one group for each task and distance, its longest bar across the whole width. */
export function chartOf(report: Report): string {
  const body: string[] = []
  let y = 54
  const [corpus] = report.figures.map((figure) => figure.corpus)
  for (const task of TASKS.filter((one) => SHOWN.includes(one))) {
    for (const roundTripMs of [...new Set(report.figures.map((figure) => figure.roundTripMs))].sort((a, b) => a - b)) {
      const here = SUBJECTS.flatMap((subject) =>
        report.figures.filter(
          (one) => one.corpus === corpus && one.task === task && one.roundTripMs === roundTripMs && one.subject === subject,
        ),
      )
      if (here.length === 0) continue
      body.push(label(10, y, `${TASK_TITLES[task]}, ${roundTripMs} ms round trip`, 'font-weight="600"'))
      y += 8
      const longest = Math.max(...here.map(secondsOf))
      for (const figure of here) {
        body.push(bar(figure, y, longest))
        y += LINE
      }
      y += 24
    }
  }
  const bytes = (report.bytes[corpus ?? 'mail'] ?? 0) / 1e6
  const title = `${report.messages} messages, ${bytes.toFixed(0)} MB: seconds, shorter is better`
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" font-family="system-ui, sans-serif" font-size="12">
<title>${escaped(title)}</title>
<rect width="100%" height="100%" fill="#ffffff"/>
${label(10, 20, title, 'font-size="14" font-weight="600"')}
${label(10, 36, `${report.date}, ${report.machine}`, 'fill="#5a6572"')}
${body.join('\n')}
</svg>
`
}

function bar(figure: Figure, y: number, longest: number): string {
  const seconds = secondsOf(figure)
  const width = Math.max(1, ((WIDTH - LEFT - 110) * seconds) / longest)
  const says = `${figure.seconds === null ? '> ' : ''}${seconds < 10 ? seconds.toFixed(2) : seconds.toFixed(0)} s`
  const fade = figure.seconds === null ? ' fill-opacity="0.45"' : ''
  return [
    label(LEFT - 8, y + 11, TITLES[figure.subject], 'text-anchor="end"'),
    `<rect x="${LEFT}" y="${y}" width="${width.toFixed(1)}" height="${BAR}" fill="${COLOURS[figure.subject]}"${fade}/>`,
    label(LEFT + width + 6, y + 11, says, ''),
  ].join('')
}

function secondsOf(figure: Figure): number {
  return figure.seconds ?? figure.moreThanSeconds ?? 0
}

function label(x: number, y: number, text: string, attributes: string): string {
  return `<text x="${x.toFixed(1)}" y="${y}" ${attributes}>${escaped(text)}</text>`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
