import type { BrowserService } from '../oauth/browser-sign-in.ts'
import { GMAIL_SCOPE } from './delegated-token.ts'

/** Signing in to Gmail as a person. Device codes are not given out for mail there, so it takes a browser on this machine. */
export const GOOGLE_PERSON: BrowserService = {
  name: 'google',
  server: {
    issuer: 'https://accounts.google.com',
    authorization_endpoint: 'https://accounts.google.com/o/oauth2/v2/auth',
    token_endpoint: 'https://oauth2.googleapis.com/token',
  },
  scope: GMAIL_SCOPE,
  // without them Google gives a refresh token the first time only
  parameters: { access_type: 'offline', prompt: 'consent' },
}
