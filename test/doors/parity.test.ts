// The same transactions through every door give the same verdicts: the engine called directly, the engine over a
// MessagePort, and the SMTP door on a socket.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MessageChannel } from 'node:worker_threads'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { engineClient } from '../../src/drivers/engine-port/engine-client.ts'
import { serveEngine } from '../../src/drivers/engine-port/serve-engine.ts'
import { REASONS } from '../../src/model/reason.ts'
import type { Step } from '../../src/model/step.ts'
import type { Judgement } from '../../src/model/verdict.ts'
import type { Engine } from '../../src/ports/engine.ts'
import { connectionCaps } from '../../src/wire/connection-caps.ts'
import { NOW, smallCordon } from '../support/small-cordon.ts'
import { testDoor, testLogins, WIDE } from '../support/smtp-door.ts'
import { type Ended, type Said, TRANSACTIONS } from './transactions.ts'

const client = { realm: 'main', address: '127.0.0.1', port: 4000 }

/** `accept`, or kind and token of the refusal. */
const word = ({ verdict }: Judgement) =>
  verdict.kind === 'accept' || verdict.kind === 'hold'
    ? 'accept'
    : `${verdict.kind} ${REASONS[verdict.reason].token}`

/** What a door does with an engine, written down once more without any protocol. */
async function askEngine(engine: Engine, said: Said): Promise<Ended> {
  const ended: string[] = []
  const base = {
    session: said.name,
    listener: said.listener,
    at: NOW,
    client,
    tls: true,
    helo: said.helo,
    ...(said.login ? { login: said.login } : {}),
  }
  const greeting = word(await engine.judge({ ...base, stage: 'helo' }))
  const mail: Step = { ...base, stage: 'mail', sender: said.sender }
  const sender = word(await engine.judge(mail))
  if (sender !== 'accept') return [sender]
  const recipients: string[] = []
  for (const recipient of said.recipients) {
    const judged =
      greeting === 'accept'
        ? word(
            await engine.judge({ ...mail, stage: 'rcpt', recipient, accepted: recipients.length }),
          )
        : greeting
    ended.push(judged)
    if (judged === 'accept') recipients.push(recipient)
  }
  if (recipients.length === 0) return ended
  const draft = await engine.open({
    ...base,
    sender: said.sender,
    recipients,
    extended: true,
    wishes: {},
  })
  await draft.write(Buffer.from(said.message))
  ended.push(word(await draft.finish()))
  return ended
}

/** The same over SMTP, as a library nobody here wrote speaks it, one command at a time. */
async function askDoor(port: number, said: Said): Promise<Ended> {
  const connection = new SMTPConnection({
    host: '127.0.0.1',
    port,
    name: said.helo,
    ignoreTLS: !said.login,
    requireTLS: !!said.login,
    tls: { rejectUnauthorized: false },
  })
  connection.on('error', () => undefined)
  const done = <T>(
    start: (callback: (error: Error | null | undefined, value?: T) => void) => void,
  ) =>
    new Promise<T | undefined>((resolve, reject) =>
      start((error, value) => (error ? reject(error) : resolve(value))),
    )
  await done<void>(callback => connection.connect(callback))
  if (said.login) {
    const auth = { credentials: { user: said.login, pass: 'secret' } }
    await done(callback => connection.login(auth, callback))
  }
  type Refused = Error & {
    response?: string
    command?: string
    recipient?: string
    rejectedErrors?: Refused[]
  }
  const wordOf = (error: Refused) => {
    const reply = /^([45])\d\d [45]\.\d+\.\d+ \[([a-z-]+)\]/.exec(error.response ?? '')
    return reply
      ? `${reply[1] === '5' ? 'reject' : 'defer'} ${reply[2]}`
      : `unexpected: ${error.response ?? error.message}`
  }
  const perRecipient = (refused: readonly Refused[]) =>
    said.recipients.map(address => {
      const mine = refused.find(one => one.recipient === address)
      return mine ? wordOf(mine) : 'accept'
    })
  try {
    const sent = await done<{ rejectedErrors?: Refused[] }>(callback =>
      connection.send(
        { from: said.sender === '' ? false : said.sender, to: [...said.recipients] },
        said.message,
        callback as never,
      ),
    )
    return [...perRecipient(sent?.rejectedErrors ?? []), 'accept']
  } catch (thrown) {
    const error = thrown as Refused
    if (error.rejectedErrors && error.rejectedErrors.length > 0)
      return perRecipient(error.rejectedErrors)
    return error.command === 'MAIL FROM'
      ? [wordOf(error)]
      : [...said.recipients.map(() => 'accept'), wordOf(error)]
  } finally {
    connection.close()
  }
}

for (const said of TRANSACTIONS) {
  test(`${said.listener}: ${said.name}`, async () => {
    // Each door gets a Cordon of its own, so that none is judged by what another did.
    const [direct, overPort, overSocket] = await Promise.all([
      smallCordon(),
      smallCordon(),
      smallCordon(),
    ])
    const { port1, port2 } = new MessageChannel()
    const { engine } = overPort
    serveEngine({ engine, logins: testLogins(engine), caps: connectionCaps(WIDE) }, port1)
    const door = await testDoor(said.listener, overSocket.engine, {
      trouble: error => {
        throw error
      },
    })
    try {
      const ended = await askEngine(direct.engine, said)
      assert.deepEqual(
        await askEngine(engineClient(port2).engine, said),
        ended,
        'over a MessagePort',
      )
      assert.deepEqual(await askDoor(door.port, said), ended, 'over SMTP')
    } finally {
      port2.close()
      await door.close(0)
      await Promise.all([direct.close(), overPort.close(), overSocket.close()])
    }
  })
}
