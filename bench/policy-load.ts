// Asks a policy server as Postfix's smtpd processes do, each waiting for its answer. A process of its own, beside what is
// measured. Usage: policy-load.ts TARGET CONNECTIONS REQUESTS FIRST TRIPLETS [ends], where TARGET is a port or a Unix socket; with `ends`
// each RCPT is followed by the END-OF-MESSAGE of its message, over the same connection. Prints
// {perSecond, p99, busy}: p99 in milliseconds, and the share of a core that this program needed itself. The first quarter is
// not measured: until then it is this program that is slow, because it has just been started.

import { connect, type Socket } from 'node:net'

const [target = '', ...words] = process.argv.slice(2)
const [connections = 0, requests = 0, first = 0, triplets = 0] = words.slice(0, 4).map(Number)
const hasEnds = words[4] === 'ends'

const CUSTOMERS = 20_000
const FRIENDS = 8

/** Half are strangers, each with a triplet of `triplets`; half are customers with a login, at home, who write to their friends. */
function request(n: number, state: 'RCPT' | 'END-OF-MESSAGE'): string {
  const isEnd = state === 'END-OF-MESSAGE'
  return `request=smtpd_access_policy
protocol_state=${state}
protocol_name=ESMTP
${n % 2 === 1 ? customer(n) : stranger((n * 7919) % triplets)}
server_address=192.0.2.25
server_port=25
recipient_count=${isEnd ? 1 : 0}
queue_id=${isEnd ? `4cXKCk${n.toString(36)}` : ''}
instance=${n.toString(16)}.65f.0
size=${1000 + (n % 5000)}
etrn_domain=
stress=
sasl_sender=
ccert_subject=
encryption_protocol=
policy_context=

`
}

const stranger = (
  i: number,
) => `client_address=${11 + (i % 80)}.${(i >> 3) & 255}.${(i >> 11) & 255}.${1 + (i % 250)}
client_name=mx${i}.meadow.example
client_port=${1024 + (i % 60_000)}
reverse_client_name=mx${i}.meadow.example
helo_name=mx${i}.meadow.example
sender=ann${i % 5000}@meadow${i % 977}.example
recipient=bert${i % 9973}@isp.example
sasl_method=
sasl_username=`

/** Each has one address; over a run each has written to each friend about once. */
function customer(n: number): string {
  const i = ((n >> 1) * 7919) % CUSTOMERS
  const friend = (i * 31 + (n % FRIENDS)) % 9973
  return `client_address=94.${i >> 8}.${i & 255}.7
client_name=home${i}.isp.example
client_port=${1024 + (n % 60_000)}
reverse_client_name=home${i}.isp.example
helo_name=[192.168.1.${1 + (i % 250)}]
sender=user${i}@isp.example
recipient=bert${friend}@isp.example
sasl_method=plain
sasl_username=user${i}@isp.example`
}

let next = first
const last = first + (hasEnds ? requests / 2 : requests)
const waits: number[] = []
const unmeasured = Math.floor(requests / 4)
let began = performance.now()
let cpu = process.cpuUsage()
await Promise.all(Array.from({ length: connections }, ask))
const seconds = (performance.now() - began) / 1000
const { user, system } = process.cpuUsage(cpu)
const measured = waits.slice(unmeasured).sort((a, b) => a - b)
console.log(
  JSON.stringify({
    perSecond: measured.length / seconds,
    p99: measured[Math.floor(measured.length * 0.99)] ?? 0,
    busy: (user + system) / 1e6 / seconds,
  }),
)

function ask(): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket: Socket = /^\d+$/.test(target)
      ? connect(Number(target), '127.0.0.1')
      : connect(target)
    socket.setNoDelay(true).setEncoding('latin1').on('error', reject)
    let sent = 0
    let heard = ''
    /** Of which message the end is to be asked about. */
    let toEnd: number | undefined
    const say = () => {
      sent = performance.now()
      if (toEnd !== undefined) {
        const n = toEnd
        toEnd = undefined
        return void socket.write(request(n, 'END-OF-MESSAGE'))
      }
      if (next >= last) {
        socket.destroy()
        return resolve()
      }
      const n = next++
      if (hasEnds) toEnd = n
      return void socket.write(request(n, 'RCPT'))
    }
    socket.on('connect', say)
    socket.on('data', (text: string) => {
      heard += text
      if (!heard.endsWith('\n\n')) return
      if (!heard.startsWith('action=')) reject(new Error(heard))
      heard = ''
      const heardAt = performance.now()
      if (waits.push(heardAt - sent) === unmeasured) {
        began = heardAt
        cpu = process.cpuUsage()
      }
      say()
    })
    socket.on('close', () => reject(new Error('the server closed the connection')))
  })
}
