// A DNS of our own with DNSSEC, on loopback: a root zone signed by ldns, in Debian's unbound, which validates it by that key. Names below `unsigned.example` are
// in a zone without signatures, and those below `bogus.example` in one whose key is another than the root says.

import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.ts'
import type { OwnNetwork } from './own-network.ts'
import { eventually, run } from './serve.ts'
import type { LocalDns } from './unbound.ts'

const HEAD = (name: string) => [
  `${name} 3600 IN SOA ns.example. hostmaster.example. 1 3600 900 604800 60`,
  `${name} 3600 IN NS ns.example.`,
]
const CHILDREN = ['unsigned.example.', 'bogus.example.'] as const

/** `records` as in a zone file, with full names. `network`: where it is on port 53. */
export async function signedDns(
  records: readonly string[],
  network?: OwnNetwork,
): Promise<LocalDns> {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-dnssec-'))
  const port = network ? 53 : await freePort()
  const under = network?.under ?? []
  const zoneOf = (record: string) =>
    CHILDREN.find(name => record.split(' ')[0]?.endsWith(name)) ?? '.'
  const zone = async (name: string, more: readonly string[]) => {
    const own = filled(
      records.filter(record => zoneOf(record) === name),
      name,
    )
    const file = join(folder, `zone-${name}`)
    writeFileSync(file, [...HEAD(name), ...more, ...own, ''].join('\n'))
    if (name === 'unsigned.example.') return file
    const key = await keyOf(name, folder)
    const signed = await run('ldns-signzone', ['-f', `${file}signed`, file, join(folder, key)])
    if (signed.code !== 0) throw new Error(`ldns-signzone: ${signed.output}`)
    return `${file}signed`
  }
  // The key of another zone: no chain leads from the root to this one.
  const stranger = readFileSync(join(folder, `${await keyOf('bogus.example.', folder)}.ds`), 'utf8')
  const root = await zone('.', [
    'example. 3600 IN TXT "a top-level domain"',
    'ns.example. 3600 IN A 127.0.0.1',
    'up.example. 3600 IN A 127.0.0.1',
    ...CHILDREN.map(name => `${name} 3600 IN NS ns.example.`),
    stranger.trim(),
  ])
  const anchor = (await run('sh', ['-c', `ls ${folder} | grep -F 'K.+' | grep key`])).output.trim()
  const files = [
    ['.', root],
    ...(await Promise.all(CHILDREN.map(async name => [name, await zone(name, [])]))),
  ]
  const config = join(folder, 'unbound.conf')
  writeFileSync(
    config,
    `server:
  interface: 127.0.0.1@${port}
  port: ${port}
  do-daemonize: no
  username: ""
  chroot: ""
  directory: "${folder}"
  pidfile: "${folder}/pid"
  use-syslog: no
  logfile: "${folder}/log"
  module-config: "validator iterator"
  trust-anchor-file: "${folder}/${anchor}"
  local-zone: "127.in-addr.arpa." nodefault
  local-zone: "8.b.d.0.1.0.0.2.ip6.arpa." nodefault
${files.map(([name, file]) => `auth-zone:\n  name: "${name}"\n  zonefile: "${file}"\n  for-downstream: no\n  for-upstream: yes\n  fallback-enabled: no\n`).join('')}
remote-control:
  control-enable: no
`,
  )
  const child = spawn('env', ['--', ...under, '/usr/sbin/unbound', '-d', '-c', config], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const server = `127.0.0.1:${port}`
  const drill = [...under, 'drill', '-p', String(port), '@127.0.0.1', 'up.example']
  await eventually(async () =>
    (await run('env', ['--', ...drill])).output.includes('NOERROR') ? true : undefined,
  )
  return {
    server,
    stop: () => {
      child.kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** unbound does not prove that there is no name below one that has no record itself: each has one. */
function filled(records: readonly string[], zone: string): readonly string[] {
  const names = records.map(record => record.split(' ')[0] ?? '')
  const above = names.flatMap(name => {
    const labels = name.split('.').slice(0, -1)
    return labels.map((_, i) => `${labels.slice(i).join('.')}.`)
  })
  const bare = new Set(
    above.filter(
      name => name !== 'example.' && name.endsWith(zone) && name !== zone && !names.includes(name),
    ),
  )
  return [...records, ...Array.from(bare, name => `${name} 3600 IN TXT "filled"`)]
}

/** Name of its files in the folder. */
async function keyOf(zone: string, folder: string): Promise<string> {
  const made = await run('sh', [
    '-c',
    `cd ${folder} && ldns-keygen -r /dev/urandom -k -a ECDSAP256SHA256 ${zone}`,
  ])
  if (made.code !== 0) throw new Error(`ldns-keygen: ${made.output}`)
  return made.output.trim()
}
