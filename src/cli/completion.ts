// `cordon completion SHELL`: a script that completes commands, their subcommands and options. It is printed whole, so that a key press loads nothing.

import { Argument, Command } from 'commander'

const SHELLS = ['bash', 'zsh', 'fish'] as const
type Shell = (typeof SHELLS)[number]

/** What may stand behind these words of a command line; `path` is empty for the program itself. */
export type Choices = {
  readonly path: readonly string[]
  readonly words: readonly { readonly word: string; readonly about: string }[]
}

export function completionCommand(): Command {
  return new Command('completion')
    .addArgument(new Argument('<shell>', 'the shell it is for').choices(SHELLS))
    .action((shell: Shell, _options: unknown, { parent }: Command) => {
      if (parent) process.stdout.write(SCRIPTS[shell](choicesOf(parent)))
    })
}

/** Of this command and all under it. */
export function choicesOf(command: Command, path: readonly string[] = []): Choices[] {
  const help = command.createHelp()
  const commands = help
    .visibleCommands(command)
    .filter(one => one.name() !== 'help')
    .map(one => ({ word: one.name(), about: firstPart(one.description()) }))
  const options = help
    .visibleOptions(command)
    .flatMap(({ long, description }) =>
      long ? [{ word: long, about: firstPart(description) }] : [],
    )
  const below = command.commands.flatMap(one => choicesOf(one, [...path, one.name()]))
  return [{ path, words: [...commands, ...options] }, ...below]
}

const firstPart = (text: string): string => text.split(/[;:(]/)[0]?.trim() ?? ''

/** Words of ours hold letters, digits and hyphens only; descriptions stand in single quotes. */
const quoted = (text: string): string => `'${text.replaceAll("'", '’')}'`
const keyOf = (path: readonly string[]): string => path.join(' ')

/** The words so far without options: of them the longest that names a command decides. */
function bash(all: readonly Choices[]): string {
  const cases = all.map(
    ({ path, words }) =>
      `    ${quoted(keyOf(path))}) words=${quoted(words.map(one => one.word).join(' '))} ;;`,
  )
  return `# Completion of cordon for bash: cordon completion bash > /etc/bash_completion.d/cordon
_cordon_words() {
  case "$1" in
${cases.join('\n')}
    *) return 1 ;;
  esac
}
_cordon() {
  local words='' path='' longer word current="\${COMP_WORDS[COMP_CWORD]}"
  _cordon_words ''
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    longer="\${path:+$path }$word"
    _cordon_words "$longer" && path="$longer"
  done
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  [ \${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- "$current"))
}
complete -F _cordon cordon
`
}

function zsh(all: readonly Choices[]): string {
  const cases = all.map(({ path, words }) => {
    const described = words.map(({ word, about }) =>
      quoted(`${word}:${about.replaceAll(':', ' ')}`),
    )
    return `    ${quoted(keyOf(path))}) choices=(${described.join(' ')}) ;;`
  })
  return `#compdef cordon
# Completion of cordon for zsh: cordon completion zsh > /usr/local/share/zsh/site-functions/_cordon
_cordon_words() {
  case "$1" in
${cases.join('\n')}
    *) return 1 ;;
  esac
}
_cordon() {
  local -a choices
  local path_of='' longer word
  _cordon_words ''
  for word in "\${(@)words[2,CURRENT-1]}"; do
    longer="\${path_of:+$path_of }$word"
    _cordon_words "$longer" && path_of="$longer"
  done
  _describe 'cordon' choices || _files
}
compdef _cordon cordon
`
}

function fish(all: readonly Choices[]): string {
  const lines = all.flatMap(({ path, words }) => words.map(one => fishLine(path, one)))
  return `# Completion of cordon for fish: cordon completion fish > /etc/fish/completions/cordon.fish
function __cordon_at
    set -l given (commandline -opc)[2..]
    set -l words
    for word in $given
        string match -q -- '-*' $word; or set -a words $word
    end
    test "$words[1..$argv[1]]" = "$argv[2..]"
end
${lines.join('\n')}
`
}

function fishLine(path: readonly string[], { word, about }: Choices['words'][number]): string {
  const at = path.length === 0 ? '' : ` -n ${quoted(`__cordon_at ${path.length} ${keyOf(path)}`)}`
  const first = path.length === 0 ? ' -n __fish_use_subcommand' : at
  const what = word.startsWith('--') ? `-l ${word.slice(2)}` : `-f -a ${word}`
  return `complete -c cordon${first} ${what} -d ${quoted(about)}`
}

const SCRIPTS: Readonly<Record<Shell, (all: readonly Choices[]) => string>> = { bash, zsh, fish }
