// A page over HTTPS at a name, as RFC 8461 §3.3 has policies fetched: with a certificate of that name, and without following a redirect.

import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { rootCertificates } from 'node:tls'
import { wordsOf } from '../../model/errors.ts'

/** ms */
const WITHIN = 10_000
const LARGEST = 64 * 1024
/** Characters of an error. */
const MAX_WORDS = 300

export type WebPage = { readonly status: number; readonly type: string; readonly text: string }
/** `unknown`: it could not be asked; `broken`: its server was there, and the answer is no good. */
export type WebAnswer =
  | { readonly value: WebPage }
  | { readonly unknown: string }
  | { readonly broken: string }

export type WebPlace = {
  readonly name: string
  readonly path: string
  readonly address: string
  readonly port: number
  /** PEM; trusted beside the usual ones. */
  readonly authorities: readonly string[]
  /** User-Agent. */
  readonly agent: string
}

/** Of failures these are the server's; any other may be the way to it. */
const SERVERS_OWN =
  /^(?:ECONNREFUSED|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|ERR_TLS_|ERR_SSL_|EPROTO|HPE_)/

/** Never rejects. */
export function webPage(place: WebPlace, signal: AbortSignal): Promise<WebAnswer> {
  const { name, path, address, port, authorities, agent } = place
  return new Promise(resolve => {
    const asked = request({
      host: address,
      port,
      path,
      servername: name,
      headers: { Host: name, 'User-Agent': agent },
      agent: false,
      signal: AbortSignal.any([signal, AbortSignal.timeout(WITHIN)]),
      ...(authorities.length > 0 ? { ca: [...rootCertificates, ...authorities] } : {}),
    })
    asked
      .on('error', (error: NodeJS.ErrnoException) => {
        const code = error.code ?? ''
        // It may name all that is in a certificate of a stranger's.
        const words = wordsOf(error).slice(0, MAX_WORDS)
        if (SERVERS_OWN.test(code)) resolve({ broken: words })
        else resolve({ unknown: error.name === 'AbortError' ? 'no answer in time' : words })
      })
      // Whatever a server switches to is no page, and its connection is ours to end.
      .on('upgrade', (_answer, socket) => {
        socket.destroy()
        resolve({ broken: 'it answers 101' })
      })
      .on('response', answer => void read(answer).then(resolve))
      .end()
  })
}

async function read(answer: IncomingMessage): Promise<WebAnswer> {
  const chunks: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      length += chunk.length
      // To leave the loop ends the connection.
      if (length > LARGEST) return { broken: `more than ${LARGEST} bytes` }
      chunks.push(chunk)
    }
  } catch (error) {
    return { unknown: wordsOf(error) }
  }
  const type = answer.headers['content-type'] ?? ''
  const text = Buffer.concat(chunks).toString('utf8')
  return { value: { status: answer.statusCode ?? 0, type, text } }
}
