// Addresses of one IPv6 /64 are one; sockets are only what is asked of them.

import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import { test } from 'node:test'
import { placesByAddress } from './places-by-address.ts'

test('a /64 is one source, an IPv4 address is the same in IPv6, and a connection that ends makes room', () => {
  const come = placesByAddress({ most: 2, exempt: ['2001:db8::9'], isAnswering: () => false })
  const from = (remoteAddress: string) => {
    const socket = Object.assign(new EventEmitter(), {
      remoteAddress,
      destroyed: false,
      destroy: () => {
        socket.destroyed = true
        socket.emit('close')
      },
    })
    come(socket as unknown as Socket)
    return socket
  }
  const [first, second] = [from('2001:db8:1:2::1'), from('2001:db8:1:2:ffff::1')]
  const neighbour = from('2001:db8:1:3::1')
  assert.ok(!first.destroyed)
  const third = from('2001:db8:1:2::3')
  assert.deepEqual([first.destroyed, second.destroyed, neighbour.destroyed], [true, false, false])
  third.destroy()
  from('2001:db8:1:2::4')
  assert.ok(!second.destroyed)
  const mapped = from('::ffff:192.0.2.7')
  from('192.0.2.7')
  from('192.0.2.7')
  assert.ok(mapped.destroyed)
  const proxied = [1, 2, 3].map(() => from('2001:db8::9'))
  assert.ok(proxied.every(socket => !socket.destroyed))
})
