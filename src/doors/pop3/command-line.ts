// A client's command (RFC 1939 §3), and how the server behind answers it: in one line, or in lines up to a dot. A command of which that is
// not known is not passed on, because nothing behind it could be told from its answer. Pure.

export type CommandLine = {
  /** In capitals. */
  readonly verb: string
  /** As it was said, without the line end. */
  readonly rest: string
}

/** `capabilities`: in lines, and they are edited. */
export type AnsweredIn = 'line' | 'lines' | 'capabilities'

const ANSWERS: Readonly<Record<string, AnsweredIn | { readonly alone: AnsweredIn }>> = {
  STAT: 'line',
  LIST: { alone: 'lines' },
  UIDL: { alone: 'lines' },
  RETR: 'lines',
  TOP: 'lines',
  DELE: 'line',
  NOOP: 'line',
  RSET: 'line',
  LAST: 'line',
  QUIT: 'line',
  CAPA: 'capabilities',
}

/** Undefined for a line that two servers could read differently: with a control character, or without a word. */
export function commandLine(line: string): CommandLine | undefined {
  const text = line.replace(/\r?\n$/, '')
  const [, word, rest = ''] =
    /^([A-Za-z][A-Za-z0-9-]*)(?: ((?:[ -~]|[^\0-\x7f])*))?$/.exec(text) ?? []
  return word === undefined ? undefined : { verb: word.toUpperCase(), rest }
}

/** Undefined where the command is not to be passed on. */
export function answeredIn({ verb, rest }: CommandLine): AnsweredIn | undefined {
  const answer = Object.hasOwn(ANSWERS, verb) ? ANSWERS[verb] : undefined
  if (typeof answer !== 'object') return answer
  return rest.trim() === '' ? answer.alone : 'line'
}
