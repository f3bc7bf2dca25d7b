// A stop in the middle of which a part hangs: for every part in turn its drain or its close never ends. All others are closed
// nevertheless, within the drain time and the stated limits, and the part is named. A second signal ends at once.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { CLOSE_LIMIT, DRAIN_SLACK, type Ending, LATE_IN_ALL } from '../../src/app/scope.ts'
import type * as Main from '../../src/main.ts'
import { CONFIGURATIONS, everything, handles, inFolder } from '../support/every-part.ts'
import { CLI, fileOf } from '../support/program.ts'
import { eventually, serve } from '../support/serve.ts'
import { watched } from '../support/watched.ts'

const { startCordon } = (await import(fileOf('src/main.ts'))) as typeof Main
const quiet = { trouble: () => undefined, log: () => undefined }
const never = new Promise<never>(() => undefined)

/** Time for a stop in which some parts hang: it is over at once for those, and goes on for all others. */
function hangingIn(hangs: (part: string, phase: 'drain' | 'close') => boolean) {
  const waited: number[] = []
  const ended: string[] = []
  const hung: (() => unknown)[] = []
  let late = false
  const ending: Ending = async (part, phase, work) => {
    if (hangs(part, phase)) {
      late = true
      hung.push(work)
      return never
    }
    await work()
    return ended.push(`${phase} ${part}`)
  }
  const wait = (ms: number) => {
    if (!late) return never
    late = false
    waited.push(ms)
    return Promise.resolve()
  }
  return { ending, wait, waited, ended, hung }
}

const played = new Set<string>()
for (const [what, more] of Object.entries(CONFIGURATIONS))
  test(`${what}: whichever part hangs while it drains or closes, all others are closed in the stated time, and it is named`, () =>
    inFolder(async folder => {
      const config = everything(folder, more)
      const drainFor = config.drainFor
      const before = handles()
      const clean = hangingIn(() => false)
      const whole = await startCordon(config, { ...quiet, ...clean })
      assert.deepEqual(await whole.close(), [])
      const all = clean.ended
      assert.ok(all.length >= 24, `only ${all.length} ends: ${all.join(', ')}`)
      assert.deepEqual(clean.waited, [])
      for (const one of all) {
        if (played.has(one)) continue
        const [phase, part] = [one.slice(0, 5), one.slice(6)]
        const stop = hangingIn((mine, when) => mine === part && when === phase)
        const cordon = await startCordon(config, { ...quiet, ...stop })
        assert.deepEqual(await cordon.close(), [part], one)
        assert.deepEqual(stop.ended.toSorted(), all.filter(other => other !== one).toSorted(), one)
        assert.deepEqual(stop.waited, [phase === 'drain' ? drainFor + DRAIN_SLACK : CLOSE_LIMIT])
        // What hung is let go, for the next.
        for (const work of stop.hung) await work()
        await eventually(() => handles() === before || undefined).catch(() =>
          assert.equal(handles(), before, `left behind when ${one} hangs`),
        )
      }
      for (const one of all) played.add(one)
    }))

for (const [what, more] of Object.entries(CONFIGURATIONS))
  for (const failing of ['drain', 'close'] as const)
    test(`${what}: when each part throws at its ${failing}, each is asked and named, and nobody is waited for`, () =>
      inFolder(async folder => {
        const before = handles()
        const said: string[] = []
        const asked: string[] = []
        const undone: (() => unknown)[] = []
        const cordon = await startCordon(everything(folder, more), {
          log: () => undefined,
          trouble: (error, about) => void said.push(`${about}: ${String(error)}`),
          wait: () => never,
          ending: (part, phase, work) => {
            if (phase !== failing) return work()
            asked.push(part)
            undone.push(work)
            throw new Error(`no ${phase} of ${part}`)
          },
        })
        const left = await cordon.close()
        assert.ok(asked.length >= 4, asked.join(', '))
        assert.deepEqual(left.toSorted(), [...new Set(asked)].toSorted())
        for (const part of asked)
          assert.ok(said.includes(`closing ${part}: Error: no ${failing} of ${part}`), part)
        for (const work of undone) await work()
        await eventually(() => handles() === before || undefined).catch(() =>
          assert.equal(handles(), before, 'left behind'),
        )
      }))

