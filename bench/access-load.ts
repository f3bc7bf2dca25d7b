// A crowd of mail programs over TLS, in a process of its own: `access-load.ts PORT login|fetch|idle COUNT CONNECTIONS`. `login`: connects, logs in,
// selects, logs out, COUNT times; `fetch`: COUNT times the one message, on connections that stay; both print the seconds that it took.
// `idle`: logs in COUNT times, prints "ready", and stays until standard input ends.

import { connect, type TLSSocket } from 'node:tls'
import { once } from 'node:events'

const [port = '0', mode = '', count = '0', connections = '1'] = process.argv.slice(2)
/** A login has its own limit of connections. */
const PER_LOGIN = 50
/** Bytes of the longest answer to a command, which names all capabilities. */
const TAIL = 2000
let left = Number(count)

type Session = { readonly say: (line: string) => Promise<void>; readonly end: () => void }

/** `say` resolves when its tagged answer has come. */
async function session(login: string): Promise<Session> {
  const socket: TLSSocket = connect({
    port: Number(port),
    host: '127.0.0.1',
    rejectUnauthorized: false,
  })
  await once(socket, 'secureConnect')
  let tail = ''
  let wake = (_line: string) => {}
  let fail = (_why: Error) => {}
  socket.on('close', () => fail(new Error('it ended')))
  socket.on('data', (chunk: Buffer) => {
    // An answer to a command is at the end of what was said.
    tail = (tail + chunk.toString('latin1', Math.max(0, chunk.length - TAIL))).slice(-TAIL)
    const line = /(?:^|\n)(\S+ [^\n]*)\r\n$/.exec(tail)?.[1]
    if (line !== undefined) wake(line)
  })
  const heard = (start: string) =>
    new Promise<void>((resolve, reject) => {
      wake = line => {
        if (!line.startsWith(start)) return
        tail = ''
        if (line.startsWith(`${start}OK`)) resolve()
        else reject(new Error(line))
      }
      fail = reject
    })
  await heard('* ')
  const say = (line: string) => {
    const answer = heard('a ')
    socket.write(`a ${line}\r\n`)
    return answer
  }
  await say(`LOGIN ${login} secret`)
  return { say, end: () => socket.destroy() }
}

const work: Readonly<Record<string, (worker: number) => Promise<void>>> = {
  login: async worker => {
    while (left-- > 0) {
      const { say, end } = await session(`u${worker}@isp.example`)
      await say('SELECT INBOX')
      await say('LOGOUT')
      end()
    }
  },
  fetch: async worker => {
    const { say, end } = await session(`u${worker}@isp.example`)
    await say('SELECT INBOX')
    while (left-- > 0) await say('FETCH 1 BODY.PEEK[]')
    end()
  },
  idle: async () => {
    for (let one = left--; one > 0; one = left--)
      await session(`u${Math.floor(one / PER_LOGIN)}@isp.example`)
  },
}

const began = performance.now()
await Promise.all(
  Array.from({ length: Number(connections) }, (_, i) => Promise.resolve(work[mode]?.(i))),
)
console.log(mode === 'idle' ? 'ready' : (performance.now() - began) / 1000)
if (mode === 'idle') {
  process.stdin.resume()
  await once(process.stdin, 'end')
}
process.exit(0)
