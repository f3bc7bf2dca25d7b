// What is traced: one message of a customer, from the mail program to the recipient's server; and one line of a router's log, from a
// knock at a closed port to what is decided. The real program in this process, a real mail program (nodemailer) and another's
// mail server (smtp-server) at its ends.

import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'
import { portsOf } from '../../src/app/place.ts'
import { checkConfig } from '../../src/config/load.ts'
import { hashPassword } from '../../src/drivers/credentials/password-hash.ts'
import { startCordon } from '../../src/main.ts'
import type { Event } from '../../src/model/event.ts'
import type { Peer } from '../../test/support/peer.ts'
import { smtpServerPeer } from '../../test/support/smtp-server-peer.ts'
import { type Entered, takeEntered } from './entered.ts'

export type Traced = { readonly message: readonly Entered[]; readonly evidence: readonly Entered[] }

/** Different servers without a name that a bot knocks at: enough to isolate its line. */
const KNOCKS = 32

export async function traced(): Promise<Traced> {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-trace-'))
  const peer = await smtpServerPeer()
  const resume = holdIntervals()
  try {
    return await tracedIn(folder, peer)
  } finally {
    resume()
    await peer.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Longer than a trace: an hour, in ms. */
const HELD = 3_600_000

/**
 * No interval fires until the function that it returns is called. Chores, flushes and look-again timers enter files by their own
 * clock, in either scene or in none: they are no part of the way that is traced.
 */
function holdIntervals(): () => void {
  const real = globalThis.setInterval
  const held: unknown = () => setTimeout(() => undefined, HELD).unref()
  globalThis.setInterval = held as typeof setInterval
  return () => {
    globalThis.setInterval = real
  }
}

async function tracedIn(folder: string, peer: Peer): Promise<Traced> {
  const passwordHash = await hashPassword('a password', { memory: 8, passes: 1 })
  const cordon = await startCordon(
    checkConfig({
      hostname: 'mail.isp.example',
      dataFolder: folder,
      // Nothing is asked outside of the trace.
      resolvers: ['127.0.0.1:1'],
      domains: ['isp.example'],
      listeners: [{ kind: 'submission', port: 0 }],
      firewallLog: { port: 0, antiSpoofed: true },
      http: { console: { port: 0 }, portal: { port: 0 } },
      routes: { '*': { host: '127.0.0.1', port: peer.port } },
      leases: [{ prefix: '203.0.113.7', subscriber: 'anna' }],
      subscribers: [{ id: 'anna', logins: [{ name: 'anna@isp.example', passwordHash }] }],
    }),
  )
  const told = (wanted: Event['kind']) =>
    new Promise<void>(resolve => {
      const stop = cordon.events.listen(event => {
        if (event.kind !== wanted) return
        stop()
        resolve()
      })
    })
  const [submission = 0] = portsOf(cordon.places, 'smtp')
  const [log = 0] = portsOf(cordon.places, 'firewall-log')
  try {
    takeEntered()
    const delivered = told('delivery-done')
    await submit(submission)
    await delivered
    await cordon.engine.idle()
    const message = takeEntered()

    const done = told('notice-sent')
    await knock(log)
    await done
    return { message, evidence: takeEntered() }
  } finally {
    await cordon.close()
  }
}

async function submit(port: number): Promise<void> {
  const program = createTransport({
    host: '127.0.0.1',
    port,
    requireTLS: true,
    tls: { rejectUnauthorized: false },
    auth: { user: 'anna@isp.example', pass: 'a password' },
  })
  await program.sendMail({
    from: 'Anna <anna@isp.example>',
    to: 'carla@smtp-server.example',
    subject: 'Sunday',
    text: 'Shall we?',
  })
  program.close()
}

async function knock(port: number): Promise<void> {
  const router = connect(port, '127.0.0.1')
  await once(router, 'connect')
  for (let i = 1; i <= KNOCKS; i++)
    router.write(
      `${JSON.stringify({
        'oob.prefix': 'cordon refused',
        src_ip: '203.0.113.7',
        src_port: 40_000 + i,
        dest_ip: `198.51.100.${i}`,
        dest_port: 25,
      })}\n`,
    )
  router.end()
}
