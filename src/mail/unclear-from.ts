// What is wrong with a From that is not clear, and what its sender must do: beside the sentence of the refusal, in one
// line of a reply. What to do comes first, because a mail program may show only the beginning.

import { foldAddress } from '../model/mail-address.ts'
import type { Authors } from './authors.ts'
import { clearerFrom } from './clearer-from.ts'
import { type Field, trimmed } from './header.ts'
import { decodeWords } from './mime/encoded-words.ts'

/** The line of a reply has 512 octets (RFC 5321 §4.5.3.1.5); the sentence, and the page behind it, take up to 200. */
const MAX_SHOWN = 230
const MAX_ADDRESS = 60
/** So much of the field is looked at. */
const MAX_READ = 1000

const AS_USUAL = 'write it as Anna Ek <anna@example.org>'

/** Printable ASCII without `%`, which a milter's reply may not have; at most 230 characters. */
export function unclearFrom(fields: readonly Field[], { addresses, more }: Authors): string {
  const [from, ...others] = fields.filter(({ name }) => name === 'from')
  if (!from) return 'it has no From field: write one'
  if (others.length > 0) return `it has ${others.length + 1} From fields: write one`
  const [one, other] = addresses.filter(address => address.includes('@'))
  // In brackets: what stands there may end with a sign that looks like one of ours.
  const shown = `[From: ${from.value}]`
  const value = from.value.slice(0, MAX_READ)
  const clearer = from.value.length > MAX_READ ? undefined : clearerFrom(value, addresses)
  const write = clearer === undefined ? AS_USUAL : `write it as ${clearer}`
  if (more) return short(`${tooMuch(from.value)}: ${write} ${shown}`)
  if (one === undefined) return short(`there is no address in it: ${AS_USUAL} ${shown}`)
  const read =
    other === undefined
      ? 'not every program reads it'
      : `may be read as ${one.slice(0, MAX_ADDRESS)} or ${other.slice(0, MAX_ADDRESS)}`
  const told = [advice(value), ...(isGroup(value) ? [] : [write])]
  return short(`${told.filter(words => words !== '').join(': ')}; ${read} ${shown}`)
}

/** Why a mail program may read more in it than is told here. */
function tooMuch(value: string): string {
  if (value.length > MAX_READ) return 'it is too long'
  return value.includes('=?')
    ? 'it has an encoded word (=?) that has no end, or hides more'
    : 'more may be read in it'
}

/** `chief@bank.example <anna@isp.example>`: for some readers a name and its address, for others (Python's email) the author stands first. */
export function addressAsName(
  fields: readonly Field[],
  authors: Authors,
): { readonly meant: string; readonly wrong: string } | undefined {
  const { addresses, clear } = authors
  if (!clear || addresses.length !== 2) return undefined
  const [from, ...others] = fields.filter(({ name }) => name === 'from')
  if (!from || others.length > 0) return undefined
  const inBrackets = /^[^\s<>"(),]+[ \t]*<([^<>]+)>$/.exec(trimmed(from.value))?.[1]
  const meant = inBrackets === undefined ? undefined : foldAddress(trimmed(inBrackets))
  return meant === undefined || !addresses.includes(meant)
    ? undefined
    : { meant, wrong: unclearFrom(fields, authors) }
}

const isGroup = (value: string): boolean => /^[^<>@,;:]{1,100}:[^;]*;/.test(unquoted(value))

/** Advice by what stands in the field; empty where no advice is better than how to write a From. */
function advice(value: string): string {
  if (isGroup(value)) return 'it is a group: write only its addresses'
  const [begins, ends] = [value.indexOf('<'), value.lastIndexOf('>')]
  const bare = unquoted(value)
  if (bare.split('<').length > 2 || bare.split('>').length > 2)
    return 'one address may stand in it, in one pair of < >'
  const behind = ends < 0 ? (bare.includes(';') ? ';' : '') : unquoted(value.slice(ends + 1))
  if (behind.trim() !== '') return 'nothing may stand behind the address'
  const written = begins < 0 ? '' : unquoted(value.slice(0, begins))
  const name = decodeWords(written)
  if (name !== written) return encodedAdvice(name)
  const held = '@ : ; , [ ] ( ) \\'.split(' ').filter(sign => name.includes(sign))
  return held.length === 0 ? '' : `put the name in double quotes (it has ${held.join(' ')} in it)`
}

/** Mail programs encode a name by themselves: quotes would be encoded, too. */
function encodedAdvice(name: string): string {
  if (/[^\s@]@[^\s@]/.test(name)) return 'take the address out of the name'
  const held = '@ < > [ ] ( ) \\ "'.split(' ').filter(sign => name.includes(sign))
  return held.length === 0 ? '' : `take ${held.join(' ')} out of the name`
}

/** Without what is in double quotes. */
function unquoted(text: string): string {
  let left = ''
  let isQuoted = false
  for (let at = 0; at < text.length; at++) {
    const letter = text[at] as string
    if (letter === '"') isQuoted = !isQuoted
    else if (letter === '\\' && isQuoted) at++
    else if (!isQuoted) left += letter
  }
  return left
}

function short(text: string): string {
  const plain = text.slice(0, MAX_SHOWN + 1).replaceAll(/[^ -$&-~]/g, '?')
  return plain.length > MAX_SHOWN ? `${plain.slice(0, MAX_SHOWN - 3)}...` : plain
}
