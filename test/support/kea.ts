// Debian's Kea on a router of the tests, with one address to give to the home at `link1`.

import type { ChildProcess } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Host, inside } from './namespaces.ts'
import { eventually } from './serve.ts'

export const KEA_ADDRESS = '198.51.100.2'

export type KeaAsked = {
  /** Its lease file. */
  readonly leases: string
  /** It cleans its lease file up so often (seconds); 0: never. */
  readonly cleansUp: number
  /** A script that is told of each lease. */
  readonly hook?: string
  /** A program in place of kea-lfc, which cleans up. */
  readonly cleaner?: string
}

/** Its configuration and log are in `folder`. Resolves when it serves. */
export async function startKea(
  router: Host,
  folder: string,
  { leases, cleansUp, hook, cleaner }: KeaAsked,
): Promise<ChildProcess> {
  const log = join(folder, 'log')
  const config = {
    Dhcp4: {
      'interfaces-config': { interfaces: ['link1'], 'dhcp-socket-type': 'raw' },
      'lease-database': { type: 'memfile', persist: true, name: leases, 'lfc-interval': cleansUp },
      'valid-lifetime': 600,
      'hooks-libraries':
        hook === undefined
          ? []
          : [
              {
                library: '/usr/lib/x86_64-linux-gnu/kea/hooks/libdhcp_run_script.so',
                parameters: { name: hook, sync: false },
              },
            ],
      subnet4: [
        { subnet: '198.51.100.0/30', pools: [{ pool: `${KEA_ADDRESS} - ${KEA_ADDRESS}` }] },
      ],
      loggers: [{ name: 'kea-dhcp4', severity: 'INFO', output_options: [{ output: log }] }],
    },
  }
  writeFileSync(join(folder, 'kea.json'), JSON.stringify(config))
  const child = inside(
    router,
    'env',
    `KEA_PIDFILE_DIR=${folder}`,
    `KEA_LOCKFILE_DIR=${folder}`,
    ...(cleaner === undefined ? [] : [`KEA_LFC_EXECUTABLE=${cleaner}`]),
    'kea-dhcp4',
    '-c',
    join(folder, 'kea.json'),
  )
  await eventually(() =>
    existsSync(log) && readFileSync(log, 'utf8').includes('DHCP4_STARTED') ? true : undefined,
  ).catch((error: unknown) => {
    child.kill('SIGKILL')
    throw error
  })
  return child
}

/** A machine in a home that asks for an address and keeps it until it is told to give it back (SIGUSR2: udhcpc's manual). */
export const startDhcpClient = (home: Host): ChildProcess =>
  inside(home, 'busybox', 'udhcpc', '-f', '-i', 'uplink', '-s', '/bin/true', '-R')
