import { randomInt } from 'node:crypto'
import { Secret } from '../model/secret.ts'

/** Without those that are taken for another one in print (0 O o, 1 l I, and the like) or that a shell, a CSV file or a form trips over. */
const CLASSES = ['abcdefghijkmnpqrstuvwxyz', 'ABCDEFGHJKLMNPQRSTUVWXYZ', '23456789', '!#%*+-?@_'] as const
const LENGTH = 20

/** A password that every directory takes: 20 characters of all four classes, over 110 bits, beginning and ending with a letter. */
export function strongSecret(): Secret {
  const letters = CLASSES[0] + CLASSES[1]
  for (;;) {
    const inner = Array.from({ length: LENGTH - 2 }, () => oneOf(CLASSES.join('')))
    const drawn = [oneOf(letters), ...inner, oneOf(letters)]
    // Drawn again rather than patched, so that each such password is as likely as any other.
    if (CLASSES.every((characters) => drawn.some((each) => characters.includes(each)))) return new Secret(drawn.join(''))
  }
}

function oneOf(characters: string): string {
  return characters.charAt(randomInt(characters.length))
}
