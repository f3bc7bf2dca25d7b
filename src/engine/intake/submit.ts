// Every message enters here, whichever door it came through, and our own notices too: read once as it streams
// by, judged, written to disk, weighed, and only then answered.

import { correspondentKey } from '../../mail/correspondent-key.ts'
import type { Transaction } from '../../model/step.ts'
import { isPaced } from '../../model/held-for.ts'
import { ACCEPT, type Judgement, type Verdict } from '../../model/verdict.ts'
import type { Draft } from '../../ports/engine.ts'
import { subjectsOfClient } from '../evidence/attribute.ts'
import { Abreast } from './abreast.ts'
import {
  announceEarlyEnd,
  announceHold,
  announceUnchecked,
  announceUnreadable,
} from './announce.ts'
import {
  alongOf,
  type Counts,
  countMessage,
  forgetWaiting,
  remember,
  rememberStranger,
} from './count-message.ts'
import { dmarcRow } from './dmarc-row.ts'
import { examine, type Message, stepOfMessage } from './examine.ts'
import { putOff } from './elsewhere/hold-there.ts'
import { rollBack } from './roll-back.ts'
import { noteAsked } from './logged-rows.ts'
import { type Incoming, incoming, type Whole } from './incoming.ts'
import { keep, type MessageToKeep } from './keep.ts'
import { withMissingFrom } from './missing-from.ts'
import type { SubmitParts } from './submit-parts.ts'
import { weighMessage } from './weigh-message.ts'

const OWN_MAIL: Judgement = Object.freeze({ verdict: ACCEPT })

export function createSubmit(parts: SubmitParts): (tx: Transaction) => Promise<Draft> {
  const abreast = new Abreast()
  return async tx => {
    const spooled = incoming(parts.spool, tx, parts)
    return {
      write: chunk => spooled.write(chunk),
      abort: () => spooled.abort(),
      finish: async () => {
        const { who } = stepOfMessage(parts, tx)
        const isOwn = tx.listener === 'internal'
        const entered = abreast.enter(isOwn ? [] : subjectsOfClient(parts, who))
        try {
          return await take(parts, tx, { spooled, isAlone: entered.isAlone })
        } catch (error) {
          // Nothing of what was not taken stays behind; after the commit this does nothing.
          await spooled.abort().catch(() => undefined)
          throw error
        } finally {
          entered.leave()
        }
      },
    }
  }
}

type Streamed = {
  readonly spooled: Incoming
  /** No other message of the same line or login was looked at meanwhile. */
  readonly isAlone: () => boolean
}

/** The whole message is here: judged, on disk if it is taken, and weighed. If it cannot be written, its counts are rolled back. */
async function take(parts: SubmitParts, tx: Transaction, streamed: Streamed): Promise<Judgement> {
  const { spooled } = streamed
  const whole = await spooled.finish()
  if (whole.headerTooLarge) {
    await spooled.abort()
    return unread(parts, tx, whole)
  }
  const summary = withMissingFrom(whole, tx, stepOfMessage(parts, tx))
  const examined = await examine(parts, tx, { ...whole, summary })
  announceUnreadable(parts, examined)
  announceUnchecked(parts, examined)
  if (whole.headerEndedAt) announceEarlyEnd(parts, examined, whole.headerEndedAt)
  parts.sightings?.message(examined)
  const along = alongOf(parts, examined)
  // Rules are for mail of others: Cordon's own reports and letters have no sender that could be refused.
  const isOwn = tx.listener === 'internal'
  const found = isOwn ? OWN_MAIL : await parts.judge.judgeAttributed(examined.step, 'take', along)
  const judged = tx.elsewhere ? putOff(parts, tx, found, () => examined.step) : found
  try {
    if (judged.verdict.kind !== 'accept' && judged.verdict.kind !== 'hold') {
      await spooled.abort()
      await rollBack(parts, tx.at, along.counted)
      tellDmarc(parts, examined, judged.verdict)
      return judged
    }
    const { cases } = parts
    const { counters } = along
    const { readings, facts } = await countMessage(parts, examined, along)
    const message = { ...examined, facts }
    const weighed = await weighMessage({ cases, counters }, message, readings)
    const held = judged.verdict.kind === 'hold' ? { held: true as const } : {}
    const kept = await keep(parts, message, {
      counters,
      ...streamed,
      ...weighed,
      event: { ...weighed.event, ...held },
      judged: judged.verdict,
      rule: judged.rule,
    })
    if (!kept) return { verdict: { kind: 'defer', reason: 'storage-full' }, rule: 'limits' }
    tellDmarc(parts, examined, kept.verdict)
    await afterwards(parts, message, { ...kept, along, judged })
    return {
      ...judged,
      verdict: kept.verdict,
      message: message.id,
      ...(tx.elsewhere ? { header: { add: kept.headers, forged: whole.forged } } : {}),
    }
  } catch (error) {
    // It is tried again, and is to count once.
    await rollBack(parts, tx.at, along.counted)
    throw error
  }
}

function tellDmarc(
  { dmarcSeen }: Pick<SubmitParts, 'dmarcSeen'>,
  message: Message,
  verdict: Verdict,
): void {
  const row = dmarcSeen && dmarcRow(message, verdict)
  if (row) dmarcSeen(row)
}

/** Events about a message that is kept, and what is learned of it. */
async function afterwards(
  parts: SubmitParts,
  message: Message,
  {
    verdict,
    subscriber,
    waiting = [],
    along,
    judged,
  }: MessageToKeep & { readonly along: Counts; readonly judged: Judgement },
): Promise<void> {
  const rule = verdict === judged.verdict ? (judged.rule ?? 'evidence') : 'evidence'
  try {
    if (verdict.kind === 'hold' && !isPaced(verdict))
      announceHold(parts, message, { verdict, rule, subscriber })
    if (message.tx.listener === 'inbound') await rememberStranger(parts, message)
    if (!(along.readings && along.teaches)) await remember(parts, message, verdict)
    const waits = isPaced(verdict)
      ? message.correspondents
      : waiting.map(address => correspondentKey(address, parts.secret))
    await forgetWaiting(parts, message, waits)
    if (message.tx.elsewhere) noteAsked(parts.logged, message)
  } catch (error) {
    // It is kept: with another answer than 250 it would come again.
    parts.trouble(error, 'after a message was kept')
  }
}

/** Over a limit that cannot be turned off: no rule judges a message that was not read. */
function unread(
  parts: SubmitParts,
  tx: Transaction,
  { summary: message, headerTooLarge }: Pick<Whole, 'summary' | 'headerTooLarge'>,
): Judgement {
  const { recipients } = tx
  const queueId = parts.names.message()
  const step = { ...stepOfMessage(parts, tx), recipients, message, queueId }
  return parts.judge.refuse(step, 'header-too-large', headerTooLarge)
}
