// The addresses of To, Cc and Bcc (RFC 5322 §3.4) for sending: each from its addr-spec, and none at all where the list cannot be read to its
// end, because a recipient who is left out, or made up of a person's name, is worse than a question. Pure; the text is read once.

export type AddressList =
  /** As they are written; whether each is a mail address is not looked at. */
  { readonly addresses: readonly string[] } | { readonly wrong: string }

/** Of what has no meaning of its own; and blanks. */
const RUN = /[ \t]+|[^<>,;:()"[\]\\ \t]+/y

/** Quoted strings, domain literals, what has a meaning of its own, blanks, and anything else; an open quote is one of `"`. */
function tokensOf(text: string): readonly string[] {
  const tokens: string[] = []
  let isOpen = false
  for (let at = 0; at < text.length; ) {
    RUN.lastIndex = at
    const run = RUN.exec(text)?.[0]
    // Behind a quote that is not closed none is.
    const quoted = run === undefined && text[at] === '"' && !isOpen ? quotedAt(text, at) : ''
    if (quoted === undefined) isOpen = true
    const token = run || quoted || literalAt(text, at) || (text[at] as string)
    tokens.push(token)
    at += token.length
  }
  return tokens
}

/** Undefined where it is not closed. */
function quotedAt(text: string, from: number): string | undefined {
  for (let at = from + 1; at < text.length; at += text[at] === '\\' ? 2 : 1)
    if (text[at] === '"') return text.slice(from, at + 1)
  return undefined
}

/** A domain literal; empty where there is none. */
function literalAt(text: string, from: number): string {
  if (text[from] !== '[') return ''
  for (let at = from + 1; at < text.length && !'[\\'.includes(text[at] as string); at++)
    if (text[at] === ']') return text.slice(from, at + 1)
  return ''
}

/** What was read since the last comma. */
type Entry = {
  /** Runs without a blank between them, of what stands outside of `<>`. */
  words: string[]
  hasGap: boolean
  angle: string | undefined
}

const empty = (): Entry => ({ words: [], hasGap: true, angle: undefined })

/** `text`: the value of the field, without line ends. */
export function addressList(text: string): AddressList {
  const tokens = tokensOf(text)
  const addresses: string[] = []
  let entry = empty()
  let inGroup = false
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at] ?? ''
    if (token === '(') {
      const end = commentEnd(tokens, at)
      if (end === undefined) return wrong('a bracket in it is not closed')
      at = end
      entry.hasGap = true
    } else if (token === '<') {
      const end = tokens.indexOf('>', at)
      if (end < 0) return wrong('a < in it is not closed')
      if (entry.angle !== undefined) return wrong('a comma is missing')
      // RFC 5322 §4.4: a route in front of the address says nothing any more.
      entry.angle = tokens
        .slice(at + 1, end)
        .join('')
        .trim()
        .replace(/^@[^:<]*:/, '')
      at = end
    } else if (token === ':' && !inGroup && entry.angle === undefined && entry.words.length > 0) {
      inGroup = true
      entry = empty()
    } else if (token === ',' || (token === ';' && inGroup)) {
      const said = endOf(entry, addresses)
      if (said !== undefined) return wrong(said)
      if (token === ';') inGroup = false
      entry = empty()
    } else if (/^[ \t]/.test(token)) entry.hasGap = true
    else if (/^[<>;:)"[\]\\]$/.test(token)) return wrong(`${token} is not expected there`)
    else if (entry.angle !== undefined) return wrong('a comma is missing')
    else addWord(entry, token)
  }
  if (inGroup) return wrong('a group in it has no end')
  const said = endOf(entry, addresses)
  return said === undefined ? { addresses } : wrong(said)
}

const wrong = (why: string): AddressList => ({ wrong: why })

function addWord(entry: Entry, word: string): void {
  if (entry.hasGap) entry.words.push(word)
  else entry.words.push(`${entry.words.pop() ?? ''}${word}`)
  entry.hasGap = false
}

/** Comments may stand in one another. */
function commentEnd(tokens: readonly string[], from: number): number | undefined {
  let depth = 0
  for (let at = from; at < tokens.length; at++) {
    if (tokens[at] === '\\') at++
    else if (tokens[at] === '(') depth++
    else if (tokens[at] === ')' && --depth === 0) return at
  }
  return undefined
}

/** Adds its address; or why there is none. */
function endOf({ words, angle }: Entry, addresses: string[]): string | undefined {
  if (angle === undefined) {
    if (words.length === 0) return undefined
    if (words.length > 1) return 'a comma is missing, or <> around an address'
    addresses.push(...words)
    return undefined
  }
  // Many programs write the address again as its name; another one there is a recipient whose comma is missing.
  const other = words.find(word => !word.startsWith('"') && word.includes('@') && word !== angle)
  if (other !== undefined) return `${other} stands in front of another address`
  addresses.push(angle)
  return undefined
}
