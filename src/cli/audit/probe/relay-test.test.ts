import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parsePrefix } from '../../../model/ip.ts'
import { relayForbidden, relayTest } from './relay-test.ts'

const HOST = 'mail.isp.example'
const ADDRESS = '192.0.2.1'
const NAMED = [{ address: ADDRESS, names: [HOST], confirmed: [HOST] }]
const texts = (...value: readonly string[]) => ({ texts: async () => ({ value }) })

test('a foreign server is asked to relay only with the token of the domain, and where its address is called by a name in it', async () => {
  const target = { host: HOST, addresses: [ADDRESS], reverse: NAMED }
  assert.equal(await relayForbidden(target, [], texts('relay-test')), undefined)
  assert.match((await relayForbidden(target, [], texts('other'))) ?? '', /own networks only/)
  const failing = { texts: async () => ({ failed: 'timeout' as const }) }
  assert.match((await relayForbidden(target, [], failing)) ?? '', /is not known: timeout/)
  for (const confirmed of [[], ['mail.other.example']])
    assert.match(
      (await relayForbidden(
        { ...target, reverse: [{ address: ADDRESS, names: [HOST], confirmed }] },
        [],
        texts('relay-test'),
      )) ?? '',
      /192\.0\.2\.1 has no name in isp\.example/,
    )
  const own = parsePrefix('192.0.2.0/24')
  assert.equal(await relayForbidden(target, own ? [own] : [], texts()), undefined)
})

const asking = async (reply: (command: string) => string) => {
  const said: string[] = []
  const answer = await relayTest(async (command = '') => {
    said.push(command)
    return reply(command)
  }, ADDRESS)
  return { answer, said }
}

test('no message follows, and each transaction is reset', async () => {
  for (const code of ['250 fine', '550 no', '451 later']) {
    const { said } = await asking(command => (command.startsWith('RCPT') ? code : '250 fine'))
    for (const command of said) assert.match(command, /^(?:MAIL FROM|RCPT TO):|^RSET$/)
    assert.equal(
      said.filter(command => command === 'RSET').length,
      said.filter(command => command.startsWith('MAIL')).length,
    )
  }
})

test('a no is a no, also as Postfix says it as shipped; later, and a server that breaks off, are not known', async () => {
  const kindOf = async (code: string) =>
    (await asking(command => (command.startsWith('RCPT') ? code : '250 fine'))).answer.kind
  assert.equal(await kindOf('550 5.7.1 no'), 'closed')
  assert.equal(await kindOf('454 4.7.1 <a@example.org>: Relay access denied'), 'closed')
  assert.equal(await kindOf('450 4.7.1 greylisted'), 'unknown')
  assert.equal(await kindOf('250 fine'), 'open')
  const broken = await relayTest(() => Promise.reject(new Error('it broke off')), ADDRESS)
  assert.equal(broken.kind, 'unknown')
})
