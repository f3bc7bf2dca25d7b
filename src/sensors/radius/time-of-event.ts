// When what accounting tells of happened, in our time: by the stamp on it where there is one (Event-Timestamp), corrected by what is known of
// that access server's clock, else by how long it tried to tell (Acct-Delay-Time, in whole seconds), which needs no clock.

import { SECOND } from '../../model/duration.ts'
import { FIRST_LATE, type Moment, SAME_CLOCK, type TellerClock } from '../../wire/teller-clock.ts'
import type { AccountingRecord, SessionNews } from './accounting.ts'

export function timeOf(
  {
    stamp,
    delay,
    status,
  }: Pick<AccountingRecord, 'stamp' | 'delay'> & Partial<Pick<AccountingRecord, 'status'>>,
  clock: TellerClock,
  now: number,
): Moment & Pick<SessionNews, 'otherClock' | 'latest'> {
  // It says itself that it was under way so long.
  const sent = {
    at: now - delay,
    skew: delay > 0 ? SECOND : 0,
    late: delay > SAME_CLOCK ? delay : 0,
  }
  const { offset } = clock
  if (stamp === undefined) {
    clock.heardAt = now
    return sent
  }
  if (delay > 0 && offset === undefined) return sent
  // Some stamp the event, others what they send: of the clock is learned what is true of both, and no more.
  const [ofEvent, ofSending] = [sent.at - stamp, now - stamp]
  const isEither = delay > 0 && offset !== undefined && ofEvent <= offset && offset <= ofSending
  if (isEither && offset - ofEvent > SAME_CLOCK) {
    clock.heardAt = now
    return sent
  }
  const isAhead = offset !== undefined && ofSending < offset
  const heard = isEither
    ? clock.know(stamp, sent.at)
    : hear(clock, { stamp, status, arrival: isAhead ? now : sent.at })
  // The first packets of a clock that looks slow may have waited. After a change of clocks nothing of it is certain anyway, until it is known.
  const mayBeLate = heard.skew > FIRST_LATE && !clock.isDoubtful ? heard.skew : 0
  const late = Math.max(heard.late, sent.late, mayBeLate)
  // That a clock was put back by more is soon believed.
  const mayBeBack = heard.late > 0 && heard.late <= FIRST_LATE
  return {
    ...heard,
    at: Math.min(heard.at, sent.at),
    late,
    ...(mayBeBack && { latest: sent.at }),
    ...(clock.isDoubtful && { otherClock: true }),
  }
}

const hear = (
  clock: TellerClock,
  { stamp, status, arrival }: { stamp: number; status?: string | undefined; arrival: number },
): Moment => (status === 'nas-on' ? clock.hearAnew(stamp, arrival) : clock.hear(stamp, arrival))
