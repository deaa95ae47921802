import type { SimulatedProject } from './world.ts'

const DAY = 86_400_000

/** What a definition says of the project of a simulated company that begins on that day: the cutover is on its fifth. */
export function projectSection({ people }: SimulatedProject, beganAt: number): string {
  const day = (days: number): string => new Date(beganAt + days * DAY).toISOString().slice(0, 10)
  return `project:
  name: rehearsal
  customer: Example Ltd
  time_zone: Europe/Berlin
  kickoff: ${day(0)}
  cutover: ${day(4)}T18:00
people:
  - { name: Anna, address: ${people[0]?.address ?? ''}, side: customer, role: decides }
transfer:
  deltas_every_hours: 12
`
}
