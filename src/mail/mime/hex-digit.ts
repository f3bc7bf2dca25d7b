// The value of a hexadecimal digit (RFC 2045 §6.7, RFC 2047 §4.2), of which readers take small letters, too.

const NO_DIGIT = -1000

/** Far below zero for what is none: two digits of which one is none are below zero together. */
export function hexDigit(code = 0): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const letter = code & ~0x20
  return letter >= 0x41 && letter <= 0x46 ? letter - 0x41 + 10 : NO_DIGIT
}
