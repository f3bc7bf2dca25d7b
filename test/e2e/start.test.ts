// A start that fails half-way: for every part in turn that part cannot be opened, and for every socket and thread in turn, in the middle of
// its part; then nothing of the others is left, neither files
// nor sockets nor threads nor timers, and the folder can be taken again.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { liveness } from '../../src/app/liveness.ts'
import type { Config } from '../../src/config/schema.ts'
import { configSchema } from '../../src/config/schema.ts'
import type { Overrides } from '../../src/app/world.ts'
import type * as Main from '../../src/main.ts'
import type { StartError } from '../../src/model/errors.ts'
import { breakable } from '../support/breakable.ts'
import { CONFIGURATIONS, everything, handles, inFolder } from '../support/every-part.ts'
import { fileOf } from '../support/program.ts'
import { eventually } from '../support/serve.ts'

const { startCordon } = (await import(fileOf('src/main.ts'))) as typeof Main
const quiet = { trouble: () => undefined, log: () => undefined }

/** Starts it, which fails as `how` says; then nothing is left. */
async function failing(
  config: Config,
  { message, about, ...more }: { message: RegExp; about: string } & Pick<Overrides, 'opening'>,
) {
  const before = handles()
  await assert.rejects(startCordon(config, { ...quiet, ...more }), (error: StartError) => {
    assert.equal(error.name, 'StartError', String(error))
    assert.match(error.message, message)
    return true
  })
  await eventually(() => handles() === before || undefined).catch(() =>
    assert.equal(handles(), before, `left behind when ${about} fails`),
  )
}

const played = new Set<string>()
for (const [what, more] of Object.entries(CONFIGURATIONS))
  test(`${what}: whichever part cannot be opened, the start fails with its name and leaves nothing`, () =>
    inFolder(async folder => {
      const config = everything(folder, more)
      const parts: string[] = []
      const before = handles()
      const whole = await startCordon(config, { ...quiet, opening: part => void parts.push(part) })
      assert.deepEqual(await whole.close(), [])
      await eventually(() => handles() === before || undefined)
      for (const [n, broken] of parts.entries()) {
        if (played.has(broken)) continue
        let opened = 0
        const opening = () => {
          if (opened++ === n) throw new Error('broken by the test')
        }
        const message = new RegExp(
          `^${RegExp.escape(broken)} cannot be opened: broken by the test\\.$`,
        )
        await failing(config, { opening, message, about: broken })
      }
      for (const part of parts) played.add(part)
      const again = await startCordon(config, quiet)
      assert.deepEqual(await again.close(), [])
    }))

for (const [what, more] of Object.entries(CONFIGURATIONS))
  test(`${what}: whichever socket or thread inside a part cannot be opened, nothing of that part is left either`, () =>
    inFolder(async folder => {
      const config = everything(folder, more)
      using things = breakable()
      const whole = await startCordon(config, quiet)
      const count = things.opened
      await whole.close()
      assert.ok(count >= 15, `only ${count} sockets and threads`)
      for (let n = 0; n < count; n++) {
        things.breakNext(n)
        const about = `the ${n}th socket or thread`
        await failing(config, { message: / cannot be opened: /, about })
      }
    }))

test('every key of the configuration is read by a part, as live or for a restart', () =>
  inFolder(async folder => {
    const cordon = await startCordon(everything(folder), quiet)
    const read = new Set(cordon.liveness.keys())
    // What the reference of the configuration says, which starts nothing.
    assert.deepEqual(Object.fromEntries(cordon.liveness), Object.fromEntries(liveness))
    await cordon.close()
    const known = Object.keys(configSchema.shape)
    assert.deepEqual(
      known.filter(key => !read.has(key as keyof Config)),
      [],
    )
  }))
