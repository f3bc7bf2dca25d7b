// A program for test/e2e/stop.test.ts: a Cordon with one of every part that is stopped by a signal as `serve` is, one part of which never closes.
// Nobody waits for it: the time it is given is over at once.

import { stopInOrder } from '../../src/cli/stop-in-order.ts'
import { untilTold } from '../../src/cli/until-told.ts'
import { startCordon } from '../../src/main.ts'
import { everything } from './every-part.ts'

const [folder = '', hanging = '', patience = ''] = process.argv.slice(2)
const never = new Promise<never>(() => undefined)
let late = false
const cordon = await startCordon(everything(folder), {
  trouble: () => undefined,
  log: () => undefined,
  ending: (part, _phase, work) => {
    late = part === hanging
    if (late) console.log('hanging')
    return late ? never : work()
  },
  wait: () => (late && patience === 'none' ? Promise.resolve() : never),
})
const told = untilTold()
console.log('ready')
await told
process.exit(await stopInOrder(cordon))
