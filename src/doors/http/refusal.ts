// What is refused of a request by its header alone, before any of its content is read. Content has its length in front: what comes in
// chunks (Transfer-Encoding) can be 64 KB in as many pieces, each of which costs a hundred times what is in it. Browsers, curl and fetch
// send a form or a document with its length.

import { type IncomingMessage, STATUS_CODES } from 'node:http'

/** The whole answer, after which the connection ends; undefined: it is taken. */
export function refusalOf(request: IncomingMessage): string | undefined {
  const refused = whyNot(request)
  if (!refused) return undefined
  const { status, words } = refused
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${words.length + 1}`,
    '',
    request.method === 'HEAD' ? '' : `${words}\n`,
  ].join('\r\n')
}

/** Bytes of its content, as its header says. */
export const lengthOf = ({ headers }: Pick<IncomingMessage, 'headers'>): number =>
  Number(headers['content-length'] ?? 0)

function whyNot({ method, headers, httpVersion }: IncomingMessage) {
  if (httpVersion === '1.1' && headers.host === undefined)
    return { status: 400, words: 'Say the name that you ask (Host).' }
  if (headers['transfer-encoding'] !== undefined)
    return {
      status: 411,
      words: 'Say how long the content is (Content-Length); chunks are not read.',
    }
  if (headers.expect !== undefined && headers.expect.toLowerCase() !== '100-continue')
    return { status: 417, words: 'Nothing is known here but Expect: 100-continue.' }
  if (method !== 'POST' && lengthOf({ headers }) > 0)
    return { status: 413, words: `${method} takes no content here.` }
  return undefined
}
