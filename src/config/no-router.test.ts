import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseConfig } from './load.ts'
import { noRouter } from './no-router.ts'

const MAIL = 'listeners: [{ kind: submission, port: 0 }]\n'

test('an operator without a router is told once that nothing closes port 25 of a line', () => {
  assert.match(noRouter(parseConfig(MAIL)) ?? '', /^no router is configured \(.*nftables.*\): /)
  const hooked = `${MAIL}nftables: [{ consumers: [203.0.113.0/24] }]\n`
  assert.equal(noRouter(parseConfig(hooked)), undefined)
})
