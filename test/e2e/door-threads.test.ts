// The SMTP doors in threads of their own: what is shared is shared, and what the engine's thread says reaches them.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { startDoorThreads } from '../../src/drivers/engine-port/door-threads.ts'
import { hashPassword } from '../../src/drivers/credentials/password-hash.ts'
import { from, milterTalk, offer } from '../support/milter-client.ts'
import { CLI } from '../support/program.ts'
import { eventually, run, serve } from '../support/serve.ts'
import { talk } from '../support/smtp-talk.ts'

const hash = await hashPassword('a password', { memory: 8, passes: 1 })
const config = `
hostname: mail.isp.example
domains: [isp.example]
holdDelivery: true
doorThreads: 2
listeners: [{ kind: submission, port: 0 }, { kind: inbound, port: 0 }]
subscribers: [{ id: "1", logins: [{ name: anna@isp.example, passwordHash: "${hash}" }] }]
`

const LOGIN = `AUTH PLAIN ${Buffer.from('\0anna@isp.example\0a password').toString('base64')}\r\n`

async function loggedIn(port: number) {
  const session = await talk(port)
  await session.say('EHLO client.example\r\n')
  await session.say('STARTTLS\r\n')
  await session.secure()
  await session.say('EHLO client.example\r\n')
  assert.match(await session.say(LOGIN), /^235/)
  return session
}

test('a cap holds over all threads, and who leaves any of them makes room', async t => {
  const served = await serve(`${config}connections: { perAddress: 8 }\n`)
  t.after(served.stop)
  const port = served.ports[1] ?? 0
  const inside = await Promise.all(Array.from({ length: 8 }, () => talk(port)))
  await assert.rejects(
    talk(port).then(session => session.say('NOOP\r\n')),
    /ended/,
  )
  assert.match(await (await fetch(`${served.console}metrics`)).text(), /cordon_smtp_connections 8/)
  inside[0]?.end()
  await eventually(async () => {
    const session = await talk(port)
    const answer = await session.say('NOOP\r\n').catch(() => '')
    session.end()
    return answer.startsWith('250') ? true : undefined
  })
  for (const session of inside) session.end()
})

test('a login that is stopped is cut in every thread; so is its next attempt', async t => {
  const served = await serve(config)
  t.after(served.stop)
  const port = served.ports[0] ?? 0
  const sessions = await Promise.all(Array.from({ length: 8 }, () => loggedIn(port)))
  const impose = 'incident impose login:anna@isp.example stop-login --why test --data'.split(' ')
  const stopped = await run(process.execPath, [CLI, ...impose, join(served.folder, 'data')])
  assert.equal(stopped.code, 0, stopped.output)
  const ends = await Promise.all(
    sessions.map(session => session.say('NOOP\r\n').catch((error: Error) => error.message)),
  )
  for (const end of ends) assert.match(end, /^421 4\.7\.0 |ended/)
  await assert.rejects(loggedIn(port), /535|550|454/)
})

test('any door of the list that may be can be in threads: the milter asks the same engine, of the same size, from there', async t => {
  const served = await serve(`${config}milter: { port: 0, skipRules: [] }\n`)
  t.after(served.stop)
  const [, port = ''] = /milter on port (\d+)/.exec(served.said) ?? []
  // Of a thread the kernel chooses, some connections one after the other find both.
  for (let i = 0; i < 6; i++) {
    const talk = await milterTalk(Number(port))
    await talk.ask('O', offer())
    talk.tell('C', from('203.0.113.9', 1025))
    await talk.ask('H', 'mx.meadow.example\0')
    assert.equal((await talk.ask('M', '<a@meadow.example>\0')).at(-1)?.letter, 'c')
    const [refused] = await talk.ask('R', '<a@elsewhere.example>\0')
    assert.match(refused?.data.toString('latin1') ?? '', /^5\d\d 5\.\d\.\d \[relay\]/)
    talk.end()
  }
})

test('a message that is larger than what may be ahead arrives whole', async t => {
  const served = await serve(`${config}mailboxes: [sink@isp.example]\n`)
  t.after(served.stop)
  const session = await talk(served.ports[1] ?? 0)
  for (const line of [
    'EHLO mx.meadow.example',
    'MAIL FROM:<>',
    'RCPT TO:<sink@isp.example>',
    'DATA',
  ])
    await session.say(`${line}\r\n`)
  const body = randomBytes(3_000_000).toString('base64').replaceAll(/.{76}/g, '$&\r\n')
  assert.match(await session.say(`Subject: large\r\n\r\n${body}\r\n.\r\n`), /^250/)
  session.end()
  const spooled = await run('sh', ['-c', `cat ${join(served.folder, 'data/spool/bodies')}/*`])
  assert.ok(spooled.output.includes(body), 'what lies in the spool is not what was sent')
})

test('a new certificate reaches the threads, and a message on its way in outlives a shutdown', async t => {
  const served = await serve(config)
  t.after(served.stop)
  const [key, chain] = [join(served.folder, 'key.pem'), join(served.folder, 'chain.pem')]
  const request = 'req -x509 -newkey rsa:2048 -nodes -subj /CN=new.isp.example'.split(' ')
  assert.equal((await run('openssl', [...request, '-keyout', key, '-out', chain])).code, 0)
  const file = join(served.folder, 'cordon.yaml')
  const before = readFileSync(file, 'utf8')
  writeFileSync(file, `${before}certificate: { key: ${key}, chain: ${chain} }\n`)
  served.signal('SIGHUP')
  const shown = () =>
    run('sh', [
      '-c',
      `echo QUIT | openssl s_client -starttls smtp -connect 127.0.0.1:${served.ports[0]} 2>/dev/null | openssl x509 -noout -subject`,
    ])
  await eventually(async () => {
    const subjects = await Promise.all(Array.from({ length: 6 }, shown))
    return subjects.every(({ output }) => output.includes('new.isp.example')) ? true : undefined
  })
  const session = await loggedIn(served.ports[0] ?? 0)
  for (const line of ['MAIL FROM:<anna@isp.example>', 'RCPT TO:<a@elsewhere.example>', 'DATA'])
    await session.say(`${line}\r\n`)
  served.signal('SIGTERM')
  await new Promise(resolve => setTimeout(resolve, 200))
  assert.match(
    await session.say('From: anna@isp.example\r\nSubject: still here\r\n\r\nhello\r\n.\r\n'),
    /^250/,
  )
  session.end()
})

test('a thread that dies is said and started again, on the same ports', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-thread-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'thread.mjs')
  writeFileSync(
    file,
    `import { parentPort, workerData } from 'node:worker_threads'
parentPort.postMessage({ ports: workerData.start.ports ?? [2525] })
parentPort.on('message', said => { if ('replace' in said) throw new Error('broken'); process.exit() })`,
  )
  const said: string[] = []
  const started: (readonly number[] | undefined)[] = []
  const nothing = { engine: {}, logins: {}, caps: {} } as never
  const threads = await startDoorThreads(nothing, {
    count: 2,
    file: new URL(`file://${file}`),
    start: (_thread, ports) => {
      started.push(ports)
      return { ports }
    },
    live: () => [],
    trouble: (_error, about) => void said.push(about),
  })
  assert.deepEqual([threads.ports, started], [[2525], [undefined, [2525]]])
  threads.replace([])
  await eventually(async () => (started.length === 4 ? true : undefined))
  assert.deepEqual(started.slice(2), [[2525], [2525]])
  const lost = 'its connections are lost'
  assert.deepEqual(said.toSorted(), ['a door thread', 'a door thread', lost, lost])
  await threads.close(0)
})
