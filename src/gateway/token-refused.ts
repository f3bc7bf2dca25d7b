// Why a server refuses a token (RFC 7628 §3.2.2), as it says it in a continuation.

/** Characters; a status, a scope and an address of the provider are a few hundred. */
const MOST = 4096

/** For the client, if it is base64 and nothing else. */
export function reasonIn(line: string): string | undefined {
  const said = /^\+ ([A-Za-z0-9+/]+={0,2})\r?\n?$/.exec(line)?.[1]
  return said === undefined || said.length > MOST ? undefined : said
}
