// Every .dialog of this folder, on the pure session cut at every byte and whole, and on a socket.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { smallCordon } from '../support/small-cordon.ts'
import { testDoor } from '../support/smtp-door.ts'
import { parseDialog } from './dialog.ts'
import { playOnSocket } from './play-socket.ts'
import { playPure } from './play-pure.ts'

const folder = import.meta.dirname

for (const name of readdirSync(folder).filter(file => file.endsWith('.dialog'))) {
  const dialog = parseDialog(readFileSync(join(folder, name), 'utf8'))
  for (const piece of [1, 7, 100_000]) {
    test(`${name} on the pure session, ${piece} bytes at a time`, async () => {
      const cordon = await smallCordon()
      await playPure(dialog, cordon.engine, piece)
      await cordon.engine.idle()
      await cordon.close()
    })
  }
  test(`${name} on a socket`, async () => {
    const cordon = await smallCordon()
    const door = await testDoor(dialog.listener, cordon.engine, {
      xclient: dialog.xclient,
      scram: dialog.scram,
      trouble: error => {
        throw error
      },
    })
    try {
      await playOnSocket(dialog, door.port)
    } finally {
      await door.close(0)
      await cordon.engine.idle()
      await cordon.close()
    }
  })
}
