// Our own name of a customer's message, for those who report it: it survives a reporter that hides addresses, Received lines and Message-ID.
// Nothing is kept of it: it is the queue id and 48 bits of zeros in one AES block, under a key of ours. It says nothing to others, and
// others cannot make one.

import { createCipheriv, createDecipheriv, hash } from 'node:crypto'

/** As drivers/names makes them: 16 letters of five bits. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const QUEUE_ID = /^[0-9A-HJKMNP-TV-Z]{16}$/
/** Of half a queue id, as one number: 40 bits. */
const LETTERS = 8
const HALF_BYTES = 5
/** Bytes of a queue id … */
const ID_BYTES = 10
/** … and of a block of AES, and of its key. */
const BLOCK = 16
const PADDING = false
/** One block needs none. */
const NO_VECTOR = null
const REFERENCE = /^v1\.([0-9A-Za-z_-]{22})$/

/** Undefined for a name that drivers/names did not make. */
export function referenceOf(queueId: string, secret: string): string | undefined {
  if (!QUEUE_ID.test(queueId)) return undefined
  const block = Buffer.alloc(BLOCK)
  for (const half of [0, 1]) {
    let number = 0
    for (const letter of queueId.slice(half * LETTERS, (half + 1) * LETTERS))
      number = number * 32 + ALPHABET.indexOf(letter)
    block.writeUIntBE(number, half * HALF_BYTES, HALF_BYTES)
  }
  return `v1.${ciphersOf(secret).seal(block).toString('base64url')}`
}

/** The queue id; undefined when we did not make it. */
export function referenced(reference: string, secret: string): string | undefined {
  const [, text = ''] = REFERENCE.exec(reference) ?? []
  const sealed = Buffer.from(text, 'base64url')
  if (sealed.length !== BLOCK) return undefined
  const block = ciphersOf(secret).open(sealed)
  if (block.subarray(ID_BYTES).some(byte => byte !== 0)) return undefined
  return (
    lettersOf(block.readUIntBE(0, HALF_BYTES)) + lettersOf(block.readUIntBE(HALF_BYTES, HALF_BYTES))
  )
}

function lettersOf(number: number): string {
  let rest = number
  let text = ''
  for (let i = 0; i < LETTERS; i++) {
    text = `${ALPHABET[rest % 32]}${text}`
    rest = Math.floor(rest / 32)
  }
  return text
}

type Ciphers = { seal(block: Buffer): Buffer; open(block: Buffer): Buffer }

/** Of one secret: a process has one. */
let cached: { readonly secret: string; readonly ciphers: Ciphers } | undefined

function ciphersOf(secret: string): Ciphers {
  if (cached?.secret === secret) return cached.ciphers
  const key = hash('sha256', `${secret} reference`, 'buffer').subarray(0, BLOCK)
  // One block is a permutation of all blocks: with the zeros in it a changed one is found out.
  const encrypt = createCipheriv('aes-128-ecb', key, NO_VECTOR).setAutoPadding(PADDING)
  const decrypt = createDecipheriv('aes-128-ecb', key, NO_VECTOR).setAutoPadding(PADDING)
  const ciphers = {
    seal: (block: Buffer) => encrypt.update(block),
    open: (block: Buffer) => decrypt.update(block),
  }
  cached = { secret, ciphers }
  return ciphers
}
