// A case is released: what was decided ends, and network, sessions and held mail follow.

import { ALREADY_OVER, release } from '../../core/isolation/release.ts'
import { type EndedBy, MAX_HOLD_HOURS } from '../../model/decision.ts'
import { heldFor, isOverLimit } from '../../model/held-for.ts'
import { isLine, type Subject, subjectName } from '../../model/evidence.ts'
import type { Incident } from '../../model/incident.ts'
import type { Actor, OrderOutcome } from '../../model/order.ts'
import type { Reason } from '../../model/reason.ts'
import { changeCase } from '../evidence/change-case.ts'
import { caseChanged, caseReleased, decisionEnded } from '../evidence/case-events.ts'
import { ANYTHING, HELD_BY_CASE, mailOf } from '../evidence/mail-of.ts'
import { heldAway } from './held-away.ts'
import type { OrderParts } from './order-parts.ts'
import { done, refused } from './outcome.ts'
import { stillHeldWords } from './still-held-words.ts'

export async function endCase(
  parts: Pick<OrderParts, 'cases' | 'reporter' | 'followed' | 'spool' | 'network'>,
  incident: Incident,
  { by, at, proven, held: decided }: CaseEnding,
): Promise<OrderOutcome> {
  if (decided && incident.status === 'probation')
    return settleHeld(parts, incident, { ...decided, at })
  // The case is closed: mail held since may belong to a newer case.
  if (decided && incident.status === 'closed') return refused(ALREADY_OVER)
  const before = by === 'staff' ? await held(parts, incident) : undefined
  // Settle the held mail first: a release would send some of it.
  const settled = decided && (await settleHeld(parts, incident, { ...decided, at }))
  if (settled?.done === false) return settled
  let why = ALREADY_OVER
  const released = await changeCase(parts.cases, incident.subject, now => {
    if (now.incident?.id !== incident.id) return undefined
    const answer = release(now.incident, now.inForce, by, at)
    if (answer.ok) return answer
    why = answer.why
    return undefined
  })
  if (!released) return refused(why)
  for (const decision of released.ended) parts.reporter.note(decisionEnded(decision, at))
  const { incident: now } = released
  await parts.reporter.tellEpisodes(proven ? caseReleased(now, at) : caseChanged(now, at))
  await parts.followed()
  const stuck = by === 'staff' ? await stillHeldWords(parts, released.ended) : ''
  const over = `Case ${incident.caseCode} is released. It stays in probation for two weeks.${stuck}`
  if (settled) return done(`${over} ${settled.text}`)
  const after = before && (await held(parts, incident))
  const paced = by === 'staff' ? await pacedMail(parts, incident) : proven ? '' : STILL_WAITS
  return done(`${over}${before && after ? heldMail(before, after, incident) : ''}${paced}`)
}

const STILL_WAITS =
  ' Mail that looks like spam waits its turn as before, until a while has passed; the code of your second factor ends that, too.'

export type CaseEnding = {
  readonly by: EndedBy
  readonly at: number
  /**
   * Surely said by its owner, or by staff: then what was seen is over. A thief who has the portal's password may set a new one, or say that all
   * is mended.
   */
  readonly proven: boolean
  /** What staff say of the mail that the case holds. */
  readonly held?: { readonly to: 'send' | 'purge'; readonly actor: Actor }
}

/** All that the case holds is sent, or deleted. */
async function settleHeld(
  parts: Pick<OrderParts, 'spool' | 'reporter'>,
  incident: Incident,
  { to, actor, at }: NonNullable<CaseEnding['held']> & { readonly at: number },
): Promise<OrderOutcome> {
  const { spool, reporter } = parts
  const change = to === 'send' ? ({ to: 'queued', due: at } as const) : ({ to: 'gone' } as const)
  const all = new Map<string, string | undefined>()
  const first = to === 'purge' ? await heldByLimit(parts, incident) : []
  for (const which of [
    { ...mailOf(incident.subject), ...HELD_BY_CASE },
    ...first.map(message => ({ message, state: 'held' as const })),
  ]) {
    const rows = await spool.change(which, change).catch(error => heldAway(error, actor))
    if ('away' in rows) return refused(rows.away)
    for (const { message, login } of rows) all.set(message, login)
  }
  const outcome = to === 'send' ? 'released' : 'purged'
  for (const [message, login] of all) {
    const owner = login === undefined ? {} : { login }
    reporter.note({ kind: 'held-settled', at, message, outcome, ...owner })
  }
  const what = to === 'send' ? `on ${all.size === 1 ? 'its' : 'their'} way` : 'deleted'
  const stay = (await held(parts, incident)).size
  return done(
    `Of the mail that the case held: ${messages(all.size)} ${what}.${stay === 0 ? '' : stayHeld(stay, incident)}`,
  )
}

