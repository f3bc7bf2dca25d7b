// What `postconf -n` and `postconf -M` print, as settings and services. Only what Cordon wants to know is read; a line that is none is passed
// over, because Postfix itself has read the file before.

export type Service = {
  /** As in master.cf: `submission`, `127.0.0.1:10025`. */
  readonly name: string
  /** What stands behind the columns: `smtpd`, `pickup`. */
  readonly program: string
  readonly type: string
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
    const [name, type, , , , , , program, ...args] = words
    return name === undefined || type === undefined || program === undefined
      ? []
      : [{ name, type, program, overrides: overridesIn(args) }]
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

/** With what `$name`, `${name}` and `$(name)` stand for, to a depth that no configuration has. */
export function expanded(value: string, known: (name: string) => string, depth = 8): string {
  if (depth === 0 || !value.includes('$')) return value
  return value.replaceAll(/\$(?:\{(\w+)\}|\((\w+)\)|(\w+))/g, (_whole, a, b, c) =>
    expanded(known(String(a ?? b ?? c)), known, depth - 1),
  )
}
