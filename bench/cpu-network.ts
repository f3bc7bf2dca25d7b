// The work of the access network whose processor time is compared with another commit's: addresses that change hands, and flow records.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { freePort } from '../test/support/free-port.ts'
import { compareCpu, type Other } from './cpu.ts'
import { started } from './cpu-servers.ts'
import type { Row } from './pairs.ts'

const CUSTOMERS = 2000
/** In a slice. */
const LEASES = 2000
const PACKETS = 6000
/** As fast as flows.ts tells; the rest of a second is for nothing. */
const PACKETS_PER_SECOND = 10_000

const CUSTOMERS_YAML = `
hostname: mail.isp.example
leaseSkew: 0s
subscribers: [${Array.from({ length: CUSTOMERS }, (_, i) => `{ id: kd${i} }`).join(', ')}]
`

export async function benchNetworkCpu(other: Other): Promise<Row[]> {
  const leases = await compareCpu(
    {
      name: 'CPU of an address that gets its next customer, by accounting',
      unit: 'µs a lease',
      slices: 3,
      start: async tree => {
        const port = await freePort()
        const config = `${CUSTOMERS_YAML}radius: { address: 127.0.0.1, port: ${port}, clients: [{ address: 127.0.0.1, secret: bench }] }\n`
        let first = 0
        return started(tree, config, async () => {
          // Not a multiple of the customers, so that each address goes to another one.
          first += LEASES + 7
          await ended('radius-load.ts', [port, 'bench', LEASES, 1, 'start', first, CUSTOMERS])
          return LEASES
        })
      },
    },
    other,
  )
  const flows = await compareCpu(
    {
      name: 'CPU of a flow record (NetFlow 9)',
      unit: 'µs a record',
      slices: 3,
      start: async tree => {
        const port = await freePort()
        const config = `${CUSTOMERS_YAML}flows: { address: 127.0.0.1, port: ${port}, exporters: [127.0.0.1], networks: [100.64.0.0/10], antiSpoofed: true }\n`
        return started(tree, config, async () =>
          Number(await ended('flow-load.ts', [port, PACKETS, PACKETS_PER_SECOND])),
        )
      },
    },
    other,
  )
  return [leases, flows]
}

/** A program of ours that loads a server, to its end; returns what it printed. */
async function ended(file: string, words: readonly (string | number)[]): Promise<string> {
  const args = [join(import.meta.dirname, file), ...words.map(String)]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.on('data', chunk => (said += String(chunk)))
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`${file} ended with ${code}`)
  return said
}
