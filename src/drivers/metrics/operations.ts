// What is measured of a running Cordon: what events have counted, and what stands in the stores now.

import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client'
import type { Event } from '../../model/event.ts'
import type { Operations } from '../../ports/operations.ts'
import type { Counted } from '../../wire/sensor.ts'
import { eventMetrics } from './event-metrics.ts'
import { serverStatus, type StatusParts } from './server-status.ts'

export type OperationsParts = StatusParts & {
  readonly spool: {
    /** Bodies in lost-and-found/. */
    countLost(): Promise<number>
  }
  /** Questions to the DNS that wait for an answer, and threads that asked it and ended. */
  readonly dns: () => { readonly waiting: number; readonly ended: number }
  /** What sensors have heard so far. */
  readonly counted: readonly Counted[]
  readonly listen: (listener: (event: Event) => void) => void
}

export function operations(parts: OperationsParts): Operations {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  parts.listen(eventMetrics(registry))

  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Gauge({ name: `cordon_${name}`, help, labelNames, registers: [registry] })
  const waiting = gauge('queue_recipients', 'Recipients in the queue', ['state'])
  const oldest = gauge('queue_oldest_seconds', 'Age of the oldest message in the queue', ['state'])
  const lost = gauge('lost_and_found_bodies', 'Message bodies in lost-and-found', [])
  const inForce = gauge('decisions_in_force', 'Decisions in force', ['decision'])
  const connections = gauge('smtp_connections', 'Open SMTP connections', [])
  const listed = gauge('list_entries', 'Addresses and prefixes on the list', [])
  const questions = gauge('dns_questions', 'Questions to the DNS that wait for an answer', [])
  const threads = new Counter({
    name: 'cordon_dns_threads_ended_total',
    help: 'Threads that asked the DNS and ended; each is followed by another',
    registers: [registry],
  })
  const expires = gauge(
    'certificate_expires_seconds',
    'Time until a certificate expires; negative when it has',
    ['certificate'],
  )
  const offset = gauge(
    'teller_clock_offset_seconds',
    'How far the clock of an access server, exporter or log is behind ours; negative: ahead',
    ['kind', 'name'],
  )
  const unread = gauge('unread', '1 for each part whose figures could not be read', ['part'])
  const counters = countersOf(registry, parts.counted)

  /** Each takes away first what it showed before: what cannot be read now is not shown. */
  const read: Readonly<Record<string, () => void | Promise<void>>> = {
    connections: () => {
      connections.remove()
      connections.set(parts.connections())
    },
    list: () => {
      listed.remove()
      const entries = parts.listed()
      if (entries !== undefined) listed.set(entries)
    },
    DNS: () => {
      const { waiting: asked, ended } = parts.dns()
      questions.set(asked)
      threads.reset()
      threads.inc(ended)
    },
    certificates: () => {
      expires.reset()
      for (const { name, to } of parts.certificates())
        expires.set({ certificate: name }, (to - parts.now()) / 1000)
    },
    clocks: () => {
      offset.reset()
      for (const { kind, name, offset: by } of parts.tellers())
        if (by !== undefined) offset.set({ kind, name }, by / 1000)
    },
    sensors: () => {
      for (const counter of counters.values()) counter.reset()
      for (const { metric, labels, by, counts } of parts.counted)
        for (const [what, count] of Object.entries(counts))
          counters.get(metric)?.inc({ ...labels, [by]: what }, count)
    },
    queue: async () => {
      waiting.reset()
      oldest.reset()
      for (const { state, recipients, since } of await parts.spool.totals()) {
        waiting.set({ state }, recipients)
        oldest.set({ state }, Math.max(0, (parts.now() - since) / 1000))
      }
    },
    'lost and found': async () => {
      lost.remove()
      lost.set(await parts.spool.countLost())
    },
    decisions: () => {
      inForce.reset()
      for (const { kind } of parts.cases.allInForce()) inForce.inc({ decision: kind })
    },
  }

  return {
    metrics: async () => {
      for (const [part, measure] of Object.entries(read)) {
        const failed = await Promise.try(measure).then(
          () => 0,
          () => 1,
        )
        unread.set({ part }, failed)
      }
      return { contentType: registry.contentType, text: await registry.metrics() }
    },
    problems: async () => (await parts.health()).map(one => one.words),
    status: () => serverStatus(parts),
  }
}

/** One for each metric, which several sensors may share. */
function countersOf(registry: Registry, counted: readonly Counted[]): ReadonlyMap<string, Counter> {
  const counters = new Map<string, Counter>()
  for (const { metric, help, by, labels = {} } of counted)
    if (!counters.has(metric))
      counters.set(
        metric,
        new Counter({
          name: `cordon_${metric}_total`,
          help,
          labelNames: [...Object.keys(labels), by],
          registers: [registry],
        }),
      )
  return counters
}
