import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decoyPlaces, MAX_EACH, MAX_SESSIONS } from './places.ts'

function room() {
  const places = decoyPlaces<{ destroy(): void }>()
  const gone: string[] = []
  const enter = (address: string, name = address) => {
    const one = { destroy: () => void gone.push(name) }
    places.enter(one, address)
    return one
  }
  return { places, gone, enter }
}

test('one IPv6 /64 and one IPv4 /24 have five places; the longest idle that has said nothing makes room', () => {
  for (const network of ['2001:db8:1:2::', '198.51.100.']) {
    const { places, gone, enter } = room()
    const first = enter(`${network}1`)
    for (let i = 2; i <= MAX_EACH; i++) enter(`${network}${i}`)
    places.heard(first)
    enter(`${network}9`)
    assert.deepEqual(gone, [`${network}2`])
    assert.equal([...places.all].length, MAX_EACH)
  }
})

test('a neighbour in the same network is not driven out by one address that has several places', () => {
  const { gone, enter } = room()
  enter('198.51.100.1')
  for (let i = 0; i < 20; i++) enter('198.51.100.66')
  assert.ok(!gone.includes('198.51.100.1'), gone.join())
})

test('all places taken, each by another network: the client that has said nothing for longest makes room, then the one that is silent for longest', () => {
  const { places, gone, enter } = room()
  const crowd = Array.from({ length: MAX_SESSIONS }, (_, i) => enter(`10.0.${i}.1`))
  for (const one of crowd) if (one !== crowd[7]) places.heard(one)
  const bot = enter('192.0.2.1')
  assert.deepEqual(gone, ['10.0.7.1'])
  places.heard(bot)
  enter('192.0.3.1')
  assert.deepEqual(gone, ['10.0.7.1', '10.0.0.1'])
})

test('all places taken by twenty networks: they make room, and not a client that came alone', () => {
  const { places, gone, enter } = room()
  enter('192.0.2.1')
  for (let i = 0; i < MAX_SESSIONS; i++) enter(`10.0.${i % 20}.${i}`)
  const evader = enter('192.0.3.1')
  places.heard(evader)
  assert.ok(!gone.includes('192.0.2.1') && !gone.includes('192.0.3.1'), gone.join())
})

test('a client that has left takes no place', () => {
  const { places, gone, enter } = room()
  for (let i = 0; i < 3 * MAX_EACH; i++) places.leave(enter('198.51.100.1'))
  assert.deepEqual(gone, [])
})
