// Counts events for Prometheus. Labels take their values from closed lists only, so that no outsider can make their
// number grow.

import { Counter, type Registry } from 'prom-client'
import { episodeMetrics } from './episode-metrics.ts'
import type { Event, EventKind, EventOf } from '../../model/event.ts'

/** Returns the listener that counts. */
export function eventMetrics(registry: Registry): (event: Event) => void {
  const counts: Readonly<Record<string, ((event: never) => void) | undefined>> = counting(
    countersIn(registry),
  )
  return event => counts[event.kind]?.(event as never)
}

/** What each kind of event counts; nothing, where there is none. */
type Counting = { readonly [K in EventKind]: ((event: EventOf<K>) => void) | undefined }

function counting(to: ReturnType<typeof countersIn>): Counting {
  return {
    'tx-commit': ({ listener, size }) => {
      to.messages.inc({ listener })
      to.bytes.inc({ listener }, size)
    },
    'message-unreadable': event => {
      for (const what of event.unreadable) to.unreadable.inc({ what })
    },
    judged: ({ verdict, reason, rule, observed, times = 1 }) =>
      to.verdicts({ verdict, reason, rule, observed: observed ? 'yes' : 'no' }, times),
    'link-auth': event => to.logins.inc({ listener: event.listener, result: loginResult(event) }),
    'portal-login': event => to.portal.inc({ result: loginResult(event) }),
    'authentication-unchecked': ({ policy }) => to.unchecked.inc({ policy }),
    'header-ended-early': ({ listener }) => to.early.inc({ listener }),
    'delivery-done': () => to.deliveries.inc({ result: 'done' }),
    'delivery-failed': ({ permanent, result }) =>
      to.deliveries.inc({ result: permanent ? result : 'temporary' }),
    'egress-attempt': ({ outcome }) => to.egress.inc({ outcome }),
    'traffic-seen': ({ sign }) => to.traffic.inc({ sign }),
    'decoy-mail': () => to.decoys.inc(),
    'abuse-reported': undefined,
    'password-circulates': undefined,
    'evidence-weighed': ({ cell, nats }) => {
      to.evidence.inc({ cell })
      to.nats.inc(nats)
    },
    ...to.episodes,
    'incident-opened': () => to.incidents.inc(),
    'decision-made': ({ what }) => to.decisions.inc({ decision: what, observed: 'no' }),
    'decision-observed': ({ what }) => to.decisions.inc({ decision: what, observed: 'yes' }),
    'action-done': ({ driver, failed }) =>
      to.actions.inc({ driver, result: failed ? 'failed' : 'done' }),
    'list-changed': ({ listed }) => to.listed.inc({ change: listed ? 'listed' : 'removed' }),
    'complaint-received': ({ complaint: { unread, tracedBy } }) =>
      to.complaints.inc({ traced_by: unread === undefined ? tracedBy : 'unread' }),
    'notice-sent': ({ notice }) => to.notices.inc({ notice }),
    'held-settled': ({ outcome }) => to.settled.inc({ outcome }),
    'opt-out-changed': ({ state, optOutKind }) => to.optOuts.inc({ state, kind: optOutKind }),
    'alarm-raised': ({ alarm }) => to.alarms.inc({ alarm }),
    'journal-gap': ({ lost }) => to.lost.inc(lost),
    'client-not-reading': ({ door, ended }) =>
      to.notReading.inc({ door, ended: ended ? 'yes' : 'no' }),
    'client-cut-off': ({ listener, tooMany }) => to.cutOff.inc({ listener, why: tooMany }),
    'steps-left-out': ({ left }) => to.leftOut.inc(left),
    'step-judged': undefined,
    'protocol-violation': undefined,
    'incident-changed': undefined,
    'decision-ended': undefined,
    'lease-opened': undefined,
    'lease-closed': undefined,
    'order-given': undefined,
  }
}

