import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Decision, type DecisionKind, LONGEST, QUIET_FOR } from '../../model/decision.ts'
import { DAY } from '../../model/duration.ts'
import type { EvidenceKind, Unit } from '../../model/evidence.ts'
import type { Incident, Status } from '../../model/incident.ts'
import type { Plan } from '../../model/subscriber.ts'
import { advance, type Advanced, HALF_CERTAIN_FOR } from './advance.ts'

const AT = Date.UTC(2026, 0, 5, 12)

type ToldUnit = Pick<Unit, 'nearCertain'> & {
  readonly cell?: string
  readonly why?: string
  readonly kinds: readonly EvidenceKind[]
  readonly sum?: number
  readonly nats?: number
  readonly at?: number
  readonly plan?: Plan
  readonly before?: Incident | undefined
  readonly fuseBlown?: boolean
  readonly inForce?: readonly Decision[]
}

/** One unit more on Anna's line. */
const tell = (told: ToldUnit): Incident => advancedBy(told).incident

function advancedBy(told: ToldUnit): Advanced {
  const { kinds, nats = 6, sum = 6, at = AT, plan = 'consumer', before, nearCertain } = told
  const advanced = advance({
    unit: {
      id: 'u',
      subject: 'line:anna',
      at,
      nats,
      kinds,
      cell: told.cell ?? 'c',
      why: told.why ?? 'w',
      ...(nearCertain ? { nearCertain } : {}),
    },
    sum,
    moved: (before?.moved ?? 0) + 1,
    holdAt: 12,
    containAt: 18,
    incident: before,
    inForce: told.inForce ?? [],
    epoch: 0,
    subscriber: 'anna',
    plan,
    fuseBlown: told.fuseBlown ?? false,
    fresh: { incident: 'i', caseCode: 'K', decision: 'd' },
  })
  assert.ok(advanced)
  return advanced
}

const TRAP = { kinds: ['recipients'], nearCertain: 'with-another-kind' } as const
const DECOY = { kinds: ['network'], nearCertain: 'of-consumers' } as const
const statusOf = (told: ToldUnit): Status => tell(told).status

test('a talk with a decoy isolates a consumer; a mail server may have been sent there by the sender it answered', () => {
  assert.equal(statusOf(DECOY), 'contained')
  for (const plan of ['expert', 'business'] as const) {
    assert.equal(statusOf({ ...DECOY, plan }), 'watched')
    const before = tell({ ...DECOY, plan })
    assert.equal(statusOf({ kinds: ['network'], sum: 12, plan, before }), 'held')
    assert.equal(statusOf({ kinds: ['content', 'recipients'], sum: 9, plan, before }), 'contained')
  }
})

test('what is certain with another kind is confirmed by that kind only, in either order', () => {
  for (const [kind, status] of [
    ['content', 'contained'],
    ['network', 'contained'],
    ['authentication', 'contained'],
    // A person who leads a customer to a trap, or to a decoy, can complain, too.
    ['reports', 'watched'],
    // A mailing shows these by itself.
    ['recipients', 'watched'],
    ['volume', 'watched'],
    ['results', 'watched'],
  ] as const) {
    assert.equal(statusOf({ kinds: [kind], sum: 9, before: tell(TRAP) }), status, kind)
    const before = tell({ kinds: [kind] })
    assert.equal(statusOf({ ...TRAP, sum: 9, before }), status, kind)
  }
})

test('a trap and a decoy confirm each other', () => {
  const before = tell({ ...DECOY, plan: 'business' })
  assert.equal(statusOf({ ...TRAP, sum: 12, plan: 'business', before }), 'contained')
})

test('what is long ago, nearly forgotten, or from before a release confirms nothing', () => {
  const content = { kinds: ['content'], sum: 9 } as const
  const before = tell(TRAP)
  assert.equal(statusOf({ ...content, sum: 7, before }), 'watched')
  const late = AT + HALF_CERTAIN_FOR + 1
  assert.equal(statusOf({ ...content, at: late, before }), 'watched')
  const released = { ...before, status: 'probation', kinds: [], releasedAt: AT + 1 } as const
  assert.equal(statusOf({ ...content, at: AT + DAY, before: released }), 'probation')
})

test('what a mailing shows by itself contains no subject, however much there is of it', () => {
  const before = tell({ kinds: ['recipients', 'volume'] })
  for (const [kinds, status] of [
    [['recipients'], 'held'],
    [['volume'], 'held'],
    [['results'], 'held'],
    // Says something of a login, and nothing of a line.
    [['authentication'], 'held'],
    [['content'], 'contained'],
    [['refusals'], 'contained'],
    [['network'], 'contained'],
    [['reports'], 'contained'],
  ] as const)
    assert.equal(statusOf({ kinds, sum: 60, before }), status, kinds[0])
  assert.equal(statusOf({ kinds: ['content'], sum: 60 }), 'held', 'one kind alone')
})

test('what says nothing agrees with nothing', () => {
  const before = tell({ kinds: ['recipients'], sum: 6 })
  assert.equal(statusOf({ kinds: ['network'], nats: 0, sum: 60, before }), 'held')
  assert.equal(statusOf({ kinds: ['network'], nats: 2, sum: 60, before }), 'contained')
})

