// rspamd's normal worker over HTTP (POST /checkv2): the raw message in the body, the envelope in headers.

import { Readable } from 'node:stream'
import { z } from 'zod'
import type { ScanResult } from '../../model/message.ts'
import type { Scanned, Scanner } from '../../ports/scanner.ts'

/** The part of its long answer that is used: https://docs.rspamd.com/developers/protocol. */
const answer = z.object({
  action: z.string(),
  symbols: z.record(z.string(), z.unknown()).default({}),
})
const MAX_ANSWER = 1024 * 1024

export function rspamdScanner(url: string, timeout: number): Scanner {
  const check = new URL('/checkv2', url)
  return {
    name: 'rspamd',
    sees: 'all',
    scan: async message => {
      try {
        const response = await fetch(check, {
          method: 'POST',
          body: Readable.toWeb(Readable.from(message.read())) as ReadableStream,
          headers: headersOf(message),
          signal: AbortSignal.timeout(timeout),
          duplex: 'half',
        })
        if (!response.ok) throw new Error(`rspamd answered ${response.status}`)
        const text = await response.text()
        if (text.length > MAX_ANSWER) throw new Error('rspamd answered too much')
        return resultOf(answer.parse(JSON.parse(text)).action)
      } catch (error) {
        return { content: 'unseen', failed: `rspamd: ${String(error)}` }
      }
    },
  }
}

/** Mail that Rspamd would refuse is refused; mail that it would mark is evidence against our own people. */
function resultOf(action: string): ScanResult {
  switch (action) {
    case 'reject':
      return { content: 'spam', refuse: true }
    case 'add header':
    case 'rewrite subject':
      return { content: 'spam' }
    case 'soft reject':
      return { content: 'unseen', failed: 'rspamd: come back later' }
    default:
      return { content: 'clean' }
  }
}

function headersOf({ address, helo, sender, recipients, login, id }: Scanned): Headers {
  const headers = new Headers({
    IP: address,
    Helo: plain(helo),
    From: plain(sender),
    'Queue-Id': id,
  })
  for (const recipient of recipients) headers.append('Rcpt', plain(recipient))
  if (login !== undefined) headers.set('User', plain(login))
  return headers
}

/** Addresses may be UTF-8 (RFC 6531), headers of HTTP may not. */
const plain = (text: string): string => text.replaceAll(/[^\x20-\x7e]/g, '?')
