/**
 * npm run chaos: the real command line, killed, cut off, throttled and starved, round after round, until it ends right or shows a fault.
 *
 *   npm run chaos                                        300 rounds, each kind of trouble in turn, seeds from the clock
 *   npm run chaos -- --rounds 20 --seed 7 --only kill    only kinds whose name begins so: kill, kill-dovecot, cut-exchange …
 *
 * Each round prints one line with what repeats it. Exit code 1 when a round went wrong.
 */
import { scriptOptions } from './script-options.ts'

import { startDovecots, type Dovecots, type EndsKind } from '../test/chaos/ends.ts'
import { playRound } from '../test/chaos/round.ts'
import { TROUBLES } from '../test/chaos/troubles.ts'
import { reasonAgainst } from '../test/servers/available.ts'
import { installServers } from './install-servers.ts'

type Kind = { readonly name: string; readonly trouble: string; readonly ends: EndsKind }

const print = (line: string) => process.stdout.write(`${line}\n`)

const KINDS: readonly Kind[] = Object.entries(TROUBLES).flatMap(([trouble, { ends }]) =>
  ends.map((end) => ({ name: `${trouble}-${end}`, trouble, ends: end })),
)

function wholeNumber(text: string, option: string): number {
  const number = Number(text)
  if (!Number.isSafeInteger(number) || number < 0) wrongUsage(`${option} needs a whole number, not "${text}".`)
  return number
}

function wrongUsage(says: string): never {
  process.stderr.write(`${says}\n`)
  return process.exit(2)
}

function kindsHere(only: string): readonly Kind[] {
  const wanted = KINDS.filter(({ name }) => name.startsWith(only))
  if (wanted.length === 0) wrongUsage(`No kind of trouble begins with "${only}". There are: ${KINDS.map(({ name }) => name).join(', ')}.`)
  const noDovecot = reasonAgainst('dovecot')
  return wanted.filter(({ name, trouble, ends }) => {
    const reason = (ends === 'dovecot' ? noDovecot : undefined) ?? TROUBLES[trouble]?.unable?.() ?? null
    if (reason !== null) print(`${name} is left out: ${reason}`)
    return reason === null
  })
}

async function main(): Promise<boolean> {
  const { values } = scriptOptions({
    options: {
      rounds: { type: 'string', default: '300' },
      seed: { type: 'string', default: String(Math.floor(Date.now() / 1000) % 1_000_000) },
      only: { type: 'string', default: '' },
      messages: { type: 'string', default: '120' },
    },
  })
  const rounds = wholeNumber(values.rounds, '--rounds')
  const first = wholeNumber(values.seed, '--seed')
  const messages = wholeNumber(values.messages, '--messages')
  await installServers()
  const kinds = kindsHere(values.only)
  const stop = new AbortController()
  process.once('SIGINT', () => {
    stop.abort()
    print('Stopping after this round.')
  })
  let wrong = 0
  let done = 0
  const dovecots: Dovecots | null = kinds.some(({ ends }) => ends === 'dovecot') ? await startDovecots(rounds) : null
  try {
    for (; done < rounds && !stop.signal.aborted; done++) {
      const kind = kinds[done % kinds.length]
      if (kind === undefined) break
      const seed = first + done
      const again = `npm run chaos -- --only ${kind.name} --seed ${seed} --rounds 1${values.messages === '120' ? '' : ` --messages ${messages}`}`
      const { problems, ended, seconds } = await playRound({ ...kind, seed, messages }, dovecots)
      print(`${problems.length === 0 ? '✔' : '✖'} ${kind.name} seed ${seed} (${ended.join(' ')}) ${seconds.toFixed(1)} s`)
      for (const problem of problems) print(`    ${problem}`)
      if (problems.length > 0) {
        wrong++
        print(`    Again: ${again}`)
      }
    }
  } finally {
    await dovecots?.[Symbol.asyncDispose]()
  }
  print(`${done} rounds, ${wrong} of them wrong.`)
  return wrong === 0
}

process.exitCode = (await main()) ? 0 : 1
