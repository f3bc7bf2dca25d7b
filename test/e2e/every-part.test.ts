// The parts that the tests of start and stop break, one after the other, are all there are: each place in the code where a scope opens one
// was met in one of the configurations that they try.

import assert from 'node:assert/strict'
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { DOORS } from '../../src/app/door-list.ts'
import { ROUTERS } from '../../src/app/router-list.ts'
import { SENSORS } from '../../src/app/sensor-list.ts'
import { startCordon } from '../../src/main.ts'
import { CONFIGURATIONS, everything, inFolder } from '../support/every-part.ts'

/** Names that the code makes of a list, by how they stand there: what each entry of the list is called where it is opened. */
type Named = readonly (readonly string[])[]
const MADE: Readonly<Record<string, (config: ReturnType<typeof everything>) => Named>> = {
  'door.called(listener)': config =>
    DOORS.map(door => door.listeners(config, { sockets: new Map() }).map(one => door.called(one))),
  '`${door.name} door threads`': config =>
    DOORS.filter(door =>
      door.listeners(config, { sockets: new Map() }).every(one => door.inThreads(one)),
    ).map(({ name }) => [`${name} door threads`]),
  part: () => [['console'], ['portal']],
  'sensor.part': () => SENSORS.map(({ part }) => [part]),
  called: config => [
    ...ROUTERS.map(driver => driver.settings(config).map(one => driver.called(one))),
    KINDS.map(kind => `${kind} gone, which was removed`),
  ],
  '`what ${kind} entries have put on`': () => [
    ROUTERS.flatMap(({ writesDown }) =>
      writesDown?.handOver ? [`what ${writesDown.kind} entries have put on`] : [],
    ),
  ],
}

/** Of drivers that write down what they put on. */
const KINDS = ROUTERS.flatMap(({ writesDown }) => (writesDown ? [writesDown.kind] : []))

/** Entries that were taken out of the configuration, and have put something on. */
function leaveHeld(folder: string): void {
  mkdirSync(join(folder, 'data'))
  const held = { realm: 'main', prefix: '192.0.2.1/32', subscriber: 'kd1', state: 'isolated' }
  for (const kind of KINDS)
    writeFileSync(join(folder, 'data', `${kind}-gone.json`), JSON.stringify([held]))
}

/** How the names of parts stand in the code. */
const written = globSync('src/**/*.ts', { exclude: ['**/*.test.ts'] }).flatMap(file =>
  [...readFileSync(file, 'utf8').matchAll(/scope\s*\.open(?:<[^(]*>)?\(\s*([^,]+?),/g)].map(
    ([, name = '']) => name,
  ),
)

test('every part of the code is opened in one of the configurations', () =>
  inFolder(async folder => {
    assert.ok(written.length >= 20, `only ${written.length}`)
    const seen = new Set<string>()
    leaveHeld(folder)
    for (const more of Object.values(CONFIGURATIONS)) {
      const config = everything(folder, more)
      const opening = (part: string) => void seen.add(part)
      const cordon = await startCordon(config, {
        opening,
        trouble: () => undefined,
        log: () => undefined,
      })
      await cordon.close()
    }
    const config = everything(folder)
    for (const name of written) {
      const literal = /^(['"])(.*)\1$/.exec(name)?.[2]
      const parts = literal === undefined ? MADE[name]?.(config) : [[literal]]
      assert.ok(parts, `${name}: say in MADE which parts these are`)
      for (const [n, names] of parts.entries()) {
        assert.ok(names.length > 0, `the ${n}th of ${name} is in no configuration`)
        for (const one of names) assert.ok(seen.has(one), `${one} is opened in no configuration`)
      }
    }
  }))
