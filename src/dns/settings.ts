import { Failure } from '../model/failure.ts'
import { Secret } from '../model/secret.ts'
import type { Settings } from './provider.ts'

/** A setting that must be there. Throws `bad-input`. */
export function required(settings: Settings, key: string, title: string): string {
  const given = optional(settings, key)
  if (given === '') throw new Failure('bad-input', `${title} needs "${key}".`)
  return given
}

/** '' where it is not there. */
export function optional(settings: Settings, key: string): string {
  const value = settings[key]
  return (value instanceof Secret ? value.reveal() : (value ?? '')).trim()
}

/** Where a service answers: its own address, or a stand-in on this machine (the setting `base`). Throws `bad-input` for any other place: the key would go there. */
export function serviceBase(settings: Settings, own: string): URL {
  const given = optional(settings, 'base')
  if (given === '' || given === own) return new URL(own)
  const url = URL.canParse(given) ? new URL(given) : null
  if (url === null || !isHere(url))
    throw new Failure('bad-input', 'A stand-in for a host of DNS may only be on this machine (http://127.0.0.1:PORT).')
  return url
}

/** The address of a server of one's own. Throws `bad-input` for what is none, and where a key would travel in plain text. */
export function ownServer(given: string, title: string, example: string): URL {
  const text = /^[a-z]+:\/\//i.test(given) ? given : `https://${given}`
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || url.hostname === '' || url.username !== '' || !/^https?:$/.test(url.protocol))
    throw new Failure('bad-input', `"${given}" is no address of ${title}: write it like ${example}.`)
  if (url.protocol === 'http:' && !isHere(url))
    throw new Failure(
      'bad-input',
      `The key of ${title} would travel in plain text to ${url.host}: use https, or a tunnel that ends on this machine.`,
    )
  return url
}

function isHere({ hostname }: URL): boolean {
  return ['127.0.0.1', '[::1]', 'localhost'].includes(hostname)
}
