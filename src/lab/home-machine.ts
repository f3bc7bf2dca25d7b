// Run on a machine in one of the lab's homes: does what it is told, one line of JSON at a time, and says what came of it. A person's mail
// program, a bot, a browser, a VPN client.

import { createSocket } from 'node:dgram'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import { createTransport } from 'nodemailer'

export type Errand =
  /** Says what answered, or the error. */
  | { readonly do: 'connect'; readonly address: string; readonly port: number }
  /** Speaks SMTP to a server's port 25, without a password. */
  | { readonly do: 'deliver'; readonly address: string; readonly from: string }
  /** As a mail program: TLS and a password. */
  | {
      readonly do: 'submit'
      readonly address: string
      readonly user: string
      readonly password: string
      readonly to: string
    }
  | { readonly do: 'tunnel'; readonly address: string; readonly port: number }
  /** Again and again until the answer is another one; says when (ms since 1970). */
  | { readonly do: 'until'; readonly address: string; readonly port: number; readonly not: string }

/** Until silence is silence (ms): a busy machine is slow to answer. */
const PATIENCE = 20_000

async function run(errand: Errand): Promise<string> {
  switch (errand.do) {
    case 'connect':
      return reach(errand.address, errand.port)
    case 'deliver':
      return deliver(errand.address, errand.from)
    case 'submit':
      return submit(errand)
    case 'tunnel':
      return tunnel(errand.address, errand.port)
    case 'until': {
      const end = Date.now() + 60_000
      let answer: string
      // A session that is cut on the way is no answer.
      do answer = await reach(errand.address, errand.port)
      while ([errand.not, 'ECONNRESET', 'closed'].includes(answer) && Date.now() < end)
      return `${Date.now()} ${answer}`
    }
    default:
      return errand satisfies never
  }
}

function reach(address: string, port: number): Promise<string> {
  return new Promise(resolve => {
    const socket = connect(port, address)
    // A browser speaks first; all others are spoken to.
    if (port === 80) socket.write('GET / HTTP/1.0\r\n\r\n')
    const say = (word: string) => {
      socket.destroy()
      resolve(word)
    }
    socket.setTimeout(PATIENCE, () => say('silence'))
    socket.on('error', error => say('code' in error ? String(error.code) : 'error'))
    socket.on('data', data => say(String(data).split('\r\n')[0]?.trim() ?? ''))
    socket.on('close', () => say('closed'))
  })
}

function deliver(address: string, from: string): Promise<string> {
  const lines = [
    'EHLO home.example',
    `MAIL FROM:<${from}>`,
    'RCPT TO:<victim@meadow.example>',
    'DATA',
  ]
  return new Promise(resolve => {
    const socket = connect(25, address)
    const say = (word: string) => {
      socket.destroy()
      resolve(word)
    }
    socket.setEncoding('latin1').setTimeout(PATIENCE, () => say('silence'))
    socket.on('error', error => say('code' in error ? String(error.code) : 'error'))
    socket.on('close', () => say('closed'))
    socket.on('data', (text: string) => {
      if (!/^\d{3} .*\r\n$/m.test(text)) return
      if (text.startsWith('354'))
        return void socket.write(`From: <${from}>\r\nSubject: hello\r\n\r\nBuy now\r\n.\r\n`)
      if (!text.startsWith('2')) return say(text.trim())
      const next = lines.shift()
      return next === undefined ? say('sent') : void socket.write(`${next}\r\n`)
    })
  })
}

async function submit({
  address,
  user,
  password,
  to,
}: Extract<Errand, { do: 'submit' }>): Promise<string> {
  const mailer = createTransport({
    host: address,
    port: 587,
    requireTLS: true,
    tls: { rejectUnauthorized: false },
    auth: { user, pass: password },
    connectionTimeout: PATIENCE,
  })
  try {
    await mailer.sendMail({ from: user, to, subject: 'Sunday', text: 'Will you come on Sunday?' })
    return 'sent'
  } catch (error) {
    return (error as Error).message.split('\n')[0] ?? 'error'
  }
}

function tunnel(address: string, port: number): Promise<string> {
  return new Promise(resolve => {
    const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4')
    const say = (word: string) => {
      clearTimeout(timer)
      socket.close()
      resolve(word)
    }
    const timer = setTimeout(() => say('silence'), PATIENCE)
    socket.on('error', () => say('error'))
    socket.on('message', bytes => say(String(bytes)))
    socket.send('through the tunnel', port, address)
  })
}

process.stdout.write('ready\n')
for await (const line of createInterface({ input: process.stdin })) {
  const answer = await run(JSON.parse(line) as Errand).catch(String)
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}
