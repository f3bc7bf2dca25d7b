// What runs the mail at three in the morning: metrics, health, the log, a reload, and a restart under load that refuses
// nobody.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { hashPassword } from '../../src/drivers/credentials/password-hash.ts'
import { freePort } from '../support/free-port.ts'
import { CLI } from '../support/program.ts'
import { eventually, run, serve } from '../support/serve.ts'
import { sink } from '../support/smtp-sink.ts'
import { talk } from '../support/smtp-talk.ts'

const config = `
hostname: mail.isp.example
domains: [isp.example]
mailboxes: [sink@isp.example]
holdDelivery: true
listeners: [{ kind: inbound, port: 0 }, { kind: submission, port: 0 }]
`

const source = (port: number, ...args: string[]) =>
  run('/usr/sbin/smtp-source', ['-f', 'a@meadow.example', ...args, `inet:127.0.0.1:${port}`])

test('metrics and health', async t => {
  const served = await serve(config)
  t.after(served.stop)
  const [port = 0] = served.ports
  assert.equal((await source(port, '-m', '3', '-l', '1000', '-t', 'sink@isp.example')).code, 0)
  await source(port, '-m', '1', '-t', 'somebody@elsewhere.example')
  const health = await fetch(`${served.console}healthz`)
  assert.deepEqual([health.status, await health.text()], [200, 'ok\n'])
  const answer = await fetch(`${served.console}metrics`)
  assert.match(answer.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/)
  const text = await answer.text()
  assert.match(text, /^cordon_messages_total\{listener="inbound"\} 3$/m)
  assert.match(
    text,
    /^cordon_verdicts_total\{verdict="reject",reason="relay-denied",rule="relay",observed="no"\} 1$/m,
  )
  assert.match(text, /^cordon_queue_recipients\{state="queued"\} 3$/m)
  assert.match(text, /^cordon_smtp_connections 0$/m)
  assert.match(text, /^process_resident_memory_bytes \d/m)
})

test('what happens is seen as it happens, until Ctrl-C or the end of the server', async t => {
  const served = await serve(config)
  t.after(served.stop)
  const [port = 0] = served.ports
  const top = spawn(process.execPath, [CLI, 'top', '--data', join(served.folder, 'data')])
  let seen = ''
  for (const out of [top.stdout, top.stderr]) out.on('data', chunk => (seen += String(chunk)))
  const ended = once(top, 'exit')
  const refused = () => source(port, '-m', '1', '-t', 'somebody@elsewhere.example')
  await eventually(async () => {
    await refused()
    return /127\.0\.0\.1 {2}reject at rcpt: relay\n/.test(seen) || undefined
  })
  top.kill('SIGINT')
  assert.deepEqual(await ended, [0, null], seen)
  const until = run(process.execPath, [CLI, 'top', '--data', join(served.folder, 'data')])
  await pause(500)
  await served.end()
  const { code, output } = await until
  assert.equal(code, 69)
  assert.match(output, /Cordon (?:has ended|ended without an answer)|no Cordon answers/)
})

