// A code that a letter asks to be typed: what is kept of it is a hash, so that a reader of the ledger cannot type the code.

import { createHmac, timingSafeEqual } from 'node:crypto'

/** Spaces, dashes and small letters are forgiven: people copy it by hand. */
const plain = (code: string) => code.toUpperCase().replace(/[^0-9A-Z]/g, '')

/** `about`: the one thing that the code is good for. */
export function codeProof(code: string, about: string, secret: string): string {
  return createHmac('sha256', secret)
    .update(`code\0${about}\0${plain(code)}`)
    .digest('base64url')
}

export function isCode(
  code: string,
  {
    about,
    secret,
    proof,
  }: { readonly about: string; readonly secret: string; readonly proof: string },
): boolean {
  const [given, wanted] = [codeProof(code, about, secret), proof].map(text => Buffer.from(text))
  return (
    given !== undefined &&
    wanted !== undefined &&
    given.length === wanted.length &&
    timingSafeEqual(given, wanted)
  )
}
