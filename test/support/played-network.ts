// A real router in namespaces and the real program beside it, for sequences that are played: nft takes its time before and after it does
// what it is told (as over ssh), Cordon is stopped and killed, and whether a line is closed is tried with real connections.

import { type ChildProcess, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseConfig } from '../../src/config/load.ts'
import { baseTable } from '../../src/drivers/network/nftables/base-table.ts'
import { freePort } from './free-port.ts'
import type { PortState } from './line-oracle.ts'
import { inside, listenThere, type Network, startNetwork } from './namespaces.ts'
import { nextWords } from './next-words.ts'
import { startServer } from './serve.ts'

const MAIL_SERVER = { 4: '203.0.113.200', 6: '2001:db8:f::200' } as const
const BEHIND = ['198.51.100.64/26', '100.64.0.0/28', '192.0.2.64/31', '2001:db8:1a00::/40']

/** `coa`: of the access server that changes sessions on request. */
export type Ports = { readonly radius: number; readonly log: number; readonly coa: number }

/** The router, a home that has all addresses of all lines, and a mail server outside. */
export class PlayedNetwork {
  readonly #network: Network
  readonly #folder = mkdtempSync(join(tmpdir(), 'cordon-played-'))
  readonly #addresses: readonly string[]
  #listener: ChildProcess | undefined
  #prober: ChildProcess | undefined

  /** `addresses`: those that lines have, a prefix as `2001:db8:1a01::/56`. */
  static async start(addresses: readonly string[]): Promise<PlayedNetwork> {
    const network = new PlayedNetwork(addresses)
    try {
      await network.#furnish()
    } catch (error) {
      network.stop()
      throw error
    }
    return network
  }

  private constructor(addresses: readonly string[]) {
    this.#addresses = addresses
    this.#network = startNetwork(1)
  }

