// A real Postfix that refuses recipients behind the check: by both doors the same mail counts the same.

import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { freePort } from '../support/free-port.ts'
import { postfix } from '../support/postfix.ts'
import { releaserOf } from '../support/releaser.ts'
import { cordon, eventually, serve } from '../support/serve.ts'
import { talk } from '../support/smtp-talk.ts'

const LOGIN = 'anna@postfix.example'
const GONE = Array.from({ length: 15 }, (_, i) => `gone${i}@postfix.example`)

const DOORS = [
  {
    name: 'policy delegation',
    main: (port: number, behind: string) =>
      `smtpd_recipient_restrictions = check_policy_service inet:127.0.0.1:${port}, ${behind}
smtpd_end_of_data_restrictions = check_policy_service inet:127.0.0.1:${port}`,
    door: (port: number) => `policyService: { port: ${port}, countAt: end-of-message }`,
  },
  {
    name: 'milter',
    main: (port: number, behind: string) =>
      `smtpd_milters = inet:127.0.0.1:${port}\nsmtpd_recipient_restrictions = ${behind}`,
    door: (port: number) => `milter: { port: ${port} }`,
  },
] as const

async function beside(t: TestContext, { main, door }: (typeof DOORS)[number]) {
  const port = await freePort()
  const table = GONE.map(address => `{ ${address} = 554 5.7.1 gone }`).join(', ')
  const behind = `check_recipient_access inline:{ ${table} }`
  const peer = await postfix({
    relayPort: 9,
    more: `enable_long_queue_ids = yes
smtpd_authorized_xclient_hosts = 127.0.0.1
${main(port, behind)}`,
  })
  t.after(peer.stop)
  const helper = await releaserOf(peer)
  t.after(() => helper.close())
  const served = await serve(`
hostname: mx.postfix.example
domains: [postfix.example]
resolvers: ["127.0.0.1:9"]
${door(port)}
releaser: { socket: ${helper.socket} }
subscribers: [{ id: anna, logins: [{ name: ${LOGIN} }] }]
`)
  t.after(() => served.stop())
  return { peer, served }
}

/** One message: how often a recipient was refused. */
async function sends(port: number, to: readonly string[]): Promise<number> {
  const session = await talk(port)
  const say = (line: string) => session.say(`${line}\r\n`)
  const refused: string[] = []
  for (const line of [
    'EHLO front',
    `XCLIENT ADDR=198.51.100.23 LOGIN=${LOGIN}`,
    'EHLO home.example',
    `MAIL FROM:<${LOGIN}>`,
  ])
    assert.match(await say(line), /^2/, line)
  for (const one of to) if ((await say(`RCPT TO:<${one}>`)).startsWith('554')) refused.push(one)
  assert.match(await say('DATA'), /^354/)
  const about = `From: ${LOGIN}\r\nDate: Sat, 28 Nov 2026 06:00:00 +0000\r\nSubject: x`
  assert.match(await say(`${about}\r\n\r\nhello\r\n.`), /^250/)
  session.end()
  return refused.length
}

for (const way of DOORS)
  test(`${way.name}: whom Postfix refuses is no first-timer`, async t => {
    const { peer, served } = await beside(t, way)
    const facts = async (nth: number) =>
      eventually(async () => {
        const { output } = await cordon(served.folder, 'events', `login:${LOGIN}`)
        const lines = output.split('\n').filter(line => line.includes('tx-commit'))
        const [recipients, firstTime] = ['recipients', 'firstTime'].map(name =>
          lines.map(line => Number(new RegExp(`"${name}":(\\d+)`).exec(line)?.[1])),
        )
        return lines.length > nth ? { recipients, firstTime } : undefined
      })
    assert.equal(await sends(peer.port, [...GONE, 'inbox@postfix.example']), 15)
    assert.deepEqual(await facts(0), { recipients: [1], firstTime: [1] })
    const [one, two] = ['one@postfix.example', 'two@postfix.example']
    assert.equal(await sends(peer.port, [one, ...GONE, two]), 15)
    const { recipients, firstTime } = await facts(1)
    assert.deepEqual(
      [recipients?.toSorted(), firstTime?.toSorted()],
      [
        [1, 2],
        [1, 2],
      ],
    )
  })
