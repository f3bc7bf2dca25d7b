// SIGKILL at random under load, twenty times and more: every message that was answered 250 is delivered at least once,
// and none is cut short. The real program, its real files, small and large messages.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { startServer } from '../support/serve.ts'
import { deliveredIn, sendUntil } from '../support/mail-under-load.ts'
import { isWhole } from '../support/whole-message.ts'

const KILLS = 22
const CLIENTS = 8
const PORT = 20_000 + (process.pid % 20_000)

test(`killed ${KILLS} times under load: nothing acknowledged is lost or cut`, {
  timeout: 900_000,
}, async t => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-crash-'))
  const data = join(folder, 'data')
  const config = join(folder, 'cordon.yaml')
  writeFileSync(
    config,
    `hostname: mail.isp.example
dataFolder: ${data}
domains: [isp.example]
mailboxes: [sink@isp.example]
listeners: [{ kind: inbound, port: ${PORT} }]
http: { console: { port: 0 }, portal: { port: 0 } }
log: silent
`,
  )
  const acknowledged = new Set<string>()
  try {
    for (let i = 0; i < KILLS; i++) {
      const { server } = await startServer(config)
      const over = new AbortController()
      const clients = Array.from({ length: CLIENTS }, () =>
        sendUntil(over.signal, { port: PORT, to: 'sink@isp.example', acknowledged }),
      )
      await pause(200 + Math.random() * 600)
      const died = once(server, 'exit')
      server.kill('SIGKILL')
      await died
      over.abort()
      await Promise.all(clients)
    }
    assert.ok(
      acknowledged.size > 200,
      `only ${acknowledged.size} messages were taken: too little happened`,
    )
    const { server } = await startServer(config)
    const box = join(data, 'mailboxes', 'sink@isp.example', 'new')
    const deadline = Date.now() + 60_000
    let delivered = deliveredIn(box)
    while ([...acknowledged].some(id => !delivered.has(id)) && Date.now() < deadline) {
      await pause(300)
      delivered = deliveredIn(box)
    }
    const stopped = once(server, 'exit')
    server.kill('SIGTERM')
    await stopped
    const lost = [...acknowledged].filter(id => !delivered.has(id))
    assert.deepEqual(lost, [], 'acknowledged and lost')
    for (const [id, copies] of delivered)
      for (const copy of copies) assert.ok(isWhole(copy), `${id} is cut short`)
    t.diagnostic(
      `${acknowledged.size} acknowledged, ${[...delivered.values()].flat().length} delivered`,
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
