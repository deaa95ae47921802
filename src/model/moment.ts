/**
 * When people hear of the move, in order; `kickoff` goes to the customer, the others to users. `new-date` goes out where users were told
 * a date that no longer holds. The words of `messages.templates` in cutover.yaml.
 */
export const MOMENTS = [
  'kickoff',
  'announcement',
  'credentials',
  'expect',
  'reminder',
  'access-early',
  'live',
  'done',
  'follow-up',
  'new-date',
] as const
export type Moment = (typeof MOMENTS)[number]
