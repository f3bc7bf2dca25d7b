import assert from 'node:assert/strict'
import { test } from 'node:test'
import { REASONS } from './reason.ts'

test('what others read can be said in a reply: ASCII, one line, no jargon of ours', () => {
  for (const [reason, { sentence, token }] of Object.entries(REASONS)) {
    // RFC 5321 §4.2: textstring; with code, token and CR LF within the 512 octets of §4.5.3.1.5.
    assert.match(sentence, /^[\x20-\x7e]{10,300}$/, reason)
    assert.match(token, /^[a-z-]+$/)
    assert.doesNotMatch(sentence, /incident|evidence|nats|subscriber/i, reason)
  }
})
