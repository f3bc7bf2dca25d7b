// Letters that claim to be of a bank, with signatures of an attacker or of the bank itself, and an authenticator that asks a small DNS of
// them. Nothing may be asked of the DNS that is not the name of a domain.

import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { after, before } from 'node:test'
import { messageAuthenticator } from '../../src/drivers/authentication/message-authenticator.ts'
import { isQueryName } from '../../src/drivers/lookups/query-name.ts'
import type { Authentication } from '../../src/model/authentication.ts'
import { keyRecord } from './domain-key.ts'
import type { Tags } from './raw-signature.ts'
import { type SmallDns, smallDns } from './small-dns.ts'
import { nodeResolver } from '../../src/drivers/lookups/node-resolver.ts'

const keyOf = (): string =>
  generateKeyPairSync('rsa', { modulusLength: 2048 })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString()
/** The attacker's, whose record is everywhere a forged name could lead; and the bank's own. */
export const key = keyOf()
export const bank = keyOf()
export const TRICK = 's._domainkey.attack.example'

export const letter = (from = 'x@bank.example') => `From: ${from}\r\nSubject: hi\r\n\r\nhello\r\n`
export const tags = (d: string, s: string, more: Tags = {}): Tags => ({
  v: '1',
  a: 'rsa-sha256',
  c: 'relaxed/relaxed',
  d,
  s,
  h: 'from:subject',
  ...more,
})

/** Registers what starts the DNS and ends it; what is returned says what an authenticator finds, and that it asked for names only. */
export function askingSmallDns(): (message: string, sender?: string) => Promise<Authentication> {
  let dns: SmallDns
  before(async () => {
    dns = await smallDns(recordOf)
  })
  after(() => dns.stop())
  return async (message, sender = 'x@quiet.example') => {
    const from = { address: '198.51.100.9', helo: 'mx.attack.example', sender, authors: [] }
    const asked = nodeResolver([dns.server])
    const { check } = messageAuthenticator({ ourName: 'mail.isp.example', dns: asked })
    const answer = await check(from, oneChunk(message))
    assert.equal(answer.unchecked, undefined)
    for (const labels of dns.asked) assert.ok(labels.every(isQueryName), JSON.stringify(labels))
    return answer
  }
}

function recordOf(name: string): string | undefined {
  const record = keyRecord(key)
  const texts: Readonly<Record<string, string>> = {
    [TRICK]: record,
    's._domainkey.bank.example': keyRecord(bank),
    's._domainkey.xn--bcher-kva.example': record,
    '_dmarc.bank.example': 'v=DMARC1; p=reject',
    '_dmarc.mid.walk.example': 'v=DMARC1; p=reject',
    '_dmarc.attack.example': 'v=DMARC1; p=reject',
    '_dmarc.xn--bcher-kva.example': 'v=DMARC1; p=reject',
    '_dmarc.lenient.example': 'v=DMARC1; p=quarantine',
    'attack.example': 'v=spf1 ip4:198.51.100.9 -all',
    'macro.example': 'v=spf1 exists:%{l}.%{d} include:a..b.attack.example +all',
  }
  return texts[name]
}

async function* oneChunk(message: string) {
  yield Buffer.from(message, 'latin1')
}
/** As UTF-8, of which each byte is one character. */
export const utf8 = (text: string) => Buffer.from(text).toString('latin1')
