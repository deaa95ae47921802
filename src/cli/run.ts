import { Command, CommanderError } from 'commander'
import { Failure } from '../model/failure.ts'
import { addAssess } from './assess.ts'
import { addCopy } from './copy.ts'
import { addCopyBack } from './copy-back.ts'
import { addDns } from './dns.ts'
import { addDiscover } from './discover.ts'
import { addErrors } from './errors.ts'
import { addExplain } from './explain.ts'
import { addIssues } from './issues.ts'
import { addTransfer } from './transfer.ts'
import { addFolders } from './folders.ts'
import { addLimit } from './limit.ts'
import { addLogins } from './logins.ts'
import { addProbe } from './probe.ts'
import { addMailflow } from './mailflow.ts'
import { addMessages } from './messages.ts'
import { addProject } from './project.ts'
import { addAcceptance } from './acceptance.ts'
import { addManifest } from './manifest.ts'
import { printableJson, printable, wrapped } from './printable.ts'
import { addRunProject } from './run-project.ts'
import { addRehearse } from './rehearse.ts'
import { addReport } from './report.ts'
import { typedCommand } from './typed-command.ts'
import { columnsOf, screen } from './screen.ts'
import { addSimulate } from './simulate.ts'
import { addStatus } from './status.ts'
import { addSwitch } from './switch.ts'
import { addNext } from './next.ts'
import { addNative } from './native.ts'
import { addTenant } from './tenant.ts'
import { reportThrown, stoppedLines } from './trouble.ts'
import { addVerify } from './verify.ts'
import type { CliWorld, CommonFlags, Shell } from './world.ts'
import { EXIT } from './world.ts'

/** Starts the body of a command and keeps its exit code. */
export type Runner = (flags: CommonFlags, body: (shell: Shell) => Promise<number>) => Promise<void>

/**
 * One command of `cutover`, from its arguments to its exit code: 0 done, 1 failed, 2 wrong usage, 3 needs a person.
 * 130 after a second Ctrl-C: work is still running then, and the caller must leave at once. Never throws.
 */
export async function runCli(argv: readonly string[], world: CliWorld): Promise<number> {
  let code: number = EXIT.done
  const wantsJson = argv.includes('--json')
  const runner: Runner = async (flags, body) => {
    code = await runBody(argv, flags, world, body)
  }
  let complaint = ''
  const program = new Command('cutover')
    .description('Moves mail from any IMAP server to Exchange Online, proves every message, and can always go back.')
    .version(world.version, '-V, --version', 'print the version')
    .helpCommand('help [command]', 'show the help of a command')
    // With their arguments, too little room would be left for what the commands do.
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void world.stdout.write(text),
      writeErr: (text) => void (complaint += text),
      getOutHelpWidth: () => columnsOf(world.stdout),
      getErrHelpWidth: () => columnsOf(world.stderr),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .addHelpText('after', HELP)
  for (const add of [
    addCopy,
    addCopyBack,
    addVerify,
    addFolders,
    addAssess,
    addDiscover,
    addLogins,
    addProbe,
    addStatus,
    addErrors,
    addTransfer,
    addIssues,
    addExplain,
    addLimit,
    addManifest,
    addMessages,
    addTenant,
    addDns,
    addNative,
    addMailflow,
    addSwitch,
    addProject,
    addNext,
    addRunProject,
    addAcceptance,
    addReport,
    addSimulate,
    addRehearse,
  ])
    add(program, runner)

  try {
    await program.parseAsync(argv, { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return EXIT.done
      const named = (among: readonly Command[]): Command | undefined =>
        argv.flatMap((typed) => among.find((each) => each.name() === typed) ?? []).at(0)
      const command = named(program.commands)
      const word = named(command?.commands ?? [])
      const typed = [command, word].flatMap((each) => (each === undefined ? [] : [each.name()])).join(' ')
      return wrongUsage(world, wantsJson, complaint === '' ? error.message : complaint, typed)
    }
    return reportThrown(newShell(argv, { json: wantsJson, debug: argv.includes('--debug') }, world, new AbortController().signal), error)
  }
}

const HELP = `
Examples:
  cutover rehearse
      a whole migration on made-up mail; touches nothing outside this machine
  cutover copy --source imaps://mail.example.org --destination exchange: \\
      --mailboxes people.csv
      copies the mail; \`folders\` shows first what will be called what,
      \`verify\` proves it afterwards, each with the same addresses

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 needs a person.`

async function runBody(
  argv: readonly string[],
  flags: CommonFlags,
  world: CliWorld,
  body: (shell: Shell) => Promise<number>,
): Promise<number> {
  const stop = new AbortController()
  const shell = newShell(argv, flags, world, stop.signal)
  const leave = Promise.withResolvers<number>()
  const unsubscribe = world.onSignal(() => {
    if (stop.signal.aborted) {
      leave.resolve(EXIT.leftAtOnce)
      return
    }
    shell.screen.say('Stopping: what is in flight is finished first. Press Ctrl-C again to leave at once.')
    stop.abort(new Failure('stopped', 'Stopped on request.'))
  })
  try {
    const code = await Promise.race([guarded(shell, body), leave.promise])
    if (code === EXIT.leftAtOnce) for (const line of stoppedLines(shell)) shell.screen.say(line)
    return code
  } finally {
    unsubscribe()
  }
}

async function guarded(shell: Shell, body: (shell: Shell) => Promise<number>): Promise<number> {
  try {
    return await body(shell)
  } catch (error) {
    return reportThrown(shell, error)
  }
}

function newShell(argv: readonly string[], flags: CommonFlags, world: CliWorld, signal: AbortSignal): Shell {
  return {
    world,
    flags,
    typed: typedCommand(world.program, argv),
    columns: columnsOf(world.stdout),
    signal,
    screen: screen(world.stderr),
    print(line = '') {
      if (flags.json !== true) world.stdout.write(`${line}\n`)
    },
    json(value) {
      if (flags.json === true) world.stdout.write(`${printableJson(value)}\n`)
    },
  }
}

function wrongUsage(world: CliWorld, json: boolean, complaint: string, command: string): number {
  const message = complaint
    .trim()
    .replace(/^error: /, '')
    // Never repeats the value: it may be a password in the wrong place.
    .replace(/ argument '.*' is invalid\./s, ':')
  const help = `Run \`${world.program} ${command === '' ? '' : `${command} `}--help\` to see what is possible.`
  if (json) world.stdout.write(`${printableJson({ error: { code: 'usage', message, help } })}\n`)
  else
    world.stderr.write(
      `${[...message.split('\n'), help].flatMap((line) => wrapped(printable(line), columnsOf(world.stderr))).join('\n')}\n`,
    )
  return EXIT.usage
}
