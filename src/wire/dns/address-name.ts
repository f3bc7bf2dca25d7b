// The address in the name of a question: octets or nibbles, last first (RFC 5782 §2). What is shorter than an address, and could be the
// end of one, has something below it (RFC 8020); whether there is, is not looked up: to such names the answer is always "nothing of that type".

import type { Query } from './query.ts'

export const [NO_NAME, SHORTER, IPV4, IPV6] = [0, 1, 2, 3] as const
const OCTETS = 4
const NIBBLES = 32

export class AddressName {
  /** Of an IPv6 address all four; of an IPv4 address the last. */
  readonly words = new Uint32Array(4)
  /** Also the end of an IPv6 name. */
  isShorterToo = false

  /** Reads the first `count` labels of the question. */
  read({ labels }: Pick<Query, 'labels'>, bytes: Uint8Array, count: number): number {
    this.isShorterToo = false
    if (count > NIBBLES) return NO_NAME
    const nibbles = this.#nibbles(labels, bytes, count)
    if (count === NIBBLES) return nibbles ? IPV6 : NO_NAME
    if (count > OCTETS) return nibbles ? SHORTER : NO_NAME
    if (!this.#octets(labels, bytes, count)) return nibbles ? SHORTER : NO_NAME
    this.isShorterToo = nibbles
    return count === OCTETS ? IPV4 : SHORTER
  }

  #nibbles(labels: Uint16Array, bytes: Uint8Array, count: number): boolean {
    this.words.fill(0)
    for (let i = 0; i < count; i++) {
      const at = labels[i] ?? 0
      const digit = bytes[at] === 1 ? nibbleOf(bytes[at + 1] ?? 0) : -1
      if (digit < 0) return false
      const word = 3 - (i >> 3)
      if (word >= 0) this.words[word] = ((this.words[word] ?? 0) | (digit << (4 * (i & 7)))) >>> 0
    }
    return true
  }

  #octets(labels: Uint16Array, bytes: Uint8Array, count: number): boolean {
    let value = 0
    for (let i = count - 1; i >= 0; i--) {
      const octet = octetAt(bytes, labels[i] ?? 0)
      if (octet < 0) return false
      value = ((value << 8) | octet) >>> 0
    }
    this.words[3] = value
    return true
  }
}

function nibbleOf(character: number): number {
  if (character >= 48 && character <= 57) return character - 48
  const letter = character | 0x20
  return letter >= 97 && letter <= 102 ? letter - 87 : -1
}

/** One to three digits, without a zero in front; -1 for any other label. */
function octetAt(bytes: Uint8Array, at: number): number {
  const length = bytes[at] ?? 0
  if (length > 3 || (length > 1 && bytes[at + 1] === 48)) return -1
  let value = 0
  for (let i = 1; i <= length; i++) {
    const digit = (bytes[at + i] ?? 0) - 48
    if (digit < 0 || digit > 9) return -1
    value = value * 10 + digit
  }
  return value > 255 ? -1 : value
}
