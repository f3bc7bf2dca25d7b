// A message of our own customers that another server keeps and does not show: Cordon knows its sender, its recipients as far as that
// server said, and their number. The message counts, is judged and is weighed like any other whose content was not scanned.
//
// The server asks again when no answer came, perhaps a Cordon that was started in between: the message counts once (`Step.once`).

import { correspondentKey } from '../../mail/correspondent-key.ts'
import type { Op } from '../../model/counter.ts'
import { HOUR } from '../../model/duration.ts'
import { heldFor, isPaced } from '../../model/held-for.ts'
import type { MessageFacts } from '../../model/message-facts.ts'
import type { MessageSummary } from '../../model/message.ts'
import type { Step, Transaction } from '../../model/step.ts'
import { ACCEPT, type Judgement, type Verdict } from '../../model/verdict.ts'
import { NO_PARAMETERS } from '../../model/esmtp-parameters.ts'
import { subjectsOfClient } from '../evidence/attribute.ts'
import { awayOf, episodeFacts } from '../evidence/episode-facts.ts'
import { peek } from '../evidence/gather.ts'
import { historyFrom, historyOps } from '../evidence/history.ts'
import { trappedBy } from '../evidence/traps.ts'
import { announceHold } from './announce.ts'
import { alongOf, type Counts, countMessage, forgetWaiting, remember } from './count-message.ts'
import { type Message, stepOfMessage } from './examine.ts'
import { holdThere, putOff } from './elsewhere/hold-there.ts'
import { paceThere } from './elsewhere/pace-there.ts'
import { noteAsked } from './logged-rows.ts'
import { rollBack } from './roll-back.ts'
import type { SubmitParts } from './submit-parts.ts'
import { takenOfHeard } from './taken-of-heard.ts'
import { natsOf, unitsBefore, verdictUnder, weighMessage } from './weigh-message.ts'

/** Longer than any server asks again about one message: Postfix twice, 100 s each (smtpd_policy_service_timeout, _try_limit). */
const ASKED_FOR = HOUR
/** Rules that are skipped when the server asks again: the message was counted by them, within their limits. */
const COUNTING = ['limits', 'quotas'] as const

export function createUnseen(parts: SubmitParts): (step: Step) => Promise<Judgement> {
  return async asked => {
    const mark = asked.once === undefined ? [] : [markOf(asked.once)]
    const { message, isCounted } = await unseenMessage(parts, asked, mark)
    if (isCounted) return askedAgain(parts, message)
    const along = alongOf(parts, message)
    const counting: Counts = { ...along, ops: [...along.ops, ...mark] }
    const found = await parts.judge.judgeAttributed(message.step, 'take', counting)
    const judged = putOff(parts, message.tx, found, () => message.step)
    if (!isTaken(judged)) {
      await rollBack(parts, asked.at, counting.counted)
      return judged
    }
    try {
      const taken = await weighed(parts, message, { judged, counting })
      // What no rule counted is marked when it is written down: a mark without that would say that it may go.
      if (!counting.readings && mark.length > 0 && isTaken(taken))
        await counting.counters.apply({ at: asked.at, mode: 'take', ops: mark })
      return taken
    } catch (error) {
      // The server asks again about the message, which must count once.
      await rollBack(parts, asked.at, counting.counted)
      throw error
    }
  }
}

const markOf = (once: string): Op => ({ op: 'mark', key: `asked:${once}`, ttl: ASKED_FOR })

const isTaken = ({ verdict: { kind } }: Judgement): boolean => kind === 'accept' || kind === 'hold'

/** One trip for all that is known of the sender, and of the question (`mark`). */
export async function unseenMessage(
  parts: SubmitParts,
  asked: Step,
  mark: readonly Op[],
): Promise<{ readonly message: Message; readonly isCounted: boolean }> {
  const { recipients: all = [], recipientCount = all.length, once } = asked
  const heard = transactionOf(asked, all)
  const step = stepOfMessage(parts, heard)
  const summary = { ...NOTHING_SEEN, size: asked.size ?? 0 }
  const subjects = subjectsOfClient(parts, step.who)
  const keys = all.map(address => correspondentKey(address, parts.secret))
  const { who } = step
  const away = awayOf(who, subjects)
  const about = { at: asked.at, who, subjects, correspondents: keys, fingerprint: '', away }
  const ops = historyOps(parts, about)
  const readings = await peek(parts, asked.at, [...mark, ...ops])
  const before = historyFrom(parts, about, readings.slice(mark.length))
  const { recipients, correspondents, history } = takenOfHeard(
    { recipients: all, correspondents: keys, history: before },
    recipientCount,
  )
  const tx = { ...heard, recipients }
  // Which recipients are left is not known: a trap is not hidden by others that are refused.
  const trapped = await trappedBy(parts, heard, { summary, who })
  const { source: ofSource = [], newTo, met } = history
  const episode = episodeFacts(parts, { who, away, readings: ofSource, newTo, met, summary })
  const facts: MessageFacts = {
    content: 'unseen',
    repeated: false,
    recipients: recipientCount,
    firstTime: history.firstTime,
    exempt: false,
    subjects,
    ...(trapped ? { trapped: subjects } : {}),
    ...(trapped?.led ? { trapLed: true } : {}),
    ...(episode ? { episode } : {}),
  }
  const id = once ?? parts.names.message()
  const { firstTime } = history
  const known = { recipients, recipientCount, firstTime, queueId: id, size: summary.size }
  const common = { id, tx, summary, correspondents, facts, history, trapped, sender: tx.sender }
  return {
    message: { ...common, eightBit: false, step: { ...step, ...known } },
    isCounted: mark.length > 0 && (readings[0]?.value ?? 0) > 0,
  }
}