function countersIn(registry: Registry) {
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[] = []) =>
    new Counter({ name: `cordon_${name}`, help, labelNames, registers: [registry] })
  return {
    messages: counter('messages_total', 'Messages accepted', ['listener']),
    bytes: counter('message_bytes_total', 'Bytes of messages accepted', ['listener']),
    unreadable: counter('unreadable_messages_total', 'Messages not read to their end', ['what']),
    verdicts: verdictCounter(registry),
    notReading: counter('clients_not_reading_total', 'Clients that read no reply for ten seconds', [
      'door',
      'ended',
    ]),
    logins: counter('logins_total', 'Attempts to log in', ['listener', 'result']),
    unchecked: counter(
      'unchecked_senders_total',
      'Messages from outside whose signatures and sender could not be checked to their end',
      ['policy'],
    ),
    early: counter(
      'headers_ended_early_total',
      'Messages whose header a line that is no field ended',
      ['listener'],
    ),
    portal: counter('portal_logins_total', 'Attempts to log in at the portal', ['result']),
    deliveries: counter('deliveries_total', 'Delivery attempts by recipient', ['result']),
    egress: counter(
      'egress_attempts_total',
      'Attempts of customers’ lines to reach port 25 outside, by outcome',
      ['outcome'],
    ),
    traffic: counter('traffic_signs_total', 'Signs of infection in flow records', ['sign']),
    decoys: counter('decoy_messages_total', 'Messages that decoys received'),
    evidence: counter('evidence_units_total', 'Units of evidence', ['cell']),
    nats: counter('evidence_nats_total', 'Sum of all units of evidence, in nats'),
    episodes: episodeMetrics(registry),
    incidents: counter('incidents_opened_total', 'Incidents opened'),
    decisions: counter('decisions_total', 'Decisions made', ['decision', 'observed']),
    listed: counter('list_changes_total', 'Entries of the list, by change', ['change']),
    actions: counter('actions_total', 'Changes of restrictions', ['driver', 'result']),
    complaints: counter('complaints_total', 'Reports of abuse that came in', ['traced_by', 'read']),
    notices: counter('notices_total', 'Letters to owners', ['notice']),
    settled: counter('held_settled_total', 'Held messages settled, by outcome', ['outcome']),
    optOuts: counter('opt_outs_total', 'Opt-outs asked for, opened and ended', ['state', 'kind']),
    alarms: counter('alarms_total', 'Alarms for the operator', ['alarm']),
    lost: counter('journal_lost_total', 'Events that the journal could not store'),
    leftOut: counter(
      'journal_steps_left_out_total',
      'Judged steps of floods that were not written down',
    ),
    cutOff: counter('clients_cut_off_total', 'Sessions ended for too many errors or commands', [
      'listener',
      'why',
    ]),
  }
}

type VerdictLabels = Readonly<Record<'verdict' | 'reason' | 'rule' | 'observed', string>>

/** In a flood there is one for each step, and prom-client sorts and joins its labels each time: added up here until figures are read. */
function verdictCounter(registry: Registry): (labels: VerdictLabels, times: number) => void {
  const fresh = new Map<string, { readonly labels: VerdictLabels; times: number }>()
  const verdicts = new Counter({
    name: 'cordon_verdicts_total',
    help: 'Verdicts other than accept',
    labelNames: ['verdict', 'reason', 'rule', 'observed'],
    registers: [registry],
    collect: () => {
      for (const { labels, times } of fresh.values()) verdicts.inc(labels, times)
      fresh.clear()
    },
  })
  return (labels, times) => {
    const { verdict, reason, rule, observed } = labels
    const key = `${rule} ${reason} ${verdict} ${observed}`
    const known = fresh.get(key)
    if (known) known.times += times
    else fresh.set(key, { labels, times })
  }
}

const loginResult = ({ ok, stoppedBy }: EventOf<'link-auth' | 'portal-login'>) => {
  if (ok) return 'right'
  return stoppedBy === undefined ? 'wrong' : 'stopped'
}
