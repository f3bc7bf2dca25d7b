// A whole Cordon in this process whose configuration a test replaces again and again, with the least of clients to see what it does.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { connect, isIP } from 'node:net'
import { once } from 'node:events'
import { generate } from 'selfsigned'
import { portsOf } from '../../src/app/place.ts'
import type { Overrides } from '../../src/app/world.ts'
import { checkConfig } from '../../src/config/load.ts'
import type { Cordon } from '../../src/app/cordon.ts'
import { startCordon } from '../../src/main.ts'
import type { Event } from '../../src/model/event.ts'
import { run } from './serve.ts'
import { type SmtpTalk, talk } from './smtp-talk.ts'

export type Scene = {
  readonly cordon: Cordon
  readonly folder: string
  readonly inbound: number
  readonly submission: number
  readonly events: readonly Event[]
  /** Puts another configuration in force; what a reload said of it. */
  reload(config: object): Promise<string>
  /** JSON of the console. */
  ask<T>(path: string): Promise<T>
  end(): Promise<void>
}

/** One way in, and the pages. */
export const leastConfig = (folder: string) => ({
  hostname: 'mail.isp.example',
  domains: ['isp.example'],
  dataFolder: folder,
  log: 'silent',
  listeners: [{ kind: 'inbound', port: 0 }],
  http: { console: { port: 0 }, portal: { port: 0 } },
})

export async function reloadScene(
  config: (folder: string) => object | Promise<object>,
  overrides: Overrides = {},
): Promise<Scene> {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-keys-'))
  const events: Event[] = []
  let next = checkConfig(await config(folder))
  const cordon = await startCordon(next, {
    trouble: () => undefined,
    log: event => void events.push(event),
    reread: () => next,
    ...overrides,
  })
  const [inbound = 0, submission = 0] = portsOf(cordon.places, 'smtp')
  const [console = 0] = portsOf(cordon.places, 'console')
  return {
    cordon,
    folder,
    inbound,
    submission,
    events,
    reload: async given => {
      next = checkConfig(given)
      const { outcome, text } = await cordon.reload({
        by: 'the test',
        despite: 'the next test begins',
      })
      assert.equal(outcome, 'done', text)
      return text
    },
    ask: async path => (await fetch(`http://127.0.0.1:${console}${path}`)).json() as never,
    end: async () => {
      await cordon.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A session with EHLO said; as if from an address elsewhere where one is given (XCLIENT). */
export async function greeted(
  port: number,
  address?: string,
): Promise<SmtpTalk & { ehlo: string }> {
  const session = await talk(port)
  let ehlo = await session.say('EHLO mx.meadow.example\r\n')
  if (address !== undefined) {
    await session.say(`XCLIENT ADDR=${address}\r\n`)
    ehlo = await session.say('EHLO mx.meadow.example\r\n')
  }
  return { ...session, ehlo }
}

/** The code of RCPT to each address, from outside. */
export async function rcpts(port: number, to: readonly string[], from?: string): Promise<string[]> {
  const session = await greeted(port, from)
  await session.say('MAIL FROM:<friend@meadow.example>\r\n')
  const codes: string[] = []
  for (const one of to) codes.push((await session.say(`RCPT TO:<${one}>\r\n`)).slice(0, 3))
  session.end()
  return codes
}

/** Logs in with the login's local part as its password; the code, and the session. */
export async function loggedIn(port: number, login: string): Promise<SmtpTalk & { code: string }> {
  const session = await talk(port)
  await session.say('EHLO home.example\r\n')
  await session.say('STARTTLS\r\n')
  await session.secure()
  await session.say('EHLO home.example\r\n')
  const plain = Buffer.from(`\0${login}\0${login.split('@')[0]}`).toString('base64')
  const code = (await session.say(`AUTH PLAIN ${plain}\r\n`)).slice(0, 3)
  return { ...session, code }
}

/** Sends a message as a customer; the first reply that is not a yes, or that to its end. */
export async function submits(
  port: number,
  login: string,
  to: readonly string[],
  body = 'Subject: hello\r\n\r\nhello\r\n',
): Promise<string> {
  const session = await loggedIn(port, login)
  try {
    for (const line of [`MAIL FROM:<${login}>`, ...to.map(one => `RCPT TO:<${one}>`), 'DATA']) {
      const reply = await session.say(`${line}\r\n`)
      if (!/^[23]/.test(reply)) return reply
    }
    return await session.say(`From: ${login}\r\n${body}.\r\n`)
  } finally {
    session.end()
  }
}

/** The names in the certificate that is shown to a client which asks for this host. */
export async function shownCertificate(port: number, servername: string): Promise<string> {
  const session = connect(port, '127.0.0.1')
  await once(session, 'data')
  for (const line of ['EHLO home.example', 'STARTTLS']) {
    session.write(`${line}\r\n`)
    await once(session, 'data')
  }
  const secured = connectTls({ socket: session, servername, rejectUnauthorized: false })
  await once(secured, 'secureConnect')
  const { CN } = secured.getPeerCertificate().subject
  secured.destroy()
  return String(CN)
}

export async function ehloOf(port: number): Promise<string> {
  const session = await greeted(port)
  session.end()
  return session.ehlo
}

/** A certificate of its own making for one name, or address. */
export async function certificateIn(
  folder: string,
  name: string,
  commonName = name,
): Promise<{ key: string; chain: string }> {
  const altName = isIP(name)
    ? ({ type: 7, ip: name } as const)
    : ({ type: 2, value: name } as const)
  const pem = await generate([{ name: 'commonName', value: commonName }], {
    extensions: [{ name: 'subjectAltName', altNames: [altName] }],
  })
  const [key, chain] = ['key', 'chain'].map(kind => join(folder, `${name}.${kind}`))
  assert.ok(key && chain)
  writeFileSync(key, pem.private)
  writeFileSync(chain, pem.cert)
  return { key, chain }
}

/** A file of countries that has this prefix only. */
export async function countries(folder: string, prefix: string): Promise<string> {
  const file = join(folder, `${prefix.replace('/', '-')}.mmdb`)
  const writer = join(import.meta.dirname, 'mmdb.pl')
  const made = await run('perl', [writer, file, 'country', prefix, 'XY'])
  assert.equal(made.code, 0, made.output)
  return file
}
