// A start that fails half-way: for every part in turn that part cannot be opened, and then nothing of the others is left, neither files
// nor sockets nor threads nor timers, and the folder can be taken again.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { liveness } from '../../src/app/liveness.ts'
import type { Config } from '../../src/config/schema.ts'
import { configSchema } from '../../src/config/schema.ts'
import { startCordon } from '../../src/main.ts'
import { StartError } from '../../src/model/errors.ts'
import { everything, handles, inFolder } from '../support/every-part.ts'
import { eventually } from '../support/serve.ts'

const quiet = { trouble: () => undefined, log: () => undefined }

test('whichever part cannot be opened, the start fails with its name and leaves nothing', () =>
  inFolder(async folder => {
    const config = everything(folder)
    const parts: string[] = []
    const before = handles()
    const whole = await startCordon(config, { ...quiet, opening: part => void parts.push(part) })
    assert.deepEqual(await whole.close(), [])
    await eventually(() => handles() === before || undefined)
    assert.ok(parts.length >= 25, `only ${parts.length} parts: ${parts.join(', ')}`)
    for (const [n, broken] of parts.entries()) {
      let opened = 0
      const start = startCordon(config, {
        ...quiet,
        opening: () => {
          if (opened++ === n) throw new Error('broken by the test')
        },
      })
      await assert.rejects(start, (error: StartError) => {
        assert.ok(error instanceof StartError, String(error))
        assert.equal(error.message, `${broken} cannot be opened: broken by the test.`)
        return true
      })
      await eventually(() => handles() === before || undefined).catch(() =>
        assert.equal(handles(), before, `left behind when ${broken} fails`),
      )
    }
    const again = await startCordon(config, quiet)
    assert.deepEqual(await again.close(), [])
  }))

test('every key of the configuration is read by a part, as live or for a restart', () =>
  inFolder(async folder => {
    const cordon = await startCordon(everything(folder), quiet)
    const read = new Set(cordon.keys.keys())
    // What the reference of the configuration says, which starts nothing.
    assert.deepEqual(Object.fromEntries(cordon.keys), Object.fromEntries(liveness))
    await cordon.close()
    const known = Object.keys(configSchema.shape)
    assert.deepEqual(
      known.filter(key => !read.has(key as keyof Config)),
      [],
    )
  }))