/** Mail with evidence that came while the case stood, and that a limit held before the case held any. */
async function heldByLimit(
  { spool }: Pick<OrderParts, 'spool'>,
  { subject, openedAt }: Incident,
): Promise<readonly string[]> {
  const which = { ...mailOf(subject), state: 'held', minNats: ANYTHING, limit: MOST } as const
  const rows = await spool.list(which)
  const limited = rows.filter(({ at, why }) => at >= openedAt && isOverLimit(heldFor(why)))
  return [...new Set(limited.map(({ message }) => message))]
}

function stayHeld(count: number, { subject }: Incident): string {
  return ` ${messages(count)} still held, by a limit or a rule: cordon queue list --held ${whose(subject)} shows them, cordon queue purge MESSAGE deletes one.`
}

/** Of messages that are held, what each waits for. */
async function held({ spool }: Pick<OrderParts, 'spool'>, { subject }: Incident): Promise<Held> {
  const rows = await spool.list({ ...mailOf(subject), state: 'held', limit: MOST })
  return new Map(rows.map(row => [row.message, heldFor(row.why).reason]))
}

type Held = ReadonlyMap<string, Reason>

/** Recipients of held mail that are counted for an answer. */
const MOST = 10_000

/** What waits in the window goes by itself, and sooner now: staff may not want that. */
async function pacedMail(
  { spool }: Pick<OrderParts, 'spool'>,
  { subject }: Incident,
): Promise<string> {
  const rows = await spool.list({ ...mailOf(subject), state: 'paced', limit: MOST })
  const count = new Set(rows.map(({ message }) => message)).size
  if (count === 0) return ''
  return ` ${messages(count)} waiting in the window, and ${count === 1 ? 'goes' : 'go'} by ${count === 1 ? 'itself' : 'themselves'} now: cordon queue list --paced ${whose(subject)} shows them, cordon queue purge MESSAGE deletes one.`
}

/** What became of mail that was held, for staff. */
function heldMail(before: Held, after: Held, { caseCode }: Pick<Incident, 'caseCode'>): string {
  if (before.size === 0) return ' No mail was held.'
  const gone = [...before.keys()].filter(message => !after.has(message)).length
  const waiting = Map.groupBy(after.values(), reason =>
    isOverLimit({ reason }) ? 'limit' : reason === 'evidence' ? 'evidence' : 'rule',
  )
  const kept = (what: 'limit' | 'evidence' | 'rule', why: string) => {
    const count = waiting.get(what)?.length ?? 0
    return count === 0 ? [] : [`${messages(count)} still held${why}`]
  }
  const said = [
    ...(gone > 0 ? [`${messages(gone)} on ${gone === 1 ? 'its' : 'their'} way`] : []),
    ...kept(
      'evidence',
      `, until you or the owner decide: cordon queue list --held shows them; cordon incident release ${caseCode} --send-held or --purge-held settles them; after ${MAX_HOLD_HOURS} hours the rest is deleted and its sender gets a DSN`,
    ),
    ...kept(
      'limit',
      ' by a limit, which no release lifts: each is sent at the time that cordon queue shows',
    ),
    ...kept('rule', ' by a rule that keeps mail for the postmaster'),
  ]
  return ` Of the mail that was held: ${said.join('; ')}.`
}

/** Options of `cordon queue list`. */
const whose = (subject: Subject): string =>
  `--${isLine(subject) ? 'subscriber' : 'login'} ${subjectName(subject)}`

const messages = (count: number): string => (count === 1 ? '1 message is' : `${count} messages are`)
