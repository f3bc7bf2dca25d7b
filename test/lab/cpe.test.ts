// A modem's profiles, loaded by the real nft and exercised between a home and the world, in IPv4 and IPv6: the plain table and the shape of
// OpenWrt's fw4, consumer and expert, and the switch between them that no machine inside can flip.

import assert from 'node:assert/strict'
import { type ChildProcess, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import {
  type Caller,
  callerIn,
  type Host,
  inside,
  type Network,
  startNetwork,
} from '../support/namespaces.ts'
import { CLI } from '../support/program.ts'
import { run } from '../support/serve.ts'

const LABEL = 'K7AB-2M9Q-XYZ4'
const [OURS, FAR, FAR6] = ['203.0.113.201', '203.0.113.200', '2001:db8:f::200'] as const
const PORTS = [25, 80, 445, 465, 587, 7547, 8080]

let network: Network
let home: Host
let out: Caller
let back: Caller
const started: ChildProcess[] = []
const folder = mkdtempSync(join(tmpdir(), 'cordon-cpe-'))

/** Says to whoever comes where they come from. */
async function telling(host: Host): Promise<void> {
  const code = `
    const net = require('node:net'); let left = ${PORTS.length}
    for (const port of ${JSON.stringify(PORTS)})
      net.createServer(s => { s.on('error', () => s.destroy()); s.end(s.remoteAddress.replace('::ffff:', '') + '\\n') })
        .listen(port, '::', () => --left === 0 && console.log('ready'))`
  const child = inside(host, process.execPath, '-e', code)
  started.push(child)
  if (child.stdout) await once(child.stdout, 'data')
}

before(async () => {
  network = startNetwork(1)
  const [first] = network.homes
  assert.ok(first)
  home = first
  network.run(network.outside, 'ip', 'addr', 'add', `${OURS}/24`, 'dev', 'uplink')
  await telling(network.outside)
  await telling(home)
  out = callerIn(home)
  back = callerIn(network.outside)
  writeFileSync(
    join(folder, 'cordon.yaml'),
    `dataFolder: ${folder}\nnftables: [{ servers: [${OURS}] }]\n`,
  )
})
after(() => {
  out?.stop()
  back?.stop()
  for (const one of started) one.kill('SIGKILL')
  network?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const render = async (profile: string, format: string) => {
  const words = `cpe render --profile ${profile} --format ${format} -c ${folder}/cordon.yaml --lan link1 --wan link0 --lan-prefix 198.51.100.0/30`
  const { code, output } = await run(process.execPath, [CLI, ...words.split(' ')])
  assert.equal(code, 0, output)
  return output
}
const load = (text: string) => {
  const file = join(folder, 'table.nft')
  writeFileSync(file, text)
  network.run(network.router, 'nft', '-f', file)
}
const clear = () => network.run(network.router, 'nft', 'flush', 'ruleset')

async function isConsumer(): Promise<void> {
  // The modem's own address is all that is seen outside; IPv6 has addresses enough.
  assert.equal(await out.call(FAR, 587), '203.0.113.1')
  assert.equal(await out.call(FAR6, 587), home.v6)
  for (const port of [80, 465]) assert.match(await out.call(FAR, port), /^203/)
  for (const address of [FAR, FAR6]) {
    assert.equal(await out.call(address, 25), 'ECONNREFUSED', address)
    for (const port of [445, 7547])
      assert.match(
        await out.call(address, port),
        /^(?:EHOSTUNREACH|EACCES|ECONNREFUSED)$/,
        `${port}`,
      )
  }
  assert.equal(await out.call(OURS, 25), '203.0.113.1')
  const asked = [home.v4, home.v6].flatMap(address =>
    [80, 445, 8080].map(port => ({ address, port })),
  )
  const answers = await Promise.all(asked.map(({ address, port }) => back.call(address, port)))
  for (const answer of answers)
    assert.match(answer, /^(?:silence|ECONNREFUSED|EHOSTUNREACH)$/, answers.join(' '))
}
async function isExpert(): Promise<void> {
  assert.equal(await out.call(FAR, 25), home.v4)
  assert.equal(await out.call(FAR6, 25), home.v6)
  assert.equal(await out.call(FAR, 445), home.v4)
  assert.equal(await back.call(home.v4, 25), FAR)
  assert.equal(await back.call(home.v6, 445), FAR6)
}

for (const format of ['nftables', 'openwrt-fw4'])
  test(`${format}: consumer, expert, and back again`, async () => {
    const [consumer, expert] = [await render('consumer', format), await render('expert', format)]
    // Before: everything passes, nothing is translated.
    await isExpert()
    for (const [text, check] of [
      [consumer, isConsumer],
      [expert, isExpert],
      [consumer, isConsumer],
    ] as const) {
      load(text)
      await check()
    }
    // What a program inside opened by UPnP, as miniupnpd does it: high ports only, and never mail.
    for (const [port, answer] of [
      [8080, /^203/],
      [25, /^(?:silence|ECONNREFUSED)$/],
      [587, /^(?:silence|ECONNREFUSED)$/],
    ] as const) {
      load(`table ip upnp
delete table ip upnp
table ip upnp {
  chain pre {
    type nat hook prerouting priority dstnat
    iifname "link0" tcp dport ${port} dnat to ${home.v4}:${port}
  }
}
`)
      assert.match(await back.call('203.0.113.1', port), answer, `${port}`)
    }
    clear()
  })

test('the switch asks for the code on the label, and lets nobody guess', async () => {
  for (const profile of ['consumer', 'expert'])
    writeFileSync(join(folder, `${profile}.nft`), await render(profile, 'nftables'))
  const script = join(folder, 'cordon-cpe-switch')
  const made = await run(process.execPath, [CLI, 'cpe', 'switch', '--code', LABEL])
  assert.equal(made.code, 0)
  assert.doesNotMatch(made.output, /K7AB/)
  writeFileSync(script, made.output, { mode: 0o755 })
  const flip = (profile: string, code: string) => {
    const [program, ...words] = [
      ...network.router.inside,
      'env',
      `CORDON_CPE=${folder}`,
      script,
      profile,
    ]
    return spawnSync(program, words, { input: `${code}\n`, encoding: 'utf8' }).status
  }
  assert.equal(flip('consumer', LABEL), 0)
  await isConsumer()
  assert.equal(flip('other', LABEL), 2)
  assert.equal(flip('expert', ''), 1)
  assert.equal(flip('expert', 'guess'), 1)
  await isConsumer()
  assert.equal(flip('expert', 'k7ab 2m9q xyz4'), 0)
  await isExpert()
  assert.equal(flip('consumer', LABEL), 0)
  for (let i = 0; i < 5; i++) assert.equal(flip('expert', `guess ${i}`), 1)
  assert.equal(flip('expert', LABEL), 3)
  await isConsumer()
  const short = await run(process.execPath, [CLI, 'cpe', 'switch', '--code', '1234'])
  assert.equal(short.code, 1)
})

test('the commands for OpenWrt name every rule of the profile, and undo it', async () => {
  const consumer = await render('consumer', 'openwrt-uci')
  for (const line of [
    /^set firewall\.cordon_mail_out\.dest_port='25'$/m,
    /^set firewall\.cordon_mail_out\.target='REJECT'$/m,
    /^add_list firewall\.cordon_mail_ours4\.dest_ip='203\.0\.113\.201\/32'$/m,
    /^set firewall\.cordon_worms_in\.target='DROP'$/m,
    /^set firewall\.@zone\[1\]\.masq='1'$/m,
    /^set upnpd\.config\.secure_mode='1'$/m,
    /^set upnpd\.cordon_allow\.ext_ports='1024-65535'$/m,
  ])
    assert.match(consumer, line)
  const expert = await render('expert', 'openwrt-uci')
  assert.match(expert, /^set firewall\.@zone\[1\]\.masq='0'$/m)
  assert.match(expert, /^set firewall\.cordon_inward=forwarding$/m)
  assert.doesNotMatch(expert, /^set firewall\.cordon_(?:mail|worms)/m)
  assert.match(expert, /^delete firewall\.cordon_mail_out$/m)
})
