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

const kindOf = async (answer: (command: string) => string) =>
  (await asking(command => (command.startsWith('RCPT') ? answer(command) : '250 fine'))).answer.kind

test('that it relays for no stranger is believed in the words of the servers', async () => {
  for (const words of [
    '454 4.7.1 <a@example.org>: Relay access denied',
    '554 5.7.1 <a@example.org>: Relay access denied',
    '550 relay not permitted',
    '550 5.7.1 <a@example.org>... Relaying denied. Proper authentication required.',
    '550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain',
    "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)",
    '550 Invalid recipient: <a@example.org>',
    '530 5.7.0 Must issue a STARTTLS command first',
    '550 Authentication is required for relay',
  ])
    assert.equal(await kindOf(() => words), 'closed', words)
})

test('a no for another reason, later, and a server that breaks off, are not known', async () => {
  for (const words of [
    '450 4.7.1 greylisted',
    '556 5.1.10 <a@example.org>: Recipient address rejected: Domain example.org does not accept mail (nullMX)',
    '550 5.7.27 <a@example.net>: Sender address rejected: Domain example.net does not accept mail (nullMX)',
    '554 5.7.1 Service unavailable; Client host [192.0.2.9] blocked using relays.example',
    '550 5.7.1 no',
  ])
    assert.equal(await kindOf(() => words), 'unknown', words)
  assert.equal(await kindOf(() => '250 fine'), 'open')
  const broken = await relayTest(() => Promise.reject(new Error('it broke off')), ADDRESS)
  assert.equal(broken.kind, 'unknown')
})

test('the sender of examples may be refused, where the empty one meets the rule about relaying', async () => {
  const talked = (empty: string) => {
    let sender = ''
    return asking(command => {
      if (command.startsWith('MAIL')) sender = command
      if (!command.startsWith('RCPT')) return '250 fine'
      return sender.includes('<>') ? empty : '550 5.7.27 Domain example.net does not accept mail'
    })
  }
  assert.equal((await talked('554 5.7.1 Relay access denied')).answer.kind, 'closed')
  assert.equal((await talked('250 fine')).answer.kind, 'open')
  assert.equal((await talked('451 later')).answer.kind, 'unknown')
})
