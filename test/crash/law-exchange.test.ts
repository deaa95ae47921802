import { crashLaw } from './law.ts'

crashLaw('exchange')
