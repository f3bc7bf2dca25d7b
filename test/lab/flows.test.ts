// Flow records of exporters nobody here wrote: softflowd in three dialects, pmacct's probe and nfdump's tools, of what
// tcpdump caught on a router. A home that scans, and calls a machine that commands others, is noticed; flow records alone isolate nobody.

import assert from 'node:assert/strict'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import {
  type Caller,
  callerIn,
  inside,
  leasesOf,
  listenThere,
  type Network,
  startNetwork,
} from '../support/namespaces.ts'
import { cordon, eventually, type Served, serve } from '../support/serve.ts'

const folder = mkdtempSync(join(tmpdir(), 'cordon-flows-'))

const softflowd =
  (version: number) =>
  (file: string): readonly string[] =>
    `softflowd -d -r ${file} -n 127.0.0.1:2055 -v ${version}`.split(' ')

function pmacct(file: string): string[] {
  const config = join(folder, 'pmacctd.conf')
  writeFileSync(
    config,
    `daemonize: false
pcap_savefile: ${file}
plugins: nfprobe
aggregate: src_host, dst_host, src_port, dst_port, proto, tcpflags
nfprobe_receiver: 127.0.0.1:2055
nfprobe_version: 10
nfprobe_timeouts: tcp=1:tcp.rst=1:tcp.fin=1:udp=1:icmp=1:general=1:maxlife=2:expint=1
`,
  )
  // At the end of the file its core sometimes sees its plugin end first, and calls that an error: 1. What was told is looked at below.
  return ['sh', '-c', 'pmacctd -f "$0" || [ $? -eq 1 ]', config]
}

/** What nfpcapd saw in the file is stored as nfcapd stores it, and told from there. */
const nfdump = (version: number) => (file: string) => {
  const script =
    'mkdir "$1" && nfpcapd -r "$0" -w "$1" && for one in "$1"/nfcapd.[0-9]*; do nfreplay -r "$one" -H 127.0.0.1 -p 2055 -v "$2" || exit; done'
  return ['sh', '-c', script, file, `${file}.flows`, String(version)]
}

/** By whom each home's flows are told. */
const EXPORTERS = [
  { name: 'netflow5', tell: softflowd(5) },
  { name: 'netflow9', tell: softflowd(9) },
  { name: 'ipfix', tell: softflowd(10) },
  { name: 'pmacct', tell: pmacct },
  { name: 'nfdump5', tell: nfdump(5) },
  { name: 'nfdump9', tell: nfdump(9) },
] as const
const COMMANDS = '203.0.113.66'

const CONFIG = `
hostname: mail.isp.example
domains: [isp.example]
leaseSkew: 0s
flows: { address: 127.0.0.1, port: 2055, exporters: [127.0.0.1], networks: [198.51.100.0/24, "2001:db8:100::/40"], antiSpoofed: true, contacts: [FOLDER/feed.csv] }
subscribers:
${EXPORTERS.map(({ name }) => `  - { id: ${name}, logins: [{ name: ${name}@isp.example }] }`).join('\n')}
leases:
${EXPORTERS.flatMap(({ name }, i) => leasesOf(i).map(prefix => `  - { prefix: "${prefix}", subscriber: ${name} }`)).join('\n')}
`

let network: Network
let served: Served
let callers: Caller[]
/** What was caught on the line of each home. */
let files: string[]
const started: ChildProcess[] = []

before(async () => {
  network = startNetwork(EXPORTERS.length)
  network.run(network.outside, 'ip', 'addr', 'add', `${COMMANDS}/24`, 'dev', 'uplink')
  started.push(await listenThere(network.outside, [25, 447]))
  served = await serve(
    CONFIG,
    async at => writeFileSync(join(at, 'feed.csv'), `# dst_ip,dst_port\n${COMMANDS},447\n`),
    { under: () => network.router.inside },
  )
  callers = network.homes.map(callerIn)
  // Softflowd's clock runs in steps: what it tells of is younger than the leases for certain.
  const began = Date.now()
  await eventually(() => (Date.now() - began > 3000 ? true : undefined))
  // All homes at once: each waits for machines that do not answer.
  files = await Promise.all(callers.map((caller, home) => caught(home, () => infected(caller))))
})
after(async () => {
  for (const caller of callers ?? []) caller.stop()
  for (const one of started) one.kill('SIGTERM')
  await served?.stop()
  network?.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** It calls a machine that commands it, and scans addresses where no machine is. */
async function infected(caller: Caller): Promise<void> {
  assert.equal(await caller.call(COMMANDS, 447), '447')
  await Promise.all(Array.from({ length: 24 }, (_, i) => caller.call(`203.0.113.${100 + i}`, 445)))
}

/** What happens meanwhile on the line of a home is caught; returns the file. */
async function caught(home: number, work: () => Promise<void>): Promise<string> {
  const file = join(folder, `home${home}-${started.length}.pcap`)
  const words = ['-q', '--immediate-mode', '-U', '-Z', 'root', '-i', `link${home + 1}`, '-w', file]
  const tcpdump = inside(network.router, 'tcpdump', ...words)
  started.push(tcpdump)
  await eventually(() => (existsSync(file) ? true : undefined))
  await work()
  // Written until nothing more comes.
  let size = -1
  await eventually(() => {
    const before = size
    size = statSync(file).size
    return size > 24 && size === before ? true : undefined
  })
  const ended = once(tcpdump, 'exit')
  tcpdump.kill('SIGINT')
  await ended
  return file
}

function told(tell: (file: string) => readonly string[], file: string): void {
  const [program = '', ...rest] = tell(file)
  network.run(network.router, program, ...rest)
}

for (const [home, { name, tell }] of EXPORTERS.entries())
  test(`told by ${name}: a scan, and a machine that commands others`, async () => {
    told(tell, files[home] ?? '')
    const shown = await eventually(async () => {
      const { output } = await cordon(served.folder, 'evidence', `line:${name}`)
      return output.includes('port 445') && output.includes('feed.csv') ? output : undefined
    })
    assert.match(shown, /knocked at port 445 of 20 machines that did not answer/)
    assert.match(shown, /commands infected ones \(feed\.csv, port 447\)/)
    const { output } = await cordon(served.folder, 'incident')
    assert.doesNotMatch(output, /contained/)
  })

test('IPv6 and what goes out on port 25 are told, too; nothing that came was unreadable', async () => {
  const [, , caller] = callers
  assert.ok(caller)
  const file = await caught(2, async () => {
    assert.equal(await caller.call('2001:db8:f::200', 25), '25')
  })
  told(softflowd(10), file)
  const metrics = await eventually(() => {
    const text = network.run(
      network.router,
      'curl',
      '-s',
      '--unix-socket',
      `${served.folder}/data/control.sock`,
      'http://localhost/metrics',
    )
    return text.includes('cordon_egress_attempts_total{outcome="passed"} 1') ? text : undefined
  })
  const count = (what: string) =>
    Number(new RegExp(`cordon_flows_total\\{what="${what}"\\} (\\d+)`).exec(metrics)?.[1])
  assert.equal(count('bad'), 0)
  assert.ok(count('records') > 100)
})
