// An inbound SMTP door on a real spool, in a process of its own, for the fsync test. Prints its port.
// Usage: durable-server.ts FOLDER FULL|NORMAL

import { openSpool } from '../../src/drivers/spool/spool-sqlite.ts'
import { smallCordon } from '../support/small-cordon.ts'
import { testDoor } from '../support/smtp-door.ts'

const [folder = '', synchronous] = process.argv.slice(2)
const spool = await openSpool({ folder, synchronous: synchronous === 'NORMAL' ? 'NORMAL' : 'FULL' })
const cordon = await smallCordon(spool)
const door = await testDoor('inbound', cordon.engine, {
  trouble: error => console.error(error),
  maxSize: 10_000_000,
})
console.log(door.port)