/** The content of the message is not known: no sign for it, and none against it. */
const NOTHING_SEEN: MessageSummary = Object.freeze({
  size: 0,
  subject: '',
  from: [],
  hasDate: true,
  automatic: false,
  hops: 0,
  linkHosts: [],
  attachments: [],
  text: '',
  fingerprint: '',
  utf8Header: false,
})

function transactionOf(asked: Step, recipients: readonly string[]): Transaction {
  const { session, listener, at, client, tls, helo = '', sender = '' } = asked
  const { login, skipRules, keptAs } = asked
  return {
    session,
    listener,
    at,
    client,
    tls,
    helo,
    sender,
    recipients,
    extended: true,
    esmtp: NO_PARAMETERS,
    elsewhere: true,
    ...(login === undefined ? {} : { login }),
    ...(skipRules ? { skipRules } : {}),
    ...(keptAs === undefined ? {} : { keptAs }),
  }
}

/** The same answer, as far as nothing has happened in between. */
async function askedAgain(parts: SubmitParts, message: Message): Promise<Judgement> {
  const held = parts.elsewhere.get(message.tx.keptAs)
  if (held) {
    const { reason } = heldFor(held.why)
    return { verdict: { kind: 'hold', reason, until: held.due }, message: held.message }
  }
  const skipRules = [...(message.step.skipRules ?? []), ...COUNTING]
  const judged = await parts.judge.judgeAttributed({ ...message.step, skipRules }, 'peek')
  if (judged.verdict.kind !== 'accept') return judged
  const units = unitsBefore(message)
  const { counters } = parts
  const verdict = await holdThere(parts, message, {
    verdict: verdictUnder(parts, message, { units, judged: ACCEPT }),
    nats: natsOf(units),
    counters,
  })
  return verdict ? { ...judged, verdict } : NO_ROOM
}

const NO_ROOM: Judgement = { verdict: { kind: 'defer', reason: 'storage-full' }, rule: 'limits' }

type Counted = { readonly judged: Judgement; readonly counting: Counts }

/** It is taken: what it says is added up, and whether it waits follows from that. */
async function weighed(
  parts: SubmitParts,
  seen: Message,
  { judged, counting }: Counted,
): Promise<Judgement> {
  const { cases } = parts
  const { counters } = counting
  const { readings, facts } = await countMessage(parts, seen, counting)
  const message = { ...seen, facts }
  const { event, units } = await weighMessage({ cases, counters }, message, readings)
  const placed = await parts.window.place(event)
  // An event without evidence changes no case: the server need not wait until it is written down.
  if (units.length === 0 && !placed) parts.reporter.report(event)
  else await parts.reporter.settle(event)
  const under = verdictUnder(parts, message, { units, judged: judged.verdict })
  const about = { nats: natsOf(units), rule: judged.rule, counters, placed }
  const verdict =
    placed && under.kind !== 'hold'
      ? await paceThere(parts, message, { ...about, placed })
      : await holdThere(parts, message, { ...about, verdict: under })
  if (!verdict) return NO_ROOM
  if (verdict.kind === 'hold' && !isPaced(verdict)) announce(parts, message, { verdict, judged })
  if (!(counting.readings && counting.teaches)) await remember(parts, message, verdict)
  if (isPaced(verdict)) await forgetWaiting(parts, message, message.correspondents)
  noteAsked(parts.logged, message)
  return { ...judged, verdict, message: message.id }
}

function announce(
  parts: SubmitParts,
  message: Message,
  {
    verdict,
    judged,
  }: { readonly verdict: Extract<Verdict, { kind: 'hold' }>; readonly judged: Judgement },
): void {
  const { login, who } = message.step
  const owner = login === undefined ? undefined : parts.subscribers.byLogin(login)?.id
  const subscriber = owner ?? who.subscriber
  const rule = verdict === judged.verdict ? (judged.rule ?? 'evidence') : 'evidence'
  announceHold(parts, message, { verdict, rule, subscriber })
}
