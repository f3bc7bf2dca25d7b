// The second look as docs/evidence.md and docs/integrate-postfix.md say it, over every status of a case, what its sum has reached, what a
// scanner said of the message, and whether Cordon was there when the half hour and the three days ended.
//
// "Mail that a case holds is sent by itself half an hour after the last evidence, as long as the case's sum never was as high as isolates. Of
// a case whose sum was (and of one that did contain, once it is released) it is not: what no scanner has read and found clean waits for its
// owner's word, at most MAX_HOLD; then it is deleted … so it is when Cordon was away then, or when the case is closed meanwhile or cannot be
// found."

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { heldMessage } from '../../../test/support/looked-at.ts'
import { MAX_HOLD } from '../../model/decision.ts'
import { HOUR, MINUTE } from '../../model/duration.ts'
import { type Incident, STATUSES, type Status } from '../../model/incident.ts'

const CAME = Date.UTC(2026, 5, 1, 8)
const HALF_AN_HOUR = CAME + 31 * MINUTE
const END = CAME + MAX_HOLD

const SAID = {
  spam: { nats: 5.9, spam: true },
  'not read': { nats: 2.2 },
  clean: { nats: 0.7, clean: true },
} as const
type Said = keyof typeof SAID

const STATUS_OR_NONE = [...STATUSES, 'not found'] as const
type StatusOrNone = (typeof STATUS_OR_NONE)[number]

/** What the case's sum was, and whether a decision was released after the message came. */
const REACHED = {
  never: { sum: 14.7 },
  'as high as isolates': { sum: 20, reachedAt: CAME },
  'as high once, before': { sum: 9, reachedAt: CAME - HOUR },
  'four days before': { sum: 9, reachedAt: CAME - 96 * HOUR },
  'contained, released': { sum: 0, reachedAt: CAME + MINUTE, releasedAt: CAME + MINUTE },
} as const
type Reached = keyof typeof REACHED

/** As the sentences have it. */
function waits(found: StatusOrNone, reached: Reached, said: Said): boolean {
  if (found === 'contained') return true
  if (said === 'clean') return false
  return found === 'not found' || !['never', 'four days before'].includes(reached)
}

const caseOf = (subject: Incident['subject'], status: Status, reached: Reached): Incident => ({
  rev: 1,
  id: subject,
  caseCode: 'K7-2M9Q',
  subject,
  status,
  openedAt: CAME,
  changedAt: CAME,
  holdAt: 11,
  containAt: 16.7,
  kinds: ['recipients'],
  epoch: 0,
  summary: '',
  ...REACHED[reached],
})

const LOGIN = 'login:anna@isp.example'
const casesOf = (found: StatusOrNone, reached: Reached): readonly Incident[] =>
  found === 'not found' ? [] : [caseOf(LOGIN, found, reached)]

for (const found of STATUS_OR_NONE)
  for (const reached of Object.keys(REACHED) as Reached[])
    for (const said of Object.keys(SAID) as Said[]) {
      const stays = waits(found, reached, said)
      const name = `${found}, ${reached}, ${said}: ${stays ? 'waits for a word, deleted after three days' : 'goes after half an hour'}`
      test(name, async () => {
        const message = { at: CAME, why: 'evidence', ...SAID[said] }
        const there = heldMessage(message, casesOf(found, reached))
        await there.look(HALF_AN_HOUR)
        assert.equal(there.outcome(), stays ? 'kept' : 'released')
        if (stays) assert.equal(there.due(), END)
        await there.look(END - MINUTE)
        assert.equal(there.outcome(), stays ? 'kept' : 'released')
        await there.look(END)
        assert.equal(there.outcome(), stays ? 'expired' : 'released')
        assert.equal(there.told(), stays ? 1 : 0)
      })
      test(`${name}, also when Cordon was away until then`, async () => {
        for (const closed of [false, true]) {
          const before = casesOf(found, reached)
          // A case that contains is not closed before it is released.
          const status = closed && found !== 'contained' ? 'closed' : found
          const changedAt = closed ? END : CAME
          const now = before.map(one => ({ ...one, status: status as Status, changedAt }))
          const there = heldMessage({ at: CAME, why: 'evidence', ...SAID[said] }, now)
          await there.look(END + HOUR)
          assert.equal(there.outcome(), stays ? 'expired' : 'released')
          assert.equal(there.told(), stays ? 1 : 0)
        }
      })
    }

test('of two cases, the line’s and the login’s, one that keeps the message is enough', async () => {
  const wrong: string[] = []
  for (const line of STATUSES)
    for (const login of STATUSES)
      for (const [ofLine, ofLogin] of [
        ['never', 'as high as isolates'],
        ['contained, released', 'never'],
        ['never', 'never'],
      ] as const)
        for (const said of Object.keys(SAID) as Said[]) {
          const cases = [caseOf('line:anna', line, ofLine), caseOf(LOGIN, login, ofLogin)]
          const there = heldMessage({ at: CAME, why: 'evidence', ...SAID[said] }, cases)
          await there.look(HALF_AN_HOUR)
          const stays = waits(line, ofLine, said) || waits(login, ofLogin, said)
          if (there.outcome() !== (stays ? 'kept' : 'released'))
            wrong.push(`${line} (${ofLine}), ${login} (${ofLogin}), ${said}: ${there.outcome()}`)
        }
  assert.deepEqual(wrong, [])
})

test('while evidence comes a message of a held case waits half an hour from the last of it', async () => {
  const changedAt = CAME + 20 * MINUTE
  const held = { ...caseOf(LOGIN, 'held', 'never'), changedAt }
  const there = heldMessage({ at: CAME, why: 'evidence', ...SAID['not read'] }, [held])
  await there.look(HALF_AN_HOUR)
  assert.equal(there.due(), changedAt + 30 * MINUTE)
  await there.look(changedAt + 30 * MINUTE)
  assert.equal(there.outcome(), 'released')
})

const WRITERS = [
  ['anna@isp.example', 'Anna.EK@isp.example', ['Anna.EK@isp.example']],
  ['anna@isp.example', 'anna+shop@isp.example', ['anna+shop@isp.example']],
  ['anna@isp.example', 'victim@elsewhere.example', ['anna@isp.example']],
  ['anna@isp.example', 'bert@isp.example', ['anna@isp.example']],
  ['anna@isp.example', '', []],
  // Of no customer: the login itself, if it is an address.
  ['carla@isp.example', 'victim@elsewhere.example', ['carla@isp.example']],
  ['carla@isp.example', 'carla@isp.example', ['carla@isp.example']],
  ['carla', 'carla@elsewhere.example', []],
  ['carla', 'bert@isp.example', []],
  // Of a customer’s line: the customer.
  [undefined, 'victim@elsewhere.example', ['anna@isp.example']],
] as const
for (const [login, sender, told] of WRITERS)
  test(`what ${login} wrote as <${sender}> and is deleted is told to ${told.join() || 'no address'}`, async () => {
    const { login: _, ...message } = { at: CAME, why: 'evidence', sender, ...SAID.spam, login }
    const there = heldMessage(login === undefined ? message : { ...message, login }, [])
    await there.look(END)
    assert.equal(there.outcome(), 'expired')
    assert.deepEqual(there.toldTo(), told)
  })
