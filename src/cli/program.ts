// The command line. One file per command beside this one; commands.ts names them. Only the command that is asked for is
// loaded; of the others their names and descriptions are known, for help and for suggestions.

import { Command, CommanderError, type Option } from 'commander'
import { ConfigError, wordsOf } from '../model/errors.ts'
import { FORMER_COMMANDS } from '../model/former-words.ts'
import { COMMANDS } from './commands.ts'
import { EXIT, exitCodeOf, isSentence, UsageError } from './failures.ts'
import { sayFailed, sayJson, sayThrown } from './in-json.ts'
import { endWhenUnread } from './unread.ts'
import { version } from '../app/version.ts'

/** The command line with these commands loaded; all of them unless told otherwise. */
export async function program(loaded = Object.keys(COMMANDS)): Promise<Command> {
  const cordon = new Command('cordon')
    .description(
      'Keeps virus-infected machines from sending spam, without hindering other customers.',
    )
    .version(version())
    .showHelpAfterError('Say "cordon help" or "cordon COMMAND --help" to see what is possible.')
  for (const [name, [about, load]] of Object.entries(COMMANDS)) {
    const command = loaded.includes(name) ? await load() : new Command(name)
    cordon.addCommand(command.description(about))
  }
  return cordon
}

/** The command in these arguments, or the one behind `help`. No option before a command takes a value. */
function askedFor(args: readonly string[]): string[] {
  const [first, second] = args.filter(word => !word.startsWith('-'))
  const name = first === 'help' ? second : first
  return name === undefined ? [] : [name]
}

/** Makes Commander throw instead of exiting with its own code, and find an option's missing value. */
function throwing(command: Command): Command {
  for (const one of command.commands) throwing(one)
  for (const option of command.options)
    if (option.mandatory && !option.description.startsWith('required: '))
      option.description = `required: ${option.description}`
  for (const option of command.options)
    command.on(`option:${option.name()}`, (given: unknown) => mustBeValue(command, option, given))
  return command.exitOverride()
}

/** Options whose value is a sentence. */
const REASONS: ReadonlySet<string> = new Set(['--despite', '--why'])

/**
 * `reload --despite --json`: the reason was forgotten, and the option behind it is none. Elsewhere than in a reason, a number may be below
 * zero, and - alone stand for standard input.
 */
function mustBeValue(command: Command, { required, flags, long }: Option, given: unknown): void {
  if (!required || typeof given !== 'string' || !given.startsWith('-')) return
  if (!REASONS.has(long ?? '') && /^-(?:$|\d)/.test(given)) return
  command.error(`error: option '${flags}' needs a value, and ${given} is another option.`)
}

/** Throws for `incident lst`: otherwise the default command of `incident` would complain about an argument `lst`. */
function mustBeKnown(cordon: Command, [name, word]: readonly string[]): void {
  const group = cordon.commands.find(one => one.name() === name)
  const today = FORMER_COMMANDS[`${name} ${word}`]
  if (group && today !== undefined)
    group.error(`error: 'cordon ${name} ${word}' is now 'cordon ${today}'. Write cordon ${today}.`)
  const list = group?.commands.find(one => one.name() === 'list')
  if (!group || word === undefined || word.startsWith('-')) return
  const names = group.commands.map(one => one.name())
  if (word === 'help' || names.includes(word) || names.length === 0) return
  if (list && list.registeredArguments.length > 0) return
  group.error(`error: there is no command '${name} ${word}'. There are: ${names.join(', ')}.`)
}

const isVersionInJson = (args: readonly string[]): boolean =>
  args.includes('--json') && ['--version', '-V'].some(one => args.includes(one))

/** Runs the command that the process was started with, to its end. */
export async function runProgram(): Promise<void> {
  try {
    const asked = askedFor(process.argv.slice(2))
    // `serve` must run on, and `lab` must be taken down, also when no program reads their output.
    if (!asked.some(name => name === 'serve' || name === 'lab')) endWhenUnread()
    if (asked.length === 0 && isVersionInJson(process.argv)) {
      sayJson({ version: version() })
      return
    }
    // It prints what all the others take.
    const cordon = await program(asked.includes('completion') ? undefined : asked)
    mustBeKnown(throwing(cordon), process.argv.slice(2))
    await cordon.parseAsync()
  } catch (error) {
    const json = process.argv.includes('--json')
    // Commander has printed the help, or what is wrong with the command line.
    if (error instanceof CommanderError) {
      if (json && error.exitCode !== 0) sayThrown(json, new UsageError(), error.message)
      process.exit(error.exitCode === 0 ? 0 : EXIT.usage)
    }
    // One mistake a line, with file and line number, as compilers print them.
    if (error instanceof ConfigError) sayFailed(json, error.message, EXIT.config)
    else if (json) sayThrown(json, error, wordsOf(error))
    else console.error(isSentence(error) ? `cordon: ${error.message}` : error)
    // Not left to the event loop: a handle that the code left open must not keep a failed start alive.
    process.exit(exitCodeOf(error))
  }
}
