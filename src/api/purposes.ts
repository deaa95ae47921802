import { PURPOSES, type Purpose } from '../tenant/connect/app-permissions.ts'

/** What the application is let in for. In a file of its own, as every command line reads it. */
export { PURPOSES, type Purpose }
