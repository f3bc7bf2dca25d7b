// Listening sockets that systemd holds for us (sd_listen_fds(3)): they stay open while we restart, so that a client that
// connects meanwhile waits for a moment and is not refused.

const FIRST = 3

/**
 * File descriptors by name (FileDescriptorName= of the socket unit); several of one name in the order of the unit.
 * Empty when there are none for this process.
 */
export function inheritedSockets(
  env: NodeJS.ProcessEnv,
  pid: number,
): ReadonlyMap<string, readonly number[]> {
  const count = Number(env['LISTEN_FDS'] ?? 0)
  const named = new Map<string, number[]>()
  if (!Number.isInteger(count) || count < 1 || Number(env['LISTEN_PID']) !== pid) return named
  const names = (env['LISTEN_FDNAMES'] ?? '').split(':')
  for (let i = 0; i < count; i++) {
    const name = names[i] ?? 'unknown'
    named.set(name, [...(named.get(name) ?? []), FIRST + i])
  }
  return named
}