test('SIGHUP takes over customers and the certificate, names what must wait, and a bad file changes nothing', async t => {
  const hash = await hashPassword('a password', { memory: 8, passes: 1 })
  const served = await serve(config)
  t.after(served.stop)
  const file = join(served.folder, 'cordon.yaml')
  const before = readFileSync(file, 'utf8')
  const login = async () => {
    const script = `
import smtplib, ssl
s = smtplib.SMTP('127.0.0.1', ${served.ports[1]}); s.starttls(context=ssl._create_unverified_context())
print(ssl.DER_cert_to_PEM_cert(s.sock.getpeercert(True)))
try: print(s.login('anna@isp.example', 'a password'))
except smtplib.SMTPException as e: print(e)`
    return (await run('python3', ['-c', script])).output
  }
  assert.match(await login(), /535/)
  writeFileSync(file, 'listeners: nonsense\n')
  served.signal('SIGHUP')
  const [key, chain] = [join(served.folder, 'key.pem'), join(served.folder, 'chain.pem')]
  const request = 'req -x509 -newkey rsa:2048 -nodes -subj /CN=mail.isp.example'.split(' ')
  const made = await run('openssl', [...request, '-keyout', key, '-out', chain])
  assert.equal(made.code, 0, made.output)
  assert.match(await login(), /535/)
  writeFileSync(
    file,
    `${before}
certificate: { key: ${key}, chain: ${chain} }
subscribers: [{ id: "1", logins: [{ name: anna@isp.example, passwordHash: "${hash}" }] }]
maxRecipients: 7
`,
  )
  served.signal('SIGHUP')
  // A handshake may come before the reload, and the login of that connection after it.
  await eventually(async () => {
    const output = (await login()).replaceAll('\r', '')
    const isNew = output.includes('235') && output.includes(readFileSync(chain, 'utf8').trim())
    return isNew ? output : undefined
  })
})

for (const doorThreads of [0, 1]) {
  test(`rules, sizes, caps, forwards and routes change while it runs (doorThreads: ${doorThreads})`, async t => {
    const port = await freePort()
    const outside = await sink('127.0.0.1', port)
    t.after(outside.stop)
    const dead = await freePort()
    const routed = (to: number) => `routes: { "*": { host: 127.0.0.1, port: ${to} } }\n`
    const common = `
hostname: mail.isp.example
domains: [isp.example]
listeners: [{ kind: inbound, port: 0 }]
doorThreads: ${doorThreads}
`
    const served = await serve(
      `${common}${routed(dead)}forwards: { away@isp.example: [friend@elsewhere.example] }\n`,
    )
    t.after(served.stop)
    const [at = 0] = served.ports
    const file = join(served.folder, 'cordon.yaml')
    const before = readFileSync(file, 'utf8')
    const replies = async () => {
      const session = await talk(at)
      const ehlo = await session.say('EHLO mail.isp.example\r\n')
      await session.say('MAIL FROM:<a@meadow.example>\r\n')
      const rcpt = await session.say('RCPT TO:<new@isp.example>\r\n')
      session.end()
      return [/SIZE (\d+)/.exec(ehlo)?.[1], rcpt.slice(0, 3)]
    }
    // Our own name in a greeting is refused, and the recipient is not known.
    assert.deepEqual(await replies(), ['50000000', '550'])
    assert.equal((await source(at, '-m', '1', '-l', '100', '-t', 'away@isp.example')).code, 0)
    // A certificate that is not there: nothing at all changes.
    writeFileSync(file, `${before}maxMessageSize: 1\ncertificate: { key: /none, chain: /none }\n`)
    served.signal('SIGHUP')
    await new Promise(resolve => setTimeout(resolve, 300))
    assert.deepEqual(await replies(), ['50000000', '550'])
    writeFileSync(
      file,
      `${before.slice(0, before.indexOf('routes:'))}${routed(port)}
forwards: { new@isp.example: [friend@elsewhere.example], away@isp.example: [friend@elsewhere.example] }
maxMessageSize: 12345
rules: { helo-ours: "off" }
connections: { perAddress: 3 }
`,
    )
    served.signal('SIGHUP')
    await eventually(async () => ((await replies())[0] === '12345' ? true : undefined))
    assert.deepEqual(await replies(), ['12345', '250'])
    const inside = await Promise.all([talk(at), talk(at), talk(at)])
    await assert.rejects(talk(at).then(session => session.say('NOOP\r\n')))
    for (const session of inside) session.end()
    // What waited for the dead server goes by the new way.
    const flushed = await run(process.execPath, [
      CLI,
      'queue',
      'flush',
      '--data',
      join(served.folder, 'data'),
    ])
    assert.equal(flushed.code, 0, flushed.output)
    await eventually(() => (outside.taken().length === 1 ? true : undefined))
  })
}

