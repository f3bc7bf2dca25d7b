// How a sender must write a From that is not clear: the address that the sender most likely means, with the name if that can stay.
// Cordon reads the proposal as it reads a message's From, so a sender that follows the proposal is understood.

import { authorsOf } from './authors.ts'
import { normalForm } from '../model/normal-form.ts'
import { decodeWords } from './mime/encoded-words.ts'

/** Of a name: it is to stand in the line of a reply, with more beside it. */
const MAX_NAME = 40
const MAX_ADDRESS = 100
/** Of the addresses that a mail program may read so many are tried. */
const MOST = 5

/** The last address in angle brackets, else one that a mail program may read; undefined where there is none. */
export function clearerFrom(value: string, addresses: readonly string[]): string | undefined {
  const bracketed = value.slice(value.lastIndexOf('<', value.lastIndexOf('@')) + 1)
  const [inBrackets] = /^[^\s<>]{1,100}/.exec(bracketed) ?? []
  for (const address of [inBrackets, ...addresses.slice(0, MOST)]) {
    if (address === undefined || address.length > MAX_ADDRESS || !PLAIN.test(address)) continue
    const found = named(nameIn(value), address).find(from => isClear(from, address))
    if (found !== undefined) return found
  }
  return undefined
}

/** What a reply may say (a milter's has no `%`), and nothing that has a meaning. */
const PLAIN = /^[\w.+-]{1,64}@[\w.-]{1,64}$/
const PRINTABLE = /^[ -$&-~]+$/

const named = (name: string, address: string): readonly string[] =>
  name === '' ? [address] : [`"${name}" <${address}>`, address]

/** With its words decoded, without quotes, and without what reads as an encoded word still. */
function nameIn(value: string): string {
  const before = value.slice(0, Math.max(0, value.indexOf('<')))
  const decoded = decodeWords(before).replaceAll(/["\\]/g, '')
  // Its mail program encodes the name whether or not it is quoted.
  const name = (before.includes('=?') ? restOf(decoded) : decoded).trim()
  return name.length <= MAX_NAME && PRINTABLE.test(name) && !name.includes('=?') ? name : ''
}

/** What can be read of it in a reply when addresses are taken out: without accents, and without signs that are no letters. */
const restOf = (name: string): string =>
  (normalForm(name.replaceAll(ADDRESS_IN_NAME, ' ').replaceAll('ß', 'ss'), 'NFD') ?? '')
    .replaceAll(/[\p{M}\p{So}\p{Cf}]/gu, '')
    .replaceAll(/[@<>()[\]]/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .replace(/^[ ,;:.]+/, '')
    .replace(/[ ,;:.]{1,50}$/, '')

/** The name is looked at up to its first bracket; one that is longer than a reply may say is not said. */
const ADDRESS_IN_NAME = /[^\s,;:<>()[\]"]{1,64}@[^\s,;:<>()[\]"]{1,255}/g

function isClear(value: string, address: string): boolean {
  const read = authorsOf([{ name: 'from', value }])
  return read.clear && read.addresses.length === 1 && read.addresses[0] === address.toLowerCase()
}
