// The order of messages that wait for each other: mail from outside, and from machines that are redirected, waits for that of our
// own customers.

import { maskIp } from '../../model/ip.ts'
import type { Transaction } from '../../model/step.ts'
import type { ReadingTurn } from '../../ports/readings.ts'

export function turnOf({ listener, login, client: { realm, address } }: Transaction): ReadingTurn {
  if (listener === 'internal') return { lane: 'first', from: listener }
  const isOurs = listener === 'submission' || listener === 'trusted-network'
  return { lane: isOurs ? 'first' : 'rest', from: login ?? `${realm} ${maskIp(address)}` }
}
