import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { MINUTE, SECOND } from '../../model/duration.ts'
import { RequestDeadline } from './request-deadline.ts'

/** A deadline on a clock that the test moves. */
function scene(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  let now = 1000
  let isLate = false
  const deadline = new RequestDeadline({ steady: () => now, late: () => (isLate = true) })
  return {
    deadline,
    isLate: () => isLate,
    pass: (ms: number) => {
      now += ms
      t.mock.timers.tick(ms)
    },
  }
}

test('a command has five minutes, however its bytes come in', t => {
  const { deadline, isLate, pass } = scene(t)
  deadline.wait()
  for (let i = 0; i < 9; i++) {
    pass(MINUTE / 2)
    deadline.heard(0)
    deadline.wait()
  }
  assert.equal(isLate(), false)
  pass(MINUTE / 2)
  assert.equal(isLate(), true)
})

test('each command has five minutes of its own, and our own work takes none of them', t => {
  const { deadline, isLate, pass } = scene(t)
  for (let i = 0; i < 4; i++) {
    deadline.wait()
    pass(5 * MINUTE - 1)
    deadline.heard(0)
    pass(20 * MINUTE)
    deadline.begin()
  }
  assert.equal(isLate(), false)
})

for (const [rate, hours, isLateThen] of [
  [500, 3, false],
  [450, 3, true],
  [1, 0.09, true],
] as const) {
  test(`a message at ${rate} bytes a second ${isLateThen ? 'ends' : 'goes on'}`, t => {
    const { deadline, isLate, pass } = scene(t)
    deadline.wait()
    for (let i = 0; i < hours * 360; i++) {
      pass(10 * SECOND)
      deadline.heard(10 * rate)
      deadline.wait()
    }
    assert.equal(isLate(), isLateThen)
  })
}

test('a client that sent fast has no more than five minutes for it', t => {
  const { deadline, isLate, pass } = scene(t)
  deadline.heard(50_000_000)
  deadline.wait()
  pass(5 * MINUTE)
  assert.equal(isLate(), true)
})
