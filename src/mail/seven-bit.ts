// Whether bytes are ASCII: what every mail server takes (RFC 5321 §2.4), whatever extensions it has. Asked of all that comes in.

import { isAscii } from 'node:buffer'

export const isSevenBit = (bytes: Uint8Array): boolean => isAscii(bytes)
