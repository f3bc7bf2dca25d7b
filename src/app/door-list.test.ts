import assert from 'node:assert/strict'
import { test } from 'node:test'
import { everything, inFolder } from '../../test/support/every-part.ts'
import { DOORS } from './door-list.ts'

/** Handed over as it is. */
const overJson = (given: unknown): unknown => JSON.parse(JSON.stringify({ given })).given

test('what a door that may be in threads is opened with is plain JSON', () =>
  inFolder(async folder => {
    const config = everything(folder)
    const one = { thread: 1, ports: [2501, 2502] }
    for (const door of DOORS) {
      const listeners = door.listeners(config, { sockets: new Map(), one })
      assert.ok(listeners.length > 0, door.name)
      if (!listeners.every(listener => door.inThreads(listener))) continue
      assert.deepEqual(overJson(listeners), listeners, door.name)
      assert.deepEqual(overJson(door.settings(config)), door.settings(config), door.name)
      // On the ports that the first thread got.
      assert.deepEqual(
        listeners.map(({ port }) => port),
        one.ports.slice(0, listeners.length),
      )
    }
  }))

test('the milter may be in threads on a port, not on a socket; policy delegation may never be', () =>
  inFolder(async folder => {
    const config = everything(folder)
    const milter = {
      ...(config.milter as NonNullable<typeof config.milter>),
      socket: '/run/milter',
    }
    const inThreads = (given: typeof config) =>
      DOORS.filter(door =>
        door.listeners(given, { sockets: new Map() }).every(one => door.inThreads(one)),
      ).map(({ name }) => name)
    assert.deepEqual(inThreads(config), ['smtp', 'milter'])
    assert.deepEqual(inThreads({ ...config, milter }), ['smtp'])
  }))
