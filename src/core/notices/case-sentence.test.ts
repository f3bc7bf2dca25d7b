import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DECISIONS, type DecisionKind } from '../../model/decision.ts'
import { HOUR } from '../../model/duration.ts'
import { minuteIn } from '../../model/local-time.ts'
import { caseSentence } from './case-sentence.ts'

const AT = Date.UTC(2026, 0, 5)
const CASE = {
  caseCode: 'K7-2M9Q',
  subject: 'line:10017',
  status: 'contained',
  summary: 'a decoy was touched',
  openedAt: AT,
} as const
const decided = (kind: DecisionKind) =>
  ({ kind, at: AT, until: AT + 72 * HOUR, by: 'evidence' }) as const
const minute = (at: number) => minuteIn('UTC', at)

test('what is stopped, since when and until when, what was seen, and how it ends', () => {
  assert.equal(
    caseSentence(CASE, [decided('hold'), decided('isolate')], minute),
    'Case K7-2M9Q, the line of customer 10017: isolated (suspicious mail waits, and port 25 is closed where a router enforces it; reading mail and surfing go on) since 2026-01-05 00:00 UTC, until 2026-01-08 00:00 UTC at the latest. What was seen: a decoy was touched. It ends when the owner says in the portal that it is fixed, by itself when nothing more is seen for 72 hours, or when staff release it.',
  )
})

test('of a login it speaks of the mail account, and of a decision of staff it says so', () => {
  const stopped = { ...decided('stop-login'), by: 'staff' } as const
  const sentence = caseSentence({ ...CASE, subject: 'login:anna@isp.example' }, [stopped], minute)
  assert.match(sentence, /the mail account anna@isp\.example: stopped .* by staff, until/)
  assert.match(sentence, /new mail password/)
})

test('what is over stops nothing', () => {
  const over = { ...decided('isolate'), endedAt: AT + HOUR }
  assert.match(
    caseSentence({ ...CASE, releasedAt: AT + HOUR }, [over], minute),
    /everything is open again since 2026-01-05 01:00 UTC/,
  )
  assert.match(caseSentence(CASE, [decided('watch')], minute), /nothing is stopped/)
})

test('every decision that keeps something back has its sentence', () => {
  const said = DECISIONS.filter(kind => kind !== 'watch').map(kind =>
    caseSentence(CASE, [decided(kind)], minute),
  )
  assert.equal(new Set(said).size, DECISIONS.length - 1)
  for (const one of said) assert.doesNotMatch(one, /undefined|\.\./)
})
