import { crashLaw } from './law.ts'

crashLaw('dovecot')
