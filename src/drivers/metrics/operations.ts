// What is measured of a running Cordon: what events have counted, and what stands in the stores now.

import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client'
import type { Event } from '../../model/event.ts'
import type { Cases } from '../../ports/cases.ts'
import type { Operations } from '../../ports/operations.ts'
import type { Spool } from '../../ports/spool.ts'
import { eventMetrics } from './event-metrics.ts'
import type { StoreHealth } from './store-health.ts'

export type OperationsParts = {
  readonly spool: Pick<Spool, 'totals'> & {
    /** Bodies in lost-and-found/. */
    countLost(): Promise<number>
  }
  readonly cases: Pick<Cases, 'allInForce'>
  readonly health: StoreHealth
  readonly connections: () => number
  /** Packets of RADIUS accounting so far, by what became of them. */
  readonly radius: () => Readonly<Record<string, number>>
  readonly flows: () => Readonly<Record<string, number>>
  /** Lines of logs, by log and by what became of them. */
  readonly lines: () => Readonly<Record<string, Readonly<Record<string, number>>>>
  readonly listen: (listener: (event: Event) => void) => void
  readonly now: () => number
}

export function operations(parts: OperationsParts): Operations {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  parts.listen(eventMetrics(registry))

  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Gauge({ name: `cordon_${name}`, help, labelNames, registers: [registry] })
  const waiting = gauge('queue_recipients', 'Recipients whose mail waits', ['state'])
  const oldest = gauge('queue_oldest_seconds', 'Age of the oldest message that waits', ['state'])
  const lost = gauge('lost_and_found_bodies', 'Bodies without a message in the queue, kept', [])
  const inForce = gauge('decisions_in_force', 'Decisions in force', ['decision'])
  const connections = gauge('smtp_connections', 'SMTP connections open', [])
  const radius = new Counter({
    name: 'cordon_radius_packets_total',
    help: 'Packets of RADIUS accounting: heard, or dropped and why',
    labelNames: ['result'],
    registers: [registry],
  })
  const lines = new Counter({
    name: 'cordon_log_lines_total',
    help: 'Lines of the router’s log and of a NAT’s: told of, or not ours or not whole',
    labelNames: ['log', 'result'],
    registers: [registry],
  })
  const flows = new Counter({
    name: 'cordon_flows_total',
    help: 'Flow export: packets and records heard, and what could not be read',
    labelNames: ['what'],
    registers: [registry],
  })

  return {
    metrics: async () => {
      connections.set(parts.connections())
      radius.reset()
      lines.reset()
      for (const [log, counts] of Object.entries(parts.lines()))
        for (const [result, count] of Object.entries(counts)) lines.inc({ log, result }, count)
      flows.reset()
      for (const [what, count] of Object.entries(parts.flows())) flows.inc({ what }, count)
      for (const [result, count] of Object.entries(parts.radius())) radius.inc({ result }, count)
      waiting.reset()
      oldest.reset()
      for (const { state, recipients, since } of await parts.spool.totals()) {
        waiting.set({ state }, recipients)
        oldest.set({ state }, Math.max(0, (parts.now() - since) / 1000))
      }
      lost.set(await parts.spool.countLost())
      inForce.reset()
      for (const { kind } of parts.cases.allInForce()) inForce.inc({ decision: kind })
      return { contentType: registry.contentType, text: await registry.metrics() }
    },
    problems: async () => (await parts.health()).map(one => one.words),
  }
}
