// SASL PLAIN (RFC 4616): one message, `authzid NUL authcid NUL password`.

export type Offered = { readonly login: string; readonly password: string }

/** Undefined when it is not a PLAIN message, or when it asks to act as another user. */
export function parsePlain(base64: string): Offered | undefined {
  const offered = parsePlainBytes(base64)
  return offered && { ...offered, password: utf8(offered.password) }
}

/** The same, with the password as it came, one character a byte: another server knows what it is to be read as. */
export function parsePlainBytes(base64: string): Offered | undefined {
  const parts = bytesOf(base64)?.toString('latin1').split('\0')
  if (parts?.length !== 3) return undefined
  const [authzid, login, password] = parts as [string, string, string]
  if (login === '' || (authzid !== '' && authzid !== login)) return undefined
  return { login: utf8(login), password }
}

/** Text that is here one character a byte. */
export const utf8 = (bytes: string): string => Buffer.from(bytes, 'latin1').toString('utf8')

/** Strict base64 of UTF-8 text; undefined for anything else. The empty response is written `=` (RFC 4954 §4). */
export const decodeBase64 = (text: string): string | undefined => bytesOf(text)?.toString('utf8')

function bytesOf(text: string): Buffer | undefined {
  if (text === '=') return Buffer.alloc(0)
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text))
    return undefined
  return Buffer.from(text, 'base64')
}
