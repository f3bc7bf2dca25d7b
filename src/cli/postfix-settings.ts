// What `postconf -n` and `postconf -M` print, as settings and services. Only what Cordon wants to know is read; a line that is none is passed
// over, because Postfix itself has read the file before.

export type Service = {
  /** As in master.cf: `submission`, `127.0.0.1:10025`. */
  readonly name: string
  /** What stands behind the columns: `smtpd`, `pickup`. */
  readonly program: string
  readonly type: string
  /** `y`, `n`, or `-`. */
  readonly chroot: string
  /** Of `-o name=value`, the last of each name. */
  readonly overrides: ReadonlyMap<string, string>
}

/** `postconf -n`. */
export function settingsIn(text: string): ReadonlyMap<string, string> {
  const settings = new Map<string, string>()
  for (const line of text.split('\n')) {
    const equals = line.indexOf('=')
    if (equals > 0) settings.set(line.slice(0, equals).trim(), line.slice(equals + 1).trim())
  }
  return settings
}

/** `postconf -M`: a service a line. */
export const servicesIn = (text: string): readonly Service[] =>
  text.split('\n').flatMap(line => {
    const words = wordsIn(line)
    const [name, type, , , chroot = '-', , , program, ...args] = words
    return name === undefined || type === undefined || program === undefined
      ? []
      : [{ name, type, chroot, program, overrides: overridesIn(args) }]
  })

function overridesIn(args: readonly string[]): ReadonlyMap<string, string> {
  const overrides = new Map<string, string>()
  for (const [i, word] of args.entries()) {
    if (word !== '-o') continue
    const setting = args[i + 1] ?? ''
    const equals = setting.indexOf('=')
    if (equals > 0) overrides.set(setting.slice(0, equals).trim(), setting.slice(equals + 1).trim())
  }
  return overrides
}

/** Separated by spaces; braces around a word keep it together, and are left out. Those of `${name}` belong to it. */
function wordsIn(line: string): readonly string[] {
  const words: string[] = []
  /** Braces that are open, of which the first began a word. */
  let [word, depth] = ['', 0]
  const end = () => {
    if (word !== '') words.push(word)
    word = ''
  }
  for (const sign of line) {
    if (depth === 0 && word === '' && sign === '{') depth = 1
    else if (depth === 0 && /\s/.test(sign)) end()
    else {
      if (depth > 0 && sign === '{') depth++
      if (depth > 0 && sign === '}' && --depth === 0) end()
      else word += sign
    }
  }
  end()
  return words
}

/** The value of a setting, with all that it names; a service's own settings go before those of main.cf. */
export function valueIn(
  settings: ReadonlyMap<string, string>,
  overrides: ReadonlyMap<string, string> = new Map(),
): (name: string) => string {
  const known = (name: string): string => overrides.get(name) ?? settings.get(name) ?? ''
  return name => expanded(known(name), known)
}

/** As Postfix reads a setting of yes and no. */
export const isYes = (value: string): boolean => value.trim().toLowerCase() === 'yes'

/**
 * With what `$name`, `${name}` and `$(name)` stand for, and `${name?this}` where it is not empty, `${name:that}` where it is, to a depth that
 * no configuration has.
 */
export function expanded(value: string, known: (name: string) => string, depth = 8): string {
  if (depth === 0 || !value.includes('$')) return value
  const inner = (text: string) => expanded(text, known, depth - 1)
  let text = ''
  let rest = value
  while (rest !== '') {
    const [plain = ''] = /^[^$]*/.exec(rest) ?? []
    text += plain
    rest = rest.slice(plain.length)
    const [named, name = ''] = /^\$(\w+)/.exec(rest) ?? []
    const braced = named === undefined ? inBraces(rest.slice(1)) : undefined
    if (named !== undefined) text += inner(known(name))
    else if (braced !== undefined) text += inner(chosen(braced, known))
    else text += rest.slice(0, 1)
    rest = rest.slice(named?.length ?? (braced === undefined ? 1 : braced.length + 3))
  }
  return text
}

const CLOSES: Readonly<Record<string, string>> = { '{': '}', '(': ')' }

/** What stands in the braces that this begins with, as far as they are closed. */
function inBraces(text: string): string | undefined {
  const open = text.slice(0, 1)
  const close = CLOSES[open]
  let depth = 0
  if (close === undefined) return undefined
  for (let i = 0; i < text.length; i++) {
    if (text[i] === open) depth++
    else if (text[i] === close && --depth === 0) return text.slice(1, i)
  }
  return undefined
}

/** Of `name`, `name?this`, `name:that`, `name?{this}:{that}`: the text that stands for it. */
function chosen(inside: string, known: (name: string) => string): string {
  const [, name = '', sign, rest = ''] = /^\s*(\w+)\s*(?:([?:])([^]*))?$/.exec(inside) ?? []
  if (name === '') return ''
  const value = known(name)
  if (sign === undefined) return value
  const first = rest.trimStart().startsWith('{') ? inBraces(rest.trimStart()) : undefined
  const isSaid = value !== ''
  if (sign === ':') return isSaid ? '' : (first ?? rest)
  if (isSaid) return first ?? rest
  const after =
    first === undefined
      ? ''
      : rest
          .trimStart()
          .slice(first.length + 2)
          .trimStart()
  const other = after.startsWith(':') ? after.slice(1).trimStart() : ''
  return inBraces(other) ?? other
}
