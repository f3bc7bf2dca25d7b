// A client's command as far as a gateway must read it (RFC 9051 §9): tag, verb, the literal that a line ends with, and the name of a
// mailbox. Everything else is passed on as it came. Pure; each function reads its line once.

export type Literal = {
  readonly size: number
  /** The client waits for a continuation before it sends it; LITERAL+ (RFC 7888) does not. */
  readonly waits: boolean
}

export type CommandLine = {
  readonly tag: string
  /** In capitals; of `UID COPY` both words. Empty where there is none. */
  readonly verb: string
  /** What is behind the verb, without the line end. */
  readonly rest: string
}

/** RFC 7888: the literal that follows the line, if one does. RFC 3516: a binary one has a tilde in front. */
const LITERAL = /(?:^|[ (])~?\{(\d{1,20})(\+?)\}\r?\n$/

export function literalOf(line: string): Literal | undefined {
  const found = LITERAL.exec(line)
  return found ? { size: Number(found[1]), waits: found[2] === '' } : undefined
}

/**
 * Some servers would read a literal here and some would not, and its bytes as commands: neither is guessed. RFC 3501 §4.3: a quoted string
 * ends in its line, so one that does not is none, and what looks like a literal in it is none either.
 */
export const isUnclear = (line: string): boolean =>
  endsInQuotes(line) || (/\{\d+\+\}\r?\n$/.test(line) && literalOf(line) === undefined)

function endsInQuotes(line: string): boolean {
  let isOpen = false
  for (const [part] of line.matchAll(/\\[^]|"/g))
    if (part === '"') isOpen = !isOpen
    // Outside of quotes a backslash begins a flag (\Seen), and escapes nothing.
    else if (!isOpen && part === '\\"') isOpen = true
  return isOpen
}

/** RFC 9051: a tag is of ASTRING-CHARs without `+`. */
const COMMAND = /^([!#$&',\-./0-9:;<=>?@A-Z[\]^_`a-z|}~]+)(?: ([A-Za-z][A-Za-z0-9-]*))?(?: |$)/

/** Undefined where the line has no tag. */
export function commandLine(line: string): CommandLine | undefined {
  const text = line.replace(/\r?\n$/, '')
  const [whole = '', tag, word = ''] = COMMAND.exec(text) ?? []
  if (tag === undefined) return undefined
  const first = word.toUpperCase()
  if (first !== 'UID') return { tag, verb: first, rest: text.slice(whole.length) }
  const [both = '', second = ''] = /^([A-Za-z]+)(?: |$)/.exec(text.slice(whole.length)) ?? []
  const rest = text.slice(whole.length + both.length)
  return { tag, verb: second === '' ? first : `UID ${second.toUpperCase()}`, rest }
}

export type Named = { readonly value: string; readonly rest: string }

/** Which messages, and what stands behind: `*` and `1:*` are no atoms (RFC 9051 §9, sequence-set). */
export function messageSet(text: string): Named | undefined {
  const [whole = '', set] = /^([\d:,*$]+) /.exec(text) ?? []
  return set === undefined ? astring(text) : { value: set, rest: text.slice(whole.length) }
}

/** An atom or a quoted string at the beginning of a text, and what is behind it and its space; undefined for anything else. */
export function astring(text: string): Named | undefined {
  const [whole = '', quoted, atom] =
    /^(?:"((?:[^"\\\r\n\0]|\\[^\r\n\0])*)"|([^\0- (){%*"\\\x7f]+))(?: |$)/.exec(text) ?? []
  if (whole === '') return undefined
  return {
    value: quoted?.replaceAll(/\\(.)/g, '$1') ?? atom ?? '',
    rest: text.slice(whole.length),
  }
}

/** What stands behind the mailbox of APPEND, up to its literal; undefined where it is in another form (CATENATE). */
export type AppendArguments = { readonly flags: readonly string[]; readonly inUtf8: boolean }

const APPEND =
  /^(?:\(([^()"]*)\) )?(?:"[ 0-9]\d-[A-Za-z]{3}-\d{4} \d\d:\d\d:\d\d [+-]\d{4}" )?(UTF8 \()?~?\{\d{1,20}\+?\}$/i

export function appendArguments(text: string): AppendArguments | undefined {
  const found = APPEND.exec(text)
  if (!found) return undefined
  const flags = (found[1] ?? '').split(' ').filter(flag => flag !== '')
  return { flags, inUtf8: found[2] !== undefined }
}
