// Debian's Postfix, set up as docs/integrate-postfix.md says, while Cordon restarts, is dead, or hangs: what its clients see, and how often
// Postfix asks.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, before, type TestContext, test } from 'node:test'
import { type Dovecot, dovecot } from '../support/dovecot.ts'
import { freePort } from '../support/free-port.ts'
import { type Beside, besideOf, certificateIn } from '../support/postfix-beside.ts'
import { blocksOf } from '../support/postfix-page.ts'
import { CLI } from '../support/program.ts'
import { eventually, run } from '../support/serve.ts'
import { talk } from '../support/smtp-talk.ts'
import { submits } from '../support/submitter.ts'

const LOGIN = 'anna@postfix.example'
const INBOX = 'inbox@postfix.example'

let folder: string
let sasl: Dovecot

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cordon-away-'))
  sasl = await dovecot()
  await certificateIn(folder)
})

after(async () => {
  await sasl.stop()
  rmSync(folder, { recursive: true })
})

/** A program that hangs: the kernel takes its connections, and nobody reads. */
async function hanging(t: TestContext) {
  const asked: Socket[] = []
  const server = createServer(socket => {
    socket.on('error', () => undefined)
    asked.push(socket)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.after(() => {
    for (const socket of asked) socket.destroy()
    server.close()
  })
  return { asked, port: (server.address() as AddressInfo).port }
}

async function besideHere(
  t: TestContext,
  section: string,
  port: number,
  instead: Readonly<Record<string, string>> = {},
): Promise<Beside> {
  const one = await besideOf(section, port, { folder, sasl, instead })
  t.after(one.peer.stop)
  return one
}

/** A setting of the page, in seconds or as a number. */
const set = (section: string, name: string): number => {
  const [, value] = new RegExp(`^${name} = (\\d{1,9})s?$`, 'm').exec(blocksOf(section).main) ?? []
  return Number(value)
}

const doctor = (one: Beside, ...options: readonly string[]) =>
  run(
    process.execPath,
    [CLI, 'doctor', 'postfix', '--config-directory', one.peer.etc].concat(options),
  )

const POLICY = 'By policy delegation'
const MILTER = 'As a milter'
const submitted = { login: LOGIN, to: [INBOX] }

test('policy delegation, Cordon hangs: Postfix asks as often as the page says, a minute at most in all, and puts off; the doctor is red', async t => {
  const attempts = set(POLICY, 'smtpd_policy_service_try_limit')
  const timeout = set(POLICY, 'smtpd_policy_service_timeout')
  const pause = set(POLICY, 'smtpd_policy_service_retry_delay')
  assert.ok(attempts * timeout + (attempts - 1) * pause <= 60)
  const { asked, port } = await hanging(t)
  const one = await besideHere(t, POLICY, port, {
    smtpd_policy_service_timeout: '1s',
    smtpd_policy_service_retry_delay: '1s',
  })
  assert.match(await submits({ ...submitted, port: one.submission }), /^451 4\.3\.5 /)
  assert.equal(asked.length, attempts)
  const said = await doctor(one, '--policy', `inet:127.0.0.1:${port}`)
  assert.equal(said.code, 1)
  assert.match(
    said.output,
    /policy service at \S+: does not answer\n.*says nothing for 5 s.*default_action says \(451 4\.3\.5/,
  )
})

test('milter, Cordon hangs: Postfix asks once in a session, and puts off; the doctor is red', async t => {
  assert.ok(set(MILTER, 'milter_connect_timeout') <= 60)
  assert.ok(set(MILTER, 'milter_command_timeout') <= 60)
  // RFC 5321 section 4.5.3.2.6: clients wait ten minutes for the answer to the end.
  assert.ok(set(MILTER, 'milter_content_timeout') < 600)
  const { asked, port } = await hanging(t)
  const one = await besideHere(t, MILTER, port, { milter_command_timeout: '1s' })
  // Whoever looked whether Postfix listens had a session, too.
  const askedFor = async (session: () => Promise<void>) => {
    const before = asked.length
    await session()
    return asked.length - before
  }
  const started = await askedFor(async () => {
    assert.match(await submits({ ...submitted, port: one.submission }), /^454 4\.3\.0 /)
  })
  assert.ok(started <= 2)
  const wrapped = { ...submitted, port: one.submissions, wrapped: true }
  const attempts = await askedFor(async () => {
    assert.match(await submits(wrapped), /^454 4\.3\.0 /)
  })
  assert.equal(attempts, 1)
  const server = await talk(one.peer.port)
  assert.match(await server.say('EHLO mx.meadow.example\r\n'), /^250/)
  assert.match(await server.say('MAIL FROM:<>\r\n'), /^451 4\.7\.1 Service unavailable/)
  server.end()
  const said = await doctor(one, '--milter', `inet:127.0.0.1:${port}`)
  assert.equal(said.code, 1)
  assert.match(said.output, /milter at \S+: does not answer/)
})

test('nobody listens: a policy service is asked for as often; a milter is not, and STARTTLS is deferred', async t => {
  const port = await freePort()
  const asking = await besideHere(t, POLICY, port, { smtpd_policy_service_retry_delay: '1s' })
  assert.match(await submits({ ...submitted, port: asking.submission }), /^451 4\.3\.5 /)
  const shown = await besideHere(t, MILTER, port)
  assert.match(await submits({ ...submitted, port: shown.submission }), /^454 4\.3\.0 /)
  const said = await doctor(shown, '--milter', `inet:127.0.0.1:${port}`)
  assert.equal(said.code, 1)
  assert.match(said.output, /ECONNREFUSED.*milter_default_action says \(tempfail\)/)
})

/** With the socket unit; `restart` resolves when the old one has ended and the new one begins to start. */
async function served(t: TestContext, name: string, section: (port: number) => string) {
  const place = mkdtempSync(join(tmpdir(), 'cordon-restart-'))
  const file = join(place, 'cordon.yaml')
  const port = await freePort()
  writeFileSync(
    file,
    `dataFolder: ${join(place, 'data')}
http: { console: { port: 0 }, portal: { port: 0 } }
log: silent
drainFor: 2s
hostname: mx.postfix.example
domains: [postfix.example]
resolvers: ["127.0.0.1:9"]
limits: { consumer: { messagesPerHour: 100000, recipientsPerHour: 100000 } }
subscribers: [{ id: anna, logins: [{ name: ${LOGIN} }] }]
${section(port)}
`,
  )
  const program = join(import.meta.dirname, '../support/socket-activator.py')
  const activator = spawn(
    'python3',
    [program, name, '1', process.execPath, CLI, 'serve', '--config', file],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  )
  const ended = once(activator, 'exit')
  t.after(async () => {
    activator.stdin.end('stop\n')
    await ended
    rmSync(place, { recursive: true, force: true })
  })
  const lines = createInterface({ input: activator.stdout })
  const [first] = (await once(lines, 'line')) as [string]
  const restart = async () => {
    const again = new Promise<void>(resolve => {
      const hear = (line: string) => {
        if (line !== 'restarted') return
        lines.off('line', hear)
        resolve()
      }
      lines.on('line', hear)
    })
    activator.stdin.write('restart\n')
    await again
  }
  return { port: Number(first), restart }
}

for (const [section, name, yaml] of [
  [MILTER, 'milter', (port: number) => `milter: { port: ${port} }`],
  [
    POLICY,
    'policy-service',
    (port: number) => `policyService: { port: ${port}, countAt: end-of-message }`,
  ],
] as const)
  test(`${name}: two restarts under load, with the socket unit: no AUTH fails, nothing is lost or doubled`, async t => {
    const { port, restart } = await served(t, name, yaml)
    const one = await besideHere(t, section, port)
    const outcomes: Record<string, number> = {}
    const taken: string[] = []
    let count = 0
    const over = new AbortController()
    const sends = async () => {
      const subject = `letter-${count++}-`
      // As RFC 5321 section 4.5.4 has it: put off is tried again.
      for (let attempt = 0; attempt < 20; attempt++) {
        const reply = await submits({ ...submitted, port: one.submission, subject })
        outcomes[reply.slice(0, 9)] = (outcomes[reply.slice(0, 9)] ?? 0) + 1
        if (reply.startsWith('250')) return void taken.push(subject)
        assert.match(reply, /^4/)
      }
      assert.fail(`${subject} was never taken`)
    }
    const load = Array.from({ length: 4 }, async () => {
      while (!over.signal.aborted) await sends()
    })
    const moreAreTaken = () => {
      const wanted = taken.length + 8
      return eventually(() => (taken.length >= wanted ? true : undefined), 180)
    }
    await moreAreTaken()
    for (let i = 0; i < 2; i++) {
      await restart()
      await moreAreTaken()
    }
    over.abort()
    await Promise.all(load)
    t.diagnostic(JSON.stringify(outcomes))
    assert.equal(outcomes['454 4.3.0'] ?? 0, 0, 'STARTTLS and AUTH work while Cordon starts')
    const allowed = name === 'milter' ? ['250 2.0.0', '451 4.7.1'] : ['250 2.0.0']
    assert.deepEqual(
      Object.keys(outcomes).filter(outcome => !allowed.includes(outcome)),
      [],
    )
    await eventually(() => (one.peer.taken().length >= taken.length ? true : undefined))
    const arrived = one.peer.taken().map(mail => /^Subject: (\S+)/m.exec(mail)?.[1] ?? '')
    assert.deepEqual(arrived.toSorted(), taken.toSorted())
  })
