// Submits mail over TLS with a password, on connections that are used again: a process of its own, beside what is
// measured. Usage: submit-load.ts PORT MESSAGES CONNECTIONS SIZE. Prints how much processor time it took itself.

import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'

const [port = 0, messages = 0, connections = 0, size = 0] = process.argv.slice(2).map(Number)

const AUTH = Buffer.from('\0anna@isp.example\0a password').toString('base64')
const line = `${'x'.repeat(74)}\r\n`
const body = `From: anna@isp.example\r\nTo: friend@elsewhere.example\r\nSubject: load\r\n\r\n${line.repeat(Math.ceil(size / line.length))}.\r\n`

let left = messages
await Promise.all(Array.from({ length: connections }, work))
const { user, system } = process.cpuUsage()
console.log(Math.round((user + system) / 1000))

async function work(): Promise<void> {
  let socket: Socket = connect(port, '127.0.0.1').setNoDelay(true)
  let say = talker(socket)
  const expect = async (code: string, text: string) => {
    const reply = await say(text)
    if (!reply.startsWith(code)) throw new Error(`${text.slice(0, 40)}: ${reply}`)
  }
  await expect('220', '')
  await expect('250', 'EHLO client.example\r\n')
  await expect('220', 'STARTTLS\r\n')
  socket.removeAllListeners('data')
  const secured = connectTls({ socket, rejectUnauthorized: false })
  await new Promise((resolve, reject) =>
    secured.once('secureConnect', resolve).once('error', reject),
  )
  socket = secured
  say = talker(secured)
  await expect('250', 'EHLO client.example\r\n')
  await expect('235', `AUTH PLAIN ${AUTH}\r\n`)
  while (left > 0) {
    left--
    await expect('250', 'MAIL FROM:<anna@isp.example>\r\n')
    await expect('250', 'RCPT TO:<friend@elsewhere.example>\r\n')
    await expect('354', 'DATA\r\n')
    await expect('250', body)
  }
  socket.end('QUIT\r\n')
}

/** Says something and waits for one complete reply; the empty text only waits. */
function talker(socket: Socket): (text: string) => Promise<string> {
  let rest = ''
  let heard: ((reply: string) => void) | undefined
  socket.on('data', chunk => {
    rest += chunk.toString('latin1')
    if (!/(?:^|\n)\d{3} [^\n]*\n$/.test(rest) || !heard) return
    const reply = rest
    rest = ''
    heard(reply)
  })
  return text =>
    new Promise(resolve => {
      heard = resolve
      if (text !== '') socket.write(text, 'latin1')
    })
}
