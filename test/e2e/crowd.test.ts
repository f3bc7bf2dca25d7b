// Ten thousand who say nothing, a thousand who write a byte a second, one who never ends his line: good mail still flows,
// and what each costs in memory stays within its bound.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type TestContext, test } from 'node:test'
import { cordon, eventually, run, type Served, serve } from '../support/serve.ts'

const CONFIG = `
hostname: mail.isp.example
domains: [isp.example]
mailboxes: [sink@isp.example]
listeners: [{ kind: inbound, port: 0 }]
connections: { total: 20000, perAddress: 20000, perMinute: 100000 }
`
const KIB = 1024

const resident = (served: Served) =>
  Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${served.pid}/status`, 'utf8'))?.[1]) * KIB

/** Good mail, sent and delivered while the others stand around. */
async function goodMailFlows(served: Served, count: number): Promise<void> {
  const { code, output } = await run('/usr/sbin/smtp-source', [
    ...`-s 5 -m ${count} -l 2000 -f a@meadow.example -t sink@isp.example`.split(' '),
    `inet:127.0.0.1:${served.ports[0]}`,
  ])
  assert.equal(code, 0, output)
  await eventually(async () =>
    (await cordon(served.folder, 'queue')).output.includes('No messages.') ? true : undefined,
  )
}

async function crowd(t: TestContext, served: Served, count: number, kind: string) {
  const program = join(import.meta.dirname, '../support/crowd.py')
  const child = spawn('python3', [program, String(served.ports[0]), String(count), kind], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  const lines = createInterface({ input: child.stdout })
  const [said] = (await once(lines, 'line')) as [string]
  t.after(() => child.kill())
  return {
    said,
    go: async () => {
      child.stdin.end()
      await ended
    },
  }
}

for (const [kind, count, most] of [
  ['plain', 10_000, 20 * KIB],
  ['tls', 2000, 80 * KIB],
] as const) {
  test(`${count} idle connections, ${kind}: at most ${most / KIB} KiB each`, async t => {
    const served = await serve(CONFIG)
    t.after(served.stop)
    await goodMailFlows(served, 200)
    const before = resident(served)
    const standing = await crowd(t, served, count, kind)
    assert.equal(standing.said, 'ready')
    await goodMailFlows(served, 50)
    const each = (resident(served) - before) / count
    t.diagnostic(`${(each / KIB).toFixed(1)} KiB each`)
    assert.ok(each <= most, `${(each / KIB).toFixed(1)} KiB each`)
    await standing.go()
    await goodMailFlows(served, 50)
  })
}

test('a thousand who write a byte a second', async t => {
  const served = await serve(CONFIG)
  t.after(served.stop)
  const standing = await crowd(t, served, 1000, 'slow')
  assert.equal(standing.said, 'ready')
  await goodMailFlows(served, 100)
  await standing.go()
})

test('a gigabyte without the end of a line: the session ends long before', async t => {
  const served = await serve(CONFIG)
  t.after(served.stop)
  await goodMailFlows(served, 200)
  const before = resident(served)
  const standing = await crowd(t, served, 1024, 'endless')
  assert.match(standing.said, /^500 5\.5\.2 Line too long|^ended/)
  const grown = (resident(served) - before) / KIB / KIB
  t.diagnostic(`${grown.toFixed(0)} MiB more`)
  assert.ok(grown < 64, `${grown.toFixed(0)} MiB more`)
  await goodMailFlows(served, 50)
})