  async #furnish(): Promise<void> {
    const { router, outside, homes } = this.#network
    const [home] = homes
    if (!home) throw new Error('there is no home')
    for (const prefix of BEHIND)
      this.#network.run(
        router,
        'ip',
        'route',
        'add',
        prefix,
        'via',
        prefix.includes(':') ? home.v6 : home.v4,
      )
    for (const prefix of BEHIND)
      this.#network.run(
        outside,
        'ip',
        'route',
        'replace',
        prefix,
        'via',
        prefix.includes(':') ? router.v6 : router.v4,
      )
    for (const address of this.#addresses.map(machineOf)) {
      const long = address.includes(':') ? `${address}/128` : `${address}/32`
      this.#network.run(home, 'ip', 'addr', 'add', long, 'dev', 'uplink')
    }
    writeFileSync(join(this.#folder, 'nft'), slowNft(this.#folder, router.name), { mode: 0o755 })
    this.delay(0, 0)
    this.#listener = await listenThere(outside, [25])
    this.#prober = inside(home, process.execPath, '-e', PROBER)
  }

  /** Program and arguments that are nft on the router. */
  get command(): string {
    return join(this.#folder, 'nft')
  }

  /** From now on nft takes so long before and after it does what it is told (ms). */
  delay(before: number, after: number): void {
    const file = join(this.#folder, 'delay')
    writeFileSync(`${file}.new`, `${before / 1000} ${after / 1000}\n`)
    renameSync(`${file}.new`, file)
  }

  /** Another program loads the table anew, or empties a set. */
  nft(...words: readonly string[]): void {
    this.#network.run(this.#network.router, 'nft', ...words)
  }

  loadTable(config: string): void {
    const [table] = parseConfig(config).nftables
    if (!table) throw new Error('there is no router')
    const file = join(this.#folder, 'base.nft')
    writeFileSync(file, `flush ruleset\n${baseTable(table)}`)
    this.nft('-f', file)
  }

  /** Tries port 25 of the provider's own mail server from each address. */
  async found(): Promise<ReadonlyMap<string, PortState>> {
    const prober = this.#prober
    if (!prober) throw new Error('nobody is at home')
    const asked = this.#addresses.map(address => ({
      localAddress: machineOf(address),
      host: address.includes(':') ? MAIL_SERVER[6] : MAIL_SERVER[4],
    }))
    const words = nextWords(prober)
    prober.stdin?.write(`${JSON.stringify(asked)}\n`)
    const answers = JSON.parse(await words) as string[]
    return new Map(
      answers.map((answer, i) => {
        if (answer !== '25' && answer !== 'ECONNREFUSED')
          throw new Error(`${this.#addresses[i]}: ${answer}`)
        return [this.#addresses[i] ?? '', answer === '25' ? 'open' : 'closed']
      }),
    )
  }

  /** For people: what is in the sets, and whose it is. */
  sets(): string {
    const { router } = this.#network
    const listed = this.#network.run(router, 'nft', 'list', 'table', 'inet', 'cordon')
    return listed
      .split('\n')
      .filter(line => line.includes('comment'))
      .join('\n')
  }

  stop(): void {
    this.#prober?.kill('SIGKILL')
    this.#listener?.kill('SIGKILL')
    // What a Cordon that was killed left running there.
    const { stdout } = spawnSync('ip', ['netns', 'pids', this.#network.router.name])
    for (const pid of String(stdout).split('\n').filter(Boolean)) process.kill(Number(pid), 9)
    this.#network.stop()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

/** The address that the machine has, of a line with a prefix. */
export const machineOf = (address: string): string =>
  address.replace(/::\/48$/, ':ff00::9').replace(/\/\d+$/, '9')

const slowNft = (folder: string, router: string): string => `#!/bin/sh
read -r before after <${folder}/delay
sleep "$before"
[ "$1" = monitor ] && exec ip netns exec ${router} nft monitor
ip netns exec ${router} nft "$@"
code=$?
sleep "$after"
exit $code
`

const PROBER = `
const net = require('node:net')
const one = how => new Promise(done => {
  const socket = net.connect({ ...how, port: 25 })
  socket.setTimeout(15000, () => { done('silence'); socket.destroy() })
  socket.on('data', said => { done(String(said).trim()); socket.resetAndDestroy() })
  socket.on('error', error => done(error.code)).on('close', () => done('ended'))
})
/** A session that is cut on the way is no answer. */
const tried = async how => {
  for (;;) {
    const answer = await one(how)
    if (answer !== 'ended' && answer !== 'ECONNRESET') return answer
  }
}
require('node:readline').createInterface({ input: process.stdin }).on('line', async line => {
  console.log(JSON.stringify(await Promise.all(JSON.parse(line).map(tried))))
})`

/** The real program, which is stopped, killed and started again. */
export class PlayedCordon {
  readonly ports: Ports
  readonly folder = mkdtempSync(join(tmpdir(), 'cordon-played-data-'))
  readonly data = join(this.folder, 'data')
  #server: ChildProcess | undefined
  #state: 'runs' | 'stopped' | 'killed' = 'killed'

  private constructor(ports: Ports) {
    this.ports = ports
  }

  static async start(config: (ports: Ports) => string, coa: number): Promise<PlayedCordon> {
    const cordon = new PlayedCordon({ radius: await freePort(), log: await freePort(), coa })
    writeFileSync(
      join(cordon.folder, 'cordon.yaml'),
      `dataFolder: ${cordon.data}\nlog: silent\n${config(cordon.ports)}`,
    )
    await cordon.goesOn()
    return cordon
  }

  get state(): 'runs' | 'stopped' | 'killed' {
    return this.#state
  }

  async kill(): Promise<void> {
    const server = this.#server
    this.#state = 'killed'
    if (!server || server.exitCode !== null || server.signalCode !== null) return
    const ended = once(server, 'exit')
    server.kill('SIGKILL')
    await ended
  }

  halt(): void {
    this.#server?.kill('SIGSTOP')
    this.#state = 'stopped'
  }

  /** Resolves when it is ready. */
  async goesOn(): Promise<void> {
    if (this.#state === 'stopped') this.#server?.kill('SIGCONT')
    if (this.#state === 'killed')
      this.#server = (await startServer(join(this.folder, 'cordon.yaml'))).server
    this.#state = 'runs'
  }

  /** What the router's log tells: one address knocks at port 25 of ten strangers. */
  knocks(address: string, port: number): void {
    const lines = Array.from({ length: 10 }, (_, i) =>
      JSON.stringify({
        'oob.prefix': 'cordon refused ',
        src_ip: address,
        src_port: port,
        dest_ip: `203.0.113.${i + 1}`,
        dest_port: 25,
      }),
    )
    const socket = connect(this.ports.log, '127.0.0.1')
    socket.on('error', () => undefined)
    socket.end(`${lines.join('\n')}\n`)
  }

  async remove(): Promise<void> {
    await this.kill()
    rmSync(this.folder, { recursive: true, force: true })
  }
}
