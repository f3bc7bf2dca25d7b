// Counts events for Prometheus. Labels take their values from closed lists only, so that nobody outside can make their
// number grow.

import { Counter, type Registry } from 'prom-client'
import type { Event, EventOf } from '../../model/event.ts'

/** Returns the listener that counts. */
export function eventMetrics(registry: Registry): (event: Event) => void {
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[] = []) =>
    new Counter({ name: `cordon_${name}`, help, labelNames, registers: [registry] })

  const messages = counter('messages_total', 'Messages taken', ['listener'])
  const bytes = counter('message_bytes_total', 'Bytes of messages taken', ['listener'])
  const unreadable = counter('unreadable_messages_total', 'Messages not read to their end', [
    'what',
  ])
  const verdicts = counter('verdicts_total', 'Verdicts other than accept', [
    'verdict',
    'reason',
    'rule',
    'observed',
  ])
  const notReading = counter(
    'clients_not_reading_total',
    'Connections on which nothing of our words was taken for ten seconds, and those ended for it',
    ['door', 'ended'],
  )
  const cutOff = counter('clients_cut_off_total', 'Sessions ended because they make only work', [
    'listener',
    'why',
  ])
  const logins = counter('logins_total', 'Logins tried', ['listener', 'result'])
  const early = counter(
    'headers_ended_early_total',
    'Messages whose header a line that is no field ended',
    ['listener'],
  )
  const portal = counter('portal_logins_total', 'Logins at the portal tried', ['result'])
  const deliveries = counter('deliveries_total', 'Attempts to deliver, by recipient', ['result'])
  const egress = counter('egress_attempts_total', 'Attempts at closed ports', ['outcome'])
  const traffic = counter('traffic_signs_total', 'What flow records show of lines', ['sign'])
  const decoys = counter('decoy_messages_total', 'Messages handed to decoys')
  const evidence = counter('evidence_units_total', 'Units of evidence', ['cell'])
  const nats = counter('evidence_nats_total', 'Evidence added up, in nats')
  const incidents = counter('incidents_opened_total', 'Incidents opened')
  const decisions = counter('decisions_total', 'Decisions made', ['decision'])
  const actions = counter('actions_total', 'Changes carried out on the network', [
    'driver',
    'result',
  ])
  const notices = counter('notices_total', 'Letters to owners', ['notice'])
  const settled = counter('held_settled_total', 'Held messages settled', ['outcome'])
  const optOuts = counter('opt_outs_total', 'Opt-outs asked for, opened and ended', [
    'state',
    'kind',
  ])
  const alarms = counter('alarms_total', 'What the operator should look at', ['alarm'])
  const lost = counter('journal_lost_total', 'Events the journal could not keep')
  const leftOut = counter(
    'journal_steps_left_out_total',
    'Judged steps of floods that were not written down',
  )

  return event => {
    switch (event.kind) {
      case 'tx-commit':
        messages.inc({ listener: event.listener })
        return bytes.inc({ listener: event.listener }, event.size)
      case 'message-unreadable':
        for (const what of event.unreadable) unreadable.inc({ what })
        return undefined
      case 'judged': {
        const { verdict, reason, rule } = event
        const labels = { verdict, reason, rule, observed: event.observed ? 'yes' : 'no' }
        return verdicts.inc(labels, event.times ?? 1)
      }
      case 'link-auth':
        return logins.inc({ listener: event.listener, result: loginResult(event) })
      case 'portal-login':
        return portal.inc({ result: loginResult(event) })
      case 'header-ended-early':
        return early.inc({ listener: event.listener })
      case 'delivery-done':
        return deliveries.inc({ result: 'done' })
      case 'delivery-failed':
        return deliveries.inc({ result: event.permanent ? event.result : 'temporary' })
      case 'egress-attempt':
        return egress.inc({ outcome: event.outcome })
      case 'traffic-seen':
        return traffic.inc({ sign: event.sign })
      case 'decoy-mail':
        return decoys.inc()
      case 'evidence-weighed':
        evidence.inc({ cell: event.cell })
        return nats.inc(event.nats)
      case 'incident-opened':
        return incidents.inc()
      case 'decision-made':
        return decisions.inc({ decision: event.what })
      case 'action-done':
        return actions.inc({ driver: event.driver, result: event.failed ? 'failed' : 'done' })
      case 'notice-sent':
        return notices.inc({ notice: event.notice })
      case 'held-settled':
        return settled.inc({ outcome: event.outcome })
      case 'opt-out-changed':
        return optOuts.inc({ state: event.state, kind: event.wish })
      case 'alarm-raised':
        return alarms.inc({ alarm: event.alarm })
      case 'journal-gap':
        return lost.inc(event.lost)
      case 'client-not-reading':
        return notReading.inc({ door: event.door, ended: event.ended ? 'yes' : 'no' })
      case 'client-cut-off':
        return cutOff.inc({ listener: event.listener, why: event.tooMany })
      case 'steps-left-out':
        return leftOut.inc(event.left)
      case 'step-judged':
      case 'client-misbehaved':
      case 'incident-changed':
      case 'decision-ended':
      case 'lease-opened':
      case 'lease-closed':
      case 'order-given':
        return undefined
      default:
        return event satisfies never
    }
  }
}

const loginResult = ({ ok, stoppedBy }: EventOf<'link-auth' | 'portal-login'>) => {
  if (ok) return 'right'
  return stoppedBy === undefined ? 'wrong' : 'stopped'
}
