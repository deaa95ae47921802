import { crashLaw } from './law.ts'

crashLaw('gmail')
