import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkConfig } from '../config/load.ts'
import { createSettings } from './settings.ts'

const first = checkConfig({ maxRecipients: 100, hostname: 'a.example' })
const next = checkConfig({ maxRecipients: 50, hostname: 'b.example', maxMessageSize: 1000 })

test('a live key is in force after a reload; a restart key keeps its value for everybody and is named', async () => {
  const settings = createSettings(first)
  const one = settings.of({ maxRecipients: 'live', hostname: 'restart' })
  const seen: unknown[] = []
  const other = settings.of({ hostname: 'live', maxRecipients: 'live' }, given => () => {
    seen.push([given.hostname, given.maxRecipients])
  })
  const { changed, later } = await settings.reload(next)
  assert.deepEqual(changed, ['maxRecipients'])
  assert.deepEqual(later, ['hostname'])
  assert.equal(one.now.maxRecipients, 50)
  assert.equal(other.now.hostname, 'a.example')
  assert.deepEqual(seen, [['a.example', 50]])
})

test('when one part cannot prepare, nothing is committed and nothing has changed', async () => {
  const settings = createSettings(first)
  let committed = 0
  const one = settings.of({ maxRecipients: 'live' }, () => () => void committed++)
  settings.of({ maxRecipients: 'live' }, () => {
    throw new Error('a file is missing')
  })
  await assert.rejects(settings.reload(next), /a file is missing/)
  assert.equal(committed, 0)
  assert.equal(one.now.maxRecipients, 100)
})

test('all commit without a pause in between', async () => {
  const settings = createSettings(first)
  const order: string[] = []
  for (const name of ['one', 'two'])
    settings.of({ maxRecipients: 'live' }, async () => {
      await Promise.resolve()
      order.push(`prepare ${name}`)
      return () => {
        queueMicrotask(() => order.push(`after ${name}`))
        order.push(`commit ${name}`)
      }
    })
  await settings.reload(next)
  assert.deepEqual(order.slice(0, 4), ['prepare one', 'prepare two', 'commit one', 'commit two'])
})

test('two reloads at once are done one after the other', async () => {
  const settings = createSettings(first)
  const one = settings.of({ maxRecipients: 'live' }, async () => () => undefined)
  const [, last] = await Promise.all([settings.reload(next), settings.reload(first)])
  assert.deepEqual(last.changed, ['maxRecipients'])
  assert.equal(one.now.maxRecipients, 100)
})

/** A part that writes `maxRecipients` to a disk that is full at first. */
function onFullDisk() {
  const settings = createSettings(first)
  const disk = { isFull: true, kept: [] as number[] }
  settings.of({ maxRecipients: 'live' }, given => async () => {
    if (disk.isFull) throw new Error('the disk is full')
    disk.kept.push(given.maxRecipients)
  })
  return { settings, disk }
}

test('what could not be written is written again without a reload, and only that', async () => {
  const { settings, disk } = onFullDisk()
  let others = 0
  settings.of({ maxRecipients: 'live' }, () => () => void others++)
  assert.deepEqual(await settings.writeAgain(), [])
  await settings.reload(next)
  assert.equal((await settings.writeAgain()).length, 1)
  disk.isFull = false
  assert.deepEqual(await settings.writeAgain(), [])
  assert.deepEqual(await settings.writeAgain(), [])
  assert.deepEqual(disk.kept, [50])
  assert.equal(others, 1)
})

test('what could not be written is written by the next reload, also when nothing has changed since', async () => {
  const { settings, disk } = onFullDisk()
  assert.equal((await settings.reload(next)).unwritten.length, 1)
  assert.equal((await settings.reload(next)).unwritten.length, 1)
  disk.isFull = false
  assert.equal((await settings.reload(next)).unwritten.length, 0)
  await settings.reload(next)
  assert.deepEqual(disk.kept, [50])
})
