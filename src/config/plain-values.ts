// Values of one line that YAML 1.2 reads in one way only: words and numbers without quotes that are what they look like, texts in quotes without
// escapes, and lists and maps of them. Everything else is a Doubt, which is no mistake.

export class Doubt extends Error {
  override readonly name = 'Doubt'
}

/** A field, with its value where that is on the same line. */
export const KEY = /^([A-Za-z]\w*):(?: (.+))?$/

const FLOW_KEY = /([A-Za-z]\w*): +/y
const QUOTED = /"([ !\x23-\x5b\x5d-\x7e]*)"|'([ -&\x28-\x7e]*)'/y
/** Neither `: ` nor a colon at its end, and no space: that would be a key, or go on. */
const PLAIN = /[A-Za-z0-9](?:[A-Za-z0-9@.$/_+=-]|:(?=[A-Za-z0-9:/]))*/y
const SPACES = / */y
const MAX_DEPTH = 8

/** Not a number, true, false or null (YAML 1.2.2 §10.3). */
export const isText = (plain: string): boolean =>
  /^[A-Za-z]/.test(plain) ? !/^(?:true|false|null)$/i.test(plain) : /[@/:]|\..*\./.test(plain)

export function flowOf(text: string): unknown {
  let at = 0
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at
    const found = pattern.exec(text)
    if (found) at = pattern.lastIndex
    return found ?? undefined
  }
  const value = (depth: number): unknown => {
    if (depth > MAX_DEPTH) throw new Doubt()
    if (text[at] === '[') return each<unknown[]>(']', [], all => void all.push(value(depth + 1)))
    if (text[at] === '{')
      return each<Record<string, unknown>>('}', {}, fields => {
        const name = take(FLOW_KEY)?.[1] ?? ''
        if (!isText(name) || Object.hasOwn(fields, name)) throw new Doubt()
        fields[name] = value(depth + 1)
      })
    return scalar()
  }
  function each<T>(close: string, into: T, one: (into: T) => void): T {
    at++
    take(SPACES)
    while (text[at] !== close) {
      one(into)
      take(SPACES)
      if (text[at] === close) break
      if (text[at] !== ',') throw new Doubt()
      at++
      take(SPACES)
      // A comma at the end is a matter for the library.
      if (text[at] === close) throw new Doubt()
    }
    at++
    return into
  }
  const scalar = (): unknown => {
    const quoted = take(QUOTED)
    if (quoted) return quoted[1] ?? quoted[2]
    const plain = take(PLAIN)?.[0] ?? ''
    if (/^(?:0|[1-9]\d{0,14})$/.test(plain)) return Number(plain)
    if (!isText(plain)) throw new Doubt()
    return plain
  }
  const read = value(0)
  if (at < text.length) throw new Doubt()
  return read
}
