// Mail that is refused for its form, before any rule is asked, leaves the same traces as any other refusal: a name in the reply, a line
// in the log, a number in the metrics, and it is found by its addresses. So do a header that ended early and guesses at the portal.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { readJournal } from '../../src/drivers/journal/read-journal.ts'
import type { Event } from '../../src/model/event.ts'
import { cordon, eventually, type Served, serve } from '../support/serve.ts'
import { talk } from '../support/smtp-talk.ts'

let served: Served

before(async () => {
  served = await serve(`
hostname: mail.isp.example
domains: [isp.example]
mailboxes: [sink@isp.example]
maxMessageSize: 400000
listeners: [{ kind: inbound, port: 0 }]
rules: { attachment: enforce }
`)
})
after(() => served.stop())

const OPENING = [
  'EHLO mx.meadow.example',
  'MAIL FROM:<carla@meadow.example>',
  'RCPT TO:<sink@isp.example>',
]

async function send(message: string, opening: readonly string[] = [...OPENING, 'DATA']) {
  const session = await talk(served.ports[0] ?? 0)
  try {
    for (const line of opening) {
      const reply = await session.say(`${line}\r\n`)
      if (!/^[23]/.test(reply)) return reply
    }
    return await session.say(Buffer.from(`${message}\r\n.\r\n`, 'latin1'))
  } finally {
    session.end()
  }
}

const metrics = async () => (await fetch(`${served.console}metrics`)).text()

async function event(is: (one: Event) => boolean): Promise<Event> {
  return eventually(async () => {
    for await (const one of readJournal(join(served.folder, 'data/journal'), 0))
      if (is(one)) return one
    return undefined
  })
}

const HEADER = 'From: carla@meadow.example\r\nSubject: x\r\n'
const FAULTS = {
  newline: { message: `${HEADER}\r\na\nb`, reply: /^554 5\.6\.0 \[newline\] / },
  header: {
    message: `Message-ID: <long@meadow.example>\r\n${'X: y\r\n'.repeat(1100)}\r\nhello`,
    reply: /^552 5\.3\.4 \[header\] /,
  },
  size: {
    message: `${HEADER}\r\n${`${'x'.repeat(76)}\r\n`.repeat(6000)}`,
    reply: /^552 5\.3\.4 \[size\] .*at most \d+ bytes/,
  },
}

for (const [rule, { message, reply: expected }] of Object.entries(FAULTS))
  test(`refused for its ${rule}: named, found by name and by address, logged, counted`, async () => {
    const reply = await send(message)
    assert.match(reply, expected)
    const id = /id ([0-9a-z]{19})\)$/.exec(reply)?.[1] ?? ''
    assert.notEqual(id, '', reply)
    const { output } = await cordon(served.folder, 'refusal', id)
    assert.match(output, new RegExp(`reject by ${rule} \\(`))
    assert.match(output, /^recipient +\S+@isp\.example$/m)
    const line = await event(one => one.kind === 'judged' && one.refusal === id)
    assert.ok(line.kind === 'judged' && line.rule === rule && line.session !== undefined)
    assert.match(
      await metrics(),
      new RegExp(`cordon_verdicts_total\\{[^}]*rule="${rule}"[^}]*\\} [1-9]`),
    )
    for (const address of ['Carla@Meadow.example', 'sink@isp.example'])
      await eventually(async () => {
        const found = await cordon(served.folder, 'refusal', '--address', address)
        return found.output.includes(id) ? true : undefined
      })
  })

