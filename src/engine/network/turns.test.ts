import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Turns } from './turns.ts'

/** Work that ends when the test says so, and what has begun and ended. */
function scene() {
  const turns = new Turns()
  const said: string[] = []
  const ends = new Map<string, () => void>()
  const work = (name: string) => () => {
    said.push(`${name} begins`)
    return new Promise<void>((resolve, reject) =>
      ends.set(name, () => {
        said.push(`${name} ends`)
        if (name.startsWith('bad')) reject(new Error(name))
        else resolve()
      }),
    )
  }
  const end = async (name: string) => {
    ends.get(name)?.()
    await quiet()
  }
  return { turns, said, work, end }
}

const quiet = () => new Promise(resolve => setImmediate(resolve))

test('of one subscriber one after the other, of others meanwhile; what waits is not asked for twice', async () => {
  const { turns, said, work, end } = scene()
  const first = turns.one('anna', work('bad first'))
  await quiet()
  const second = turns.one('anna', work('second'))
  assert.equal(turns.one('anna', work('third')), second)
  const other = turns.one('bert', work('other'))
  await quiet()
  assert.deepEqual(said, ['bad first begins', 'other begins'])
  const refused = assert.rejects(first, /bad first/)
  await end('bad first')
  await refused
  assert.deepEqual(said.slice(2), ['bad first ends', 'second begins'])
  await end('second')
  await end('other')
  await Promise.all([second, other])
  const again = turns.one('anna', work('again'))
  await quiet()
  await end('again')
  await again
})

test('all of them when nothing is under way, and nothing begins until it is done', async () => {
  const { turns, said, work, end } = scene()
  const first = turns.one('anna', work('anna'))
  const all = turns.all(work('all'))
  const later = turns.one('bert', work('bert'))
  await quiet()
  assert.deepEqual(said, ['anna begins'])
  await end('anna')
  assert.deepEqual(said.slice(2), ['all begins'])
  await end('all')
  assert.deepEqual(said.slice(4), ['bert begins'])
  await end('bert')
  await Promise.all([first, all, later])
})