for (const doorThreads of [0, 2]) {
  test(`a restart under load refuses nobody: the socket is systemd’s (doorThreads: ${doorThreads})`, async t => {
    const folder = mkdtempSync(join(tmpdir(), 'cordon-restart-'))
    const file = join(folder, 'cordon.yaml')
    writeFileSync(
      file,
      `dataFolder: ${join(folder, 'data')}
http: { console: { port: 0 }, portal: { port: 0 } }
log: silent
drainFor: 2s
doorThreads: ${doorThreads}
connections: { perMinute: 1000000 }
${config}`,
    )
    const program = join(import.meta.dirname, '../support/socket-activator.py')
    const activator = spawn(
      'python3',
      [program, 'inbound', `${doorThreads || 1}`, process.execPath, CLI, 'serve', '--config', file],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    )
    const ended = once(activator, 'exit')
    t.after(async () => {
      activator.stdin.end('stop\n')
      await ended
      rmSync(folder, { recursive: true, force: true })
    })
    const lines = createInterface({ input: activator.stdout })
    const [first] = (await once(lines, 'line')) as [string]
    const port = Number(first)
    const deliver = async () => {
      const refused = await mailOnce(port)
      outcomes[refused] = (outcomes[refused] ?? 0) + 1
    }
    const outcomes: Record<string, number> = {}
    await deliver()
    assert.deepEqual(outcomes, { taken: 1 })
    const over = new AbortController()
    const load = Array.from({ length: 5 }, async () => {
      while (!over.signal.aborted) await deliver()
    })
    const moreAreTaken = () => {
      const wanted = (outcomes['taken'] ?? 0) + 20
      return eventually(() => (outcomes['taken'] ?? 0) >= wanted || undefined, 180)
    }
    for (let i = 0; i < 2; i++) {
      await moreAreTaken()
      activator.stdin.write('restart\n')
      await once(lines, 'line')
    }
    // By the one that was started last, or from the sockets' own queues, where they waited for it.
    await moreAreTaken()
    over.abort()
    await Promise.all(load)
    // Who was just greeting is asked to come back (421), as RFC 5321 §3.8 has it; nobody finds a closed door.
    assert.deepEqual(
      Object.keys(outcomes).filter(outcome => outcome !== 'taken' && outcome !== '421'),
      [],
      JSON.stringify(outcomes),
    )
  })
}

/** Sends one message: "taken", the code of a refusal, or the error of the socket. */
function mailOnce(port: number): Promise<string> {
  const lines = [
    'HELO mx.meadow.example',
    'MAIL FROM:<a@meadow.example>',
    'RCPT TO:<sink@isp.example>',
    'DATA',
    'Subject: x\r\n\r\nhello\r\n.',
    'QUIT',
  ]
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1')
    let taken = false
    socket.on('error', error => resolve(taken ? 'taken' : String(error)))
    socket.on('close', () => resolve(taken ? 'taken' : 'closed'))
    socket.on('data', chunk => {
      // A greeting and a goodbye may come together.
      const code = chunk.toString().trimEnd().split('\n').at(-1)?.slice(0, 3) ?? ''
      if (code.startsWith('4') || code.startsWith('5')) {
        resolve(taken ? 'taken' : code)
        return socket.destroy()
      }
      if (lines.length === 1) taken = true
      const line = lines.shift()
      if (line === undefined) return socket.destroy()
      return socket.write(`${line}\r\n`)
    })
  })
}

test('a second Cordon in the same data folder says so and touches nothing', async t => {
  const served = await serve(config)
  t.after(served.stop)
  const second = await run(process.execPath, [
    CLI,
    'serve',
    '--config',
    join(served.folder, 'cordon.yaml'),
  ])
  assert.equal(second.code, 1)
  assert.match(
    second.output,
    /data folder cannot be opened: .* is in use by another Cordon\. Stop that one first/,
  )
  assert.equal((await fetch(`${served.console}healthz`)).status, 200)
})
