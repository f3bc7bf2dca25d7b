// Content-Transfer-Encoding undone (RFC 2045 §6), leniently: spam is seldom encoded by the book.

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
