// A process that swaps the state of one subject again and again and says each swap that was answered: test/contracts/subject-state.test.ts
// kills it. Arguments: the file, and how many swaps were done before.

import { openCounters } from '../../src/drivers/counters/kept-counters.ts'
import { bytesOf, counted, swapNumber } from './numbered-swaps.ts'

const [path = '', before = '0'] = process.argv.slice(2)
const counters = await openCounters(path)
for (let n = Number(before) + 1; ; n++) {
  const loaded = await counters.states.load(['line:10017', 'login:ann@isp.example'])
  if ('failed' in loaded) throw new Error(loaded.failed)
  const swapped = await counters.states.swap(swapNumber(n, loaded.states))
  if ('failed' in swapped || swapped.outcome !== 'ok') throw new Error(JSON.stringify(swapped))
  const [first] = loaded.states
  if (counted(first?.bytes ?? bytesOf(0)) !== n - 1) throw new Error('a swap was lost')
  process.stdout.write(`${n}\n`)
}
