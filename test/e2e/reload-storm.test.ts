// Many signals to reload while one goes on: each waits for the reload that begins after it, and that is one for all of them.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { leastConfig, reloadScene } from '../support/reload-scene.ts'

test('ten signals during a reload are one more reload', async t => {
  const begun = Promise.withResolvers<undefined>()
  const held = Promise.withResolvers<undefined>()
  let reads = 0
  const scene = await reloadScene(leastConfig, {
    reread: async agreed => {
      reads++
      begun.resolve(undefined)
      await held.promise
      return agreed
    },
  })
  t.after(scene.end)
  const { reload } = scene.cordon
  const first = reload({ by: 'SIGHUP' })
  await begun.promise
  const signals = Array.from({ length: 10 }, () => reload({ by: 'SIGHUP' }))
  // A person who says why is asked and answered for themselves.
  const person = reload({ by: 'staff anna', despite: 'a test' })
  held.resolve(undefined)
  const answers = await Promise.all([first, ...signals, person])
  assert.ok(answers.every(({ outcome }) => outcome === 'done'))
  assert.equal(reads, 3)
  const told = scene.events.filter(one => one.kind === 'order-given' && one.order === 'reload')
  assert.equal(told.length, 3)
  await reload({ by: 'SIGHUP' })
  assert.equal(reads, 4)
})