test('when every part hangs while it closes, the stop has an end', () =>
  inFolder(async folder => {
    const stop = hangingIn((_part, phase) => phase === 'close')
    const cordon = await startCordon(everything(folder), { ...quiet, ...stop })
    const left = await cordon.close()
    assert.equal(left.length, stop.hung.length)
    assert.ok(stop.hung.length > 10)
    const inAll = stop.waited.reduce((sum, ms) => sum + ms, 0)
    assert.ok(inAll <= LATE_IN_ALL + 0.1 * CLOSE_LIMIT * stop.hung.length, `${inAll} ms`)
    assert.ok(inAll < 20_000, `${inAll} ms`)
    for (const work of stop.hung) await work()
  }))

const program = (folder: string, ...args: string[]) =>
  spawn(process.execPath, [fileOf('test/support/stops-with-a-hang.ts'), folder, ...args])

test('a part that does not end is said in a sentence, and the exit code is 1', () =>
  inFolder(async folder => {
    const child = program(folder, 'spool', 'none')
    const { said, ended, until } = watched(child)
    await until(/^ready$/)
    child.kill('SIGTERM')
    assert.deepEqual(await ended, [1, null])
    assert.ok(said.includes('cordon: did not end in order: spool.'), said.join('\n'))
  }))

/** Until it ends: the same signal within 0.2 s is the first one, told twice. */
async function again<T>(signal: () => unknown, ended: Promise<T>): Promise<T> {
  let over = false
  void ended.then(() => (over = true))
  await eventually(() => over || void signal())
  return ended
}

test('the same signal at once once more is the first, told by two', () =>
  inFolder(async folder => {
    const child = program(folder, 'none', 'none')
    const { said, ended, until } = watched(child)
    await until(/^ready$/)
    child.kill('SIGTERM')
    child.kill('SIGTERM')
    assert.deepEqual(await ended, [0, null], said.join('\n'))
  }))

test('a second signal ends at once, with the code of a program that it killed', () =>
  inFolder(async folder => {
    for (const [signal, code] of [
      ['SIGTERM', 143],
      ['SIGINT', 130],
    ] as const) {
      const child = program(folder, 'portal')
      const { ended, until } = watched(child)
      await until(/^ready$/)
      child.kill('SIGTERM')
      await until(/^hanging$/)
      assert.deepEqual(await again(() => child.kill(signal), ended), [code, null])
    }
  }))

test('cordon serve: the first signal waits for who is connected, the second does not', async t => {
  const served = await serve(`
hostname: mail.isp.example
domains: [isp.example]
drainFor: 10m
listeners: [{ kind: submission, port: 0 }]
`)
  t.after(served.stop)
  // It does not close its side: Cordon waits for that a few seconds.
  const where = { port: served.ports[0] ?? 0, host: '127.0.0.1', allowHalfOpen: true }
  const client = connect(where)
  client.on('error', () => undefined)
  let heard = ''
  client.setEncoding('utf8').on('data', chunk => (heard += String(chunk)))
  await eventually(() => heard.startsWith('220 ') || undefined)
  // In the middle of a command: it may still be given.
  client.write('EHLO a.exam')
  served.signal('SIGTERM')
  await eventually(async () => {
    const refused = connect(served.ports[0] ?? 0, '127.0.0.1')
    return Promise.race([
      once(refused, 'connect').then(() => void refused.destroy()),
      once(refused, 'error').then(() => true as const),
    ]).catch(() => true as const)
  })
  assert.deepEqual(await again(() => served.signal('SIGTERM'), served.ended), [143, null])
})

test('npm start: the first signal ends the town in order, the second at once', () =>
  inFolder(async folder => {
    const town = () =>
      spawn(process.execPath, [CLI, 'neighbourhood', '--data', join(folder, 'town')])
    const first = town()
    const story = watched(first)
    await story.until(/^portal /)
    first.kill('SIGTERM')
    assert.deepEqual(await story.ended, [0, null], story.said.join('\n'))
    assert.match(story.said.join('\n'), /^Stopped before the story was over/m)
    const second = town()
    const hurried = watched(second)
    await hurried.until(/^portal /)
    second.kill('SIGTERM')
    second.kill('SIGINT')
    const [code] = await hurried.ended
    assert.ok(code === 130 || code === 143, `${code}`)
  }))