const MARK = 'Message-ID: <MARK@meadow.example>\r\n'
const FILLER = 'X: y\r\n'
for (const [what, make] of Object.entries({
  'too many fields, first': mark => `${mark}${FILLER.repeat(1100)}\r\nhi`,
  'too many fields, further down': mark => `${FILLER.repeat(4)}${mark}${FILLER.repeat(1100)}\r\nhi`,
  'too many fields, the 900th': mark => `${FILLER.repeat(900)}${mark}${FILLER.repeat(200)}\r\nhi`,
  'too long a header': mark => `${HEADER}${mark}X: ${'y'.repeat(300_000)}\r\n\r\nhi`,
  'a bare newline': mark => `${HEADER}${mark}\r\na\nb`,
  'a bare newline in the header': mark => `${HEADER}A: b\n${mark}\r\na`,
  'too large': mark => `${HEADER}${mark}\r\n${`${'x'.repeat(76)}\r\n`.repeat(6000)}`,
} satisfies Record<string, (mark: string) => string>))
  test(`found by its Message-ID: ${what}`, async () => {
    const name = what.replaceAll(/\W/g, '-')
    const reply = await send(make(MARK.replace('MARK', name)))
    const id = /id ([0-9a-z]{19})\)$/.exec(reply)?.[1] ?? '-'
    const asked = ['refusal', '--message-id', `${name}@meadow.example`]
    const found = await eventually(async () => {
      const { output } = await cordon(served.folder, ...asked)
      return output.includes(id) || !/nothing/.test(output) ? output : undefined
    })
    assert.ok(found.includes(id), `${reply}: ${found}`)
    const { output } = await cordon(served.folder, 'refusal', id)
    assert.match(output, new RegExp(`^message-id <${name}@meadow.example>$`, 'm'))
  })

test('a size that is declared is refused by name, too', async () => {
  const reply = await send('', ['EHLO x', 'MAIL FROM:<carla@meadow.example> SIZE=99999999'])
  assert.match(reply, /^552 5\.3\.4 \[size\] .*id [0-9a-z]{19}\)$/)
})

test('found by Message-ID, with its brackets and without', async () => {
  const reply = await send(
    `${HEADER}Message-ID: <42@meadow.example>\r\nContent-Type: application/octet-stream; name="a.exe"\r\n\r\nx`,
  )
  const id = /id ([0-9a-z]{19})\)$/.exec(reply)?.[1] ?? '-'
  for (const asked of ['<42@meadow.example>', '42@meadow.example'])
    await eventually(async () => {
      const found = await cordon(served.folder, 'refusal', '--message-id', asked)
      return found.output.includes(id) ? true : undefined
    })
  assert.match((await cordon(served.folder, 'refusal', '--message-id', 'other')).output, /nothing/)
  assert.equal((await cordon(served.folder, 'refusal')).code, 2)
})

test('one sender has one hash, in what is refused and in what is taken', async () => {
  assert.match(await send(`${HEADER}\r\nhello`), /^250/)
  const taken = await event(one => one.kind === 'tx-commit')
  const judged = await event(one => one.kind === 'step-judged' && one.step.sender !== undefined)
  assert.ok(taken.kind === 'tx-commit' && judged.kind === 'step-judged')
  assert.equal(judged.step.sender, taken.sender)
})

test('a header that a line without a colon ends is told of, and counted', async () => {
  assert.match(
    await send(`From: carla@meadow.example\r\nno field\r\nSubject: x\r\n\r\nhello`),
    /^250/,
  )
  const told = await event(one => one.kind === 'header-ended-early')
  assert.ok(told.kind === 'header-ended-early')
  const taken = await event(one => one.kind === 'tx-commit' && one.message === told.message)
  assert.ok(taken)
  assert.match(await metrics(), /cordon_headers_ended_early_total\{listener="inbound"\} 1/)
})

test('guesses at the portal are told of, and counted', async () => {
  const portal = /portal on (\S+)/.exec(served.said)?.[1] ?? ''
  const body = new URLSearchParams({ customer: '10017', password: 'a guess' })
  assert.equal((await fetch(`${portal}login`, { method: 'POST', body })).status, 401)
  const told = await event(one => one.kind === 'portal-login')
  assert.ok(told.kind === 'portal-login' && !told.ok)
  assert.deepEqual([told.address, told.subscriber], ['127.0.0.1', '10017'])
  assert.match(await metrics(), /cordon_portal_logins_total\{result="wrong"\} 1/)
})
