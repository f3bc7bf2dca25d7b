// The page behind a refusal, as the postmaster of the other side sees it, and the same on the command line.

import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { cordon, eventually, type Served, serve, startServer } from '../support/serve.ts'
import { readJournal } from '../../src/drivers/journal/read-journal.ts'
import { strangerSends } from '../support/stranger.ts'
import { localDns, type LocalDns } from '../support/unbound.ts'

let dns: LocalDns
let served: Served

before(async () => {
  dns = await localDns([
    '66.100.51.198.bl.example. A 127.0.0.4',
    '2.0.0.127.bl.example. A 127.0.0.2',
    '66.100.51.198.in-addr.arpa. PTR bot.example.',
    'bot.example. A 198.51.100.66',
    '9.100.51.198.in-addr.arpa. PTR liar.example.',
    '7.100.51.198.in-addr.arpa. PTR mx.meadow.example.',
    'mx.meadow.example. A 198.51.100.7',
  ])
  served = await serve(`
hostname: mail.isp.example
provider: Example Net
domains: [isp.example]
mailboxes: [sink@isp.example]
resolvers: ["${dns.server}"]
listeners: [{ kind: inbound, port: 0, trustedXclient: [127.0.0.1] }]
rules: { dns-lists: enforce, reverse-dns: enforce, attachment: enforce }
strangers: { lists: [{ zone: bl.example, codes: [127.0.0.4] }] }
`)
})
after(async () => {
  await served.stop()
  dns.stop()
})

const letter = (more = '') => `From: a@meadow.example\nSubject: x\n${more}\nhello\n`
const portalOf = (one: { said: string }) => /portal on (\S+)/.exec(one.said)?.[1] ?? ''

async function refused(address: string, more = ''): Promise<{ reply: string; id: string }> {
  const reply = await strangerSends(served.ports[0] ?? 0, letter(more), { address })
  const id = /[(; ]id ([0-9a-z]{19})\)$/.exec(reply)?.[1]
  assert.ok(id, reply)
  return { reply, id }
}
const page = async (id: string, method = 'GET', portal = portalOf(served)) => {
  const response = await fetch(`${portal}why/${id}`, { method })
  return { status: response.status, text: (await response.text()).replaceAll(/\s+/g, ' ') }
}

test('which rule, what it saw, how to mend it; looked at again', async () => {
  const { reply, id } = await refused('198.51.100.66')
  assert.match(reply, /^554 5\.7\.1 \[listed\] .*\(id /)
  const first = await page(id)
  assert.equal(first.status, 200)
  for (const words of [
    'Example Net: why was this mail refused?',
    'in a list of sources of spam (DNSBL); have it removed there',
    '198.51.100.66',
    'mx.meadow.example',
    '<code>dns-lists</code>',
    '198.51.100.66 in bl.example: listed (127.0.0.4)',
    'postmaster@isp.example',
  ])
    assert.ok(first.text.includes(words), `${words} in ${first.text}`)
  assert.doesNotMatch(first.text, /sink@|ann@|_for_them/)
  assert.match((await page(id, 'POST')).text, /It is still so/)

  const file = join(served.folder, 'cordon.yaml')
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace('codes: [127.0.0.4]', 'codes: [127.0.0.9]'),
  )
  served.signal('SIGHUP')
  await eventually(async () =>
    /Nothing against it any more/.test((await page(id, 'POST')).text) ? true : undefined,
  )
})

test('a name that does not lead back is named', async () => {
  const liar = await refused('198.51.100.9')
  assert.match(
    (await page(liar.id)).text,
    /called liar\.example, but liar\.example does not lead back/,
  )
})

test('a name nobody was given is nobody’s; what comes from outside is escaped', async () => {
  const { id } = await refused('198.51.100.67')
  for (const wrong of ['x', '0'.repeat(19), id.replace(/.$/, last => (last === '0' ? '1' : '0'))])
    assert.equal((await page(wrong)).status, 404, wrong)
  const reply = await strangerSends(served.ports[0] ?? 0, letter(), {
    address: '198.51.100.9',
    helo: '<script>alert(1)</script>',
  })
  const shown = await page(/\(id (\w+)\)/.exec(reply)?.[1] ?? '')
  assert.equal(shown.status, 200, reply)
  assert.doesNotMatch(shown.text, /<script>/)
})

test('of a message that was refused: its files, its Message-ID, and the session by which the log finds it', async () => {
  const { reply, id } = await refused(
    '198.51.100.7',
    'Message-ID: <42@meadow.example>\nContent-Type: application/octet-stream; name="=?utf-8?Q?a=3Cb=3E=E2=80=AE.exe?="\n',
  )
  assert.match(reply, /\[attachment\] .*it is a<b>\?\.exe/)
  const { text } = await page(id)
  const told = (await cordon(served.folder, 'refusal', id)).output
  for (const words of ['&lt;42@meadow.example&gt;', 'a&lt;b&gt;', '<code>attachment</code>'])
    assert.ok(text.includes(words), text)
  for (const words of [
    'by attachment',
    'message-id <42@meadow.example>',
    'file       a<b>\ufffd.exe',
  ])
    assert.ok(told.includes(words), told)
  const session = /^session +(\S+)$/m.exec(told)?.[1] ?? '-'
  const message = /^message +(\S+)$/m.exec(told)?.[1] ?? '-'
  assert.ok(text.includes(session), text)
  const line = await eventually(async () => {
    for await (const event of readJournal(join(served.folder, 'data/journal'), 0))
      if (event.kind === 'judged' && event.refusal === id) return event
    return undefined
  })
  // It stands in the log like this.
  assert.deepEqual([line.session, line.message], [session, message])
})

test('on the command line, and after a restart from the journal', async () => {
  const { id } = await refused('198.51.100.9')
  const told = await cordon(served.folder, 'refusal', id)
  assert.match(told.output, /reject by reverse-dns \(no-reverse-dns\) at rcpt/)
  assert.match(told.output, /reverse-name/)
  assert.equal((await cordon(served.folder, 'refusal', 'x')).code, 1)
  served.signal('SIGTERM')
  await new Promise(resolve => setTimeout(resolve, 2000))
  const again = await startServer(join(served.folder, 'cordon.yaml'))
  try {
    const found = await page(id, 'GET', portalOf(again))
    assert.equal(found.status, 200)
    assert.match(found.text, /liar\.example/)
  } finally {
    again.server.kill()
  }
})
