// Cordon on a Unix socket, beside a real Postfix with a chroot: what the doctor says is what Postfix meets.

import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { freePort } from '../support/free-port.ts'
import { postfix } from '../support/postfix.ts'
import { releaserOf } from '../support/releaser.ts'
import { CLI } from '../support/program.ts'
import { run, serve } from '../support/serve.ts'
import { strangerSends } from '../support/stranger.ts'

type Setup = {
  readonly chroot: 'y' | 'n'
  /** Where Cordon listens, and how Postfix names it. */
  readonly socket: (queue: string, outside: string) => readonly [socket: string, written: string]
  readonly mode?: number
}

/** What the doctor says, and Postfix to a message. */
async function met(t: TestContext, { chroot, socket: of, mode }: Setup) {
  const outside = mkdtempSync(join(tmpdir(), 'cordon-socket-'))
  t.after(() => rmSync(outside, { recursive: true }))
  chmodSync(outside, 0o755)
  const port = await freePort()
  // The queue is known when Postfix is there: the setting is a name that is given after.
  const placed = join(outside, 'policy.sock')
  const named = of('QUEUE', placed)[1]
  const check = `check_policy_service ${named}`
  const peer = await postfix({
    relayPort: 9,
    services: [`127.0.0.1:${port} inet n - ${chroot} - - smtpd`],
    more: `enable_long_queue_ids = yes
smtpd_authorized_xclient_hosts = 127.0.0.1
smtpd_recipient_restrictions = ${check}, reject_unauth_destination
smtpd_end_of_data_restrictions = ${check}
smtpd_policy_service_try_limit = 1
smtpd_policy_service_default_action = 451 4.3.5 away`,
  })
  t.after(peer.stop)
  const [socket] = of(peer.queue, placed)
  mkdirSync(join(peer.queue, 'cordon'))
  const helper = await releaserOf(peer)
  t.after(() => helper.close())
  const served = await serve(`
hostname: mx.postfix.example
domains: [postfix.example]
resolvers: ["127.0.0.1:9"]
policyService: { socket: ${socket}, countAt: end-of-message }
releaser: { socket: ${helper.socket} }
rules: { reverse-dns: "off", helo-unresolved: "off", spf: "off", greylist: "off" }
`)
  t.after(() => served.stop())
  if (mode !== undefined) chmodSync(outside, mode)
  const config = join(served.folder, 'cordon.yaml')
  const args = ['doctor', 'postfix', '--config-directory', peer.etc, '--config', config]
  const doctor = await run(process.execPath, [CLI, ...args])
  const reply = await strangerSends(port, 'Subject: x\n\nx', { to: [`inbox@${peer.domain}`] })
  return { doctor: doctor.output, reply }
}

test('outside of the queue, with a chroot: no smtpd reaches it, and the doctor is red', async t => {
  const { doctor, reply } = await met(t, {
    chroot: 'y',
    socket: (_, outside) => [outside, `unix:${outside}`],
  })
  assert.match(reply, /^451 4\.3\.5/)
  assert.match(doctor, /policy service at unix:\S+: does not answer\n.*as its root \(chroot/)
})

test('in the queue, named from there: reached with a chroot, and the doctor says so', async t => {
  const { doctor, reply } = await met(t, {
    chroot: 'y',
    socket: queue => [join(queue, 'cordon/policy.sock'), 'unix:cordon/policy.sock'],
  })
  assert.match(reply, /^250/, doctor)
  assert.match(doctor, /policy service at unix:cordon\/policy\.sock: answers/)
})

test('in a folder that postfix may not enter: no smtpd reaches it, and the doctor is red', async t => {
  const { doctor, reply } = await met(t, {
    chroot: 'n',
    socket: (_, outside) => [outside, `unix:${outside}`],
    mode: 0o700,
  })
  assert.match(reply, /^451 4\.3\.5/)
  assert.match(doctor, /does not answer\n.*not to postfix, as whom Postfix asks \(EACCES/)
})
