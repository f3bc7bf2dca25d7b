// JSON of an order, or of a list that comes from outside. JSON.parse takes the last of two keys of one name without a word, and another reader
// on the way may have looked at the first: they are refused, with their place.

/** It is JSON, but which of two values counts is open. */
export class DoubledKey extends Error {
  override readonly name = 'DoubledKey'
  readonly key: string

  constructor(key: string, line: number, column: number) {
    const short = key.length > MAX_TOLD ? `${key.slice(0, MAX_TOLD)}…` : key
    super(
      `The key ${inAscii(short)} stands twice in one object, again in line ${line}, column ${column}. Write each key once.`,
    )
    this.key = short
  }
}

const MAX_TOLD = 64

/** Throws SyntaxError for what is no JSON, and DoubledKey. */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text)
  mustNotDouble(text)
  return value
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COLON = 0x3a
const [OPEN, CLOSE] = [0x7b, 0x7d]

/** One pass over a text that is JSON: a key is a text with a colon behind it. */
function mustNotDouble(text: string): void {
  /** Keys of the objects around, the nearest last. */
  const around: Set<string>[] = []
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === OPEN) around.push(new Set())
    else if (code === CLOSE) around.pop()
    else if (code === QUOTE) {
      const end = endOfText(text, at)
      if (isKey(text, end)) {
        const written = text.slice(at, end)
        const key = written.includes('\\') ? (JSON.parse(written) as string) : written.slice(1, -1)
        const keys = around.at(-1)
        if (keys?.has(key)) throw doubled(text, at, key)
        keys?.add(key)
      }
      at = end - 1
    }
  }
}

/** Behind its closing quote. */
function endOfText(text: string, from: number): number {
  let at = from + 1
  while (text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1
  return at + 1
}

function isKey(text: string, from: number): boolean {
  let at = from
  // Space, tab, line feed, carriage return: in JSON nothing else that small stands between a text and what follows.
  while (text.charCodeAt(at) <= 0x20) at++
  return text.charCodeAt(at) === COLON
}

function doubled(text: string, at: number, key: string): DoubledKey {
  const before = text.slice(0, at)
  return new DoubledKey(key, before.split('\n').length, at - before.lastIndexOf('\n'))
}

/** In quotes, and letters that a terminal would act on as their numbers. */
const inAscii = (key: string): string =>
  JSON.stringify(key).replaceAll(
    /[^\x20-\x7e]/g,
    letter => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
