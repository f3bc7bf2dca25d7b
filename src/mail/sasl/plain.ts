// SASL PLAIN (RFC 4616): one message, `authzid NUL authcid NUL password`.

export type Offered = { readonly login: string; readonly password: string }

/** Undefined when it is not a PLAIN message, or when it asks to act as another user. */
export function parsePlain(base64: string): Offered | undefined {
  const parts = decodeBase64(base64)?.split('\0')
  if (parts?.length !== 3) return undefined
  const [authzid, login, password] = parts as [string, string, string]
  if (login === '' || (authzid !== '' && authzid !== login)) return undefined
  return { login, password }
}

/** Strict base64 of UTF-8 text; undefined for anything else. The empty response is written `=` (RFC 4954 §4). */
export function decodeBase64(text: string): string | undefined {
  if (text === '=') return ''
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text))
    return undefined
  return Buffer.from(text, 'base64').toString('utf8')
}
