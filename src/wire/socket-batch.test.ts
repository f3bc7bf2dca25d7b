import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { socketBatch } from './socket-batch.ts'

function wired() {
  const happened: string[] = []
  const batch = socketBatch()
  const socket = {
    write: (text: string) => happened.push(`wrote ${text}`) > 0,
  } as unknown as Socket
  const work = (name: string) =>
    batch.work(() => {
      happened.push(`did ${name}`)
      batch.say(socket, name)
    })
  return { batch, socket, happened, work }
}

test('what comes together is all done before any of it is answered, and answered in its order', async () => {
  const { work, happened } = wired()
  for (let i = 0; i < 2; i++) {
    work('a')
    work('b')
    await turn()
    // While it waits for others, one more comes.
    work('c')
    await turn()
    assert.equal(happened.splice(0).join(' '), 'did a did b did c wrote a wrote b wrote c')
  }
})

test('one alone does not wait', async () => {
  const { work, happened } = wired()
  work('a')
  await turn()
  assert.deepEqual(happened, ['did a', 'wrote a'])
})

test('what is found out later is answered then, and work that makes more work loses none', async () => {
  const { batch, socket, happened, work } = wired()
  batch.work(() => work('more'))
  for (let i = 0; i < 4; i++) await turn()
  assert.deepEqual(happened.splice(0), ['did more', 'wrote more'])
  batch.say(socket, 'late')
  await turn()
  assert.deepEqual(happened, ['wrote late'])
})