test('no summary says that a subject sends spam when no server or scanner took its mail for spam', () => {
  const summary = (kinds: readonly EvidenceKind[]) =>
    tell({ kinds, sum: 60, before: tell({ kinds: ['recipients'] }) }).summary
  assert.match(summary(['content']), /sends spam/)
  assert.match(summary(['refusals']), /sends spam/)
  assert.match(summary(['network']), /does what infected machines do/)
  assert.match(
    tell({ kinds: ['recipients'], nearCertain: 'always' }).summary,
    /belong to no person/,
  )
})

test('the list of cases shows that a trap was hit, whatever came first and next', () => {
  const first = tell({ kinds: ['recipients'] })
  for (const cell of ['message/trap', 'message/trap-led']) {
    const hit = tell({ kinds: ['recipients'], cell, why: 'message to a trap', before: first })
    assert.equal(hit.summary, 'message to a trap')
    assert.equal(tell({ kinds: ['volume'], before: hit }).summary, 'message to a trap')
  }
})

test('the summary of a case whose mail waits says that first, and not what it was opened for', () => {
  const opened = tell({ kinds: ['recipients'], cell: 'message/trap-led', why: 'to one (a trap)' })
  assert.equal(opened.summary, 'to one (a trap)')
  const { summary } = tell({ kinds: ['volume'], sum: 13, why: '9 messages', before: opened })
  assert.equal(
    summary,
    'Mail waits (13.0 nats of evidence; last: 9 messages); before that: to one (a trap)',
  )
  const plain = tell({ kinds: ['recipients'], why: 'something old' })
  assert.equal(
    tell({ kinds: ['volume'], sum: 13, why: '9 messages', before: plain }).summary,
    'Mail waits (13.0 nats of evidence; last: 9 messages)',
  )
})

test('contained are the sum and two kinds that agree, neither without the other', () => {
  for (const [kinds, sum, status] of [
    [['content', 'recipients'], 18, 'contained'],
    [['content', 'recipients'], 17.9, 'held'],
    [['content', 'recipients'], 11.9, 'watched'],
    [['content'], 18, 'held'],
    [['content'], 60, 'held'],
    [['network', 'refusals'], 18, 'contained'],
    [['network', 'refusals'], 17.9, 'held'],
    [['network'], 60, 'held'],
    [['refusals'], 60, 'held'],
    [['reports'], 60, 'held'],
  ] as const) {
    assert.equal(statusOf({ kinds: kinds, sum }), status, `${kinds.join(' and ')} at ${sum}`)
    // The same whether they come together or one after the other.
    const [first, ...others] = kinds
    const before = tell({ kinds: [first] })
    const last = others.length > 0 ? others : [first]
    assert.equal(
      statusOf({ kinds: last, sum, before }),
      status,
      `${kinds.join(', then ')} at ${sum}`,
    )
  }
})

test('when automation has restricted so many, and behind a site, the mail waits and a person decides', () => {
  const proven = { kinds: ['content', 'recipients'], sum: 18 } as const
  assert.equal(statusOf({ ...proven, fuseBlown: true }), 'held')
  assert.equal(statusOf({ ...DECOY, fuseBlown: true }), 'held')
  assert.equal(statusOf({ ...proven, plan: 'site' }), 'held')
})

test('what staff have decided stays what it is under more evidence', () => {
  const by = (kind: DecisionKind, who: 'staff' | 'evidence'): Decision => ({
    id: kind,
    incident: 'i',
    subject: 'line:anna',
    kind,
    at: AT,
    until: AT + DAY,
    by: who,
  })
  const suspended = {
    ...tell({ kinds: ['content'] }),
    status: 'contained',
    decision: 'suspend',
    summary: 'court order',
  } as const
  for (const inForce of [
    [by('suspend', 'staff')],
    [by('isolate', 'evidence'), by('suspend', 'staff')],
  ]) {
    const { status, decision, summary } = tell({ kinds: ['content'], before: suspended, inForce })
    assert.deepEqual([status, decision, summary], ['contained', 'suspend', 'court order'])
  }
  const isolated = { ...suspended, decision: 'isolate' } as const
  assert.equal(
    tell({ kinds: ['content'], before: isolated, inForce: [by('hold', 'staff')] }).decision,
    'isolate',
  )
})

test('new evidence moves the end of what staff decided no further than they could have', () => {
  const at = AT - LONGEST.isolate + DAY
  const standing: Decision = {
    id: 'd',
    incident: 'i',
    subject: 'line:anna',
    kind: 'isolate',
    at,
    until: AT + DAY / 2,
    by: 'staff',
  }
  const before = {
    ...tell({ kinds: ['content'] }),
    status: 'contained',
    decision: 'isolate',
  } as const
  const moved = (by: Decision['by'], until = standing.until, sum = 18) => {
    const told = { kinds: ['recipients'], sum, before } as const
    return advancedBy({ ...told, inForce: [{ ...standing, by, until }] }).decisions
  }
  assert.deepEqual(
    moved('staff').map(({ until }) => until),
    [at + LONGEST.isolate],
  )
  assert.deepEqual(moved('staff', at + LONGEST.isolate), [])
  assert.deepEqual(
    moved('evidence').map(({ until }) => until),
    [AT + QUIET_FOR],
  )
  // Evidence that would not have isolated the line leaves an hour by hand an hour.
  assert.deepEqual(moved('staff', standing.until, 17.9), [])
  assert.equal(moved('evidence', standing.until, 17.9).length, 1)
})
