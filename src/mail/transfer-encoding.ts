// Content-Transfer-Encoding undone (RFC 2045 §6), leniently: spam is seldom encoded by the book.

/** Looks at each byte that undoing it takes (reading-budget.ts; measured by test/cost). */
export function decodingSteps(encoding: string): number {
  if (/^\s*quoted-printable\s*$/i.test(encoding)) return 8
  return /^\s*base64\s*$/i.test(encoding) ? 3 : 1
}

export function decodeTransfer(raw: Buffer, encoding: string): Buffer {
  switch (encoding.trim().toLowerCase()) {
    case 'base64':
      return Buffer.from(raw.toString('latin1'), 'base64')
    case 'quoted-printable':
      return quotedPrintable(raw)
    default:
      return raw
  }
}

function quotedPrintable(raw: Buffer): Buffer {
  const text = raw
    .toString('latin1')
    .replace(/=\r?\n/g, '')
    .replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    )
  return Buffer.from(text, 'latin1')
}
