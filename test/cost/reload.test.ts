// A reload of many customers beside mail: what the engine's thread does in one piece is small against the reading of the file, which is
// done elsewhere. Measured in this thread's CPU between two turns of its loop, so that other programs count for nothing.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { after, before, test } from 'node:test'
import type { Cordon } from '../../src/app/cordon.ts'
import { readConfiguration } from '../../src/app/configured-files.ts'
import { portsOf } from '../../src/app/place.ts'
import { readAgain } from '../../src/app/read-again.ts'
import { startCordon } from '../../src/main.ts'
import { talk } from '../support/smtp-talk.ts'

const CUSTOMERS = 5000

const folder = mkdtempSync(join(tmpdir(), 'cordon-reload-'))
const file = join(folder, 'cordon.yaml')
const lines = (line: (i: number) => string) =>
  Array.from({ length: CUSTOMERS }, (_, i) => `  - ${line(i)}\n`).join('')
const text = `hostname: mail.isp.example
dataFolder: ${join(folder, 'data')}
domains: [isp.example]
resolvers: ["127.0.0.1:1"]
listeners: [{ kind: inbound, port: 0 }]
http: { console: { port: 0 }, portal: { port: 0 } }
connections: { perMinute: 1000000 }
leases:
${lines(i => `{ prefix: 10.0.${i >> 8}.${i & 255}, subscriber: "${i}" }`)}subscribers:
${lines(i => `{ id: "${i}", logins: [{ name: user${i}@isp.example, addresses: [u${i}@isp.example] }] }`)}`

const cpu = () => {
  const { user, system } = process.threadCpuUsage()
  return user + system
}

let cordon: Cordon
/** CPU of reading the file, in one piece. */
let reading = 0
before(async () => {
  writeFileSync(file, text)
  const config = readConfiguration(file)
  // What the compiler does is done by now.
  const begun = cpu()
  readConfiguration(file)
  reading = cpu() - begun
  cordon = await startCordon(config, {
    trouble: () => undefined,
    reread: agreed => readAgain(file, agreed),
  })
})
after(async () => {
  await cordon.close()
  rmSync(folder, { recursive: true })
})

/** The longest this thread worked between two turns, as a share of the reading; and how often a client was answered meanwhile. */
async function besideMail(work: () => Promise<unknown>) {
  const [port = 0] = portsOf(cordon.places, 'smtp')
  let [longest, answered] = [0, 0]
  const state = { working: true }
  const turns = (async () => {
    while (state.working) {
      const begun = cpu()
      await nextTurn()
      longest = Math.max(longest, cpu() - begun)
    }
  })()
  const client = (async () => {
    while (state.working) {
      const session = await talk(port)
      await session.say('EHLO mx.meadow.example\r\n')
      session.end()
      if (state.working) answered++
    }
  })()
  await Promise.all([work().finally(() => (state.working = false)), turns, client])
  return { share: longest / reading, answered }
}

async function reloaded(written: string, said: RegExp): Promise<void> {
  writeFileSync(file, written)
  const { outcome, text } = await cordon.reload({ by: 'the test' })
  assert.equal(outcome, 'done', text)
  assert.match(text, said)
}

for (const [what, written, said, most] of [
  ['nothing', text, /nothing has changed/, 0.1],
  ['one number', text.replace('domains:', 'maxRecipients: 7\ndomains:'), /maxRecipients/, 0.15],
  ['one customer', text.replace('subscribers:\n', 'subscribers:\n  - { id: new }\n'), /\+1/, 0.3],
] as const)
  test(`a reload that changes ${what} holds up nobody`, { timeout: 120_000 }, async t => {
    // Twice: what is compiled for the first time does not count.
    await reloaded(written, /./)
    await reloaded(text, /./)
    const { share, answered } = await besideMail(() => reloaded(written, said))
    t.diagnostic(`longest piece ${share.toFixed(3)} of a reading, ${answered} clients answered`)
    assert.ok(share < most, `one piece of ${share.toFixed(2)} of a reading`)
    if (what !== 'nothing') assert.ok(answered > 5, `${answered} clients were answered`)
  })
