/** What a system may have to be told before it lists its mailboxes: an option of the command line each. */
export { SETTINGS as DISCOVER_SETTINGS } from '../discover/settings.ts'
