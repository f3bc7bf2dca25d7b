// A network namespace of the test's own, with loopback alone: every port is free there, and nothing leaves it. Only for root.

import { spawn } from 'node:child_process'
import { once } from 'node:events'

export type OwnNetwork = {
  /** Program and arguments that run another program there. */
  readonly under: readonly string[]
  stop(): Promise<void>
}

/** `addresses`: of loopback, besides 127.0.0.0/8 and ::1. */
export async function ownNetwork(addresses: readonly string[] = []): Promise<OwnNetwork> {
  const script = [
    'set -e',
    'ip link set lo up',
    ...addresses.map(address => `ip addr add ${address} dev lo nodad`),
    'echo ready',
    'read line',
  ].join('\n')
  // It ends with the pipe, when this process ends.
  const holder = spawn('unshare', ['-n', 'sh', '-c', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = once(holder, 'exit')
  const stop = async () => {
    holder.stdin.end()
    await ended
  }
  const [said] = (await Promise.race([once(holder.stdout, 'data'), ended])) as unknown[]
  if (String(said) === 'ready\n')
    return { under: ['nsenter', '-n', '-t', String(holder.pid)], stop }
  await stop()
  throw new Error('there is no network of our own')
}
