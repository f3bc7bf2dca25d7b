// A header field as the mail server tells it, written as a field of a message. The server has read the header already: whatever stands
// in a name or a value, it is one field for the server, and so it is one for us, and does not end our reading.

/** `leadingSpace`: the value comes with its space after the colon. One character a byte. */
export function headerField(
  { name, value }: { readonly name: string; readonly value: string },
  leadingSpace: boolean,
): Uint8Array {
  const printable = name.trimEnd().replaceAll(/[^!-9;-~]/g, '?') || '?'
  const folded = value.replaceAll(/\r\n|\r|\n/g, '\r\n').replaceAll(/\r\n(?![ \t])/g, '\r\n ')
  return Buffer.from(`${printable}:${leadingSpace ? '' : ' '}${folded}\r\n`, 'latin1')
}
