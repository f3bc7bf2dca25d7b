// What every scanner must do: never reject, and say "unseen" where it has seen nothing. With real ClamAV and rspamd behind them:
// test/e2e/scanners.test.ts.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clamavScanner } from '../../src/drivers/scanners/clamav.ts'
import { heuristicScanner, noScanner } from '../../src/drivers/scanners/heuristic.ts'
import { rspamdScanner } from '../../src/drivers/scanners/rspamd.ts'
import { scannersTogether } from '../../src/drivers/scanners/together.ts'
import type { Scanner } from '../../src/ports/scanner.ts'
import { freePort } from '../support/free-port.ts'
import { keepsScannerContract, letter } from '../support/scanner-contract.ts'

const quiet = () => undefined

for (const scanner of [
  heuristicScanner(),
  noScanner,
  scannersTogether([heuristicScanner(), noScanner], 1000, quiet),
])
  test(`${scanner.name}: a plain letter is no spam`, () => keepsScannerContract(scanner))

const AWAY: Readonly<Record<string, (port: number) => Scanner>> = {
  clamav: port => clamavScanner({ host: '127.0.0.1', port, maxSize: 1000, timeout: 5000 }),
  rspamd: port => rspamdScanner(`http://127.0.0.1:${port}`, 5000),
  together: port => scannersTogether([AWAY['clamav']?.(port) ?? noScanner], 5000, quiet),
}
for (const [name, open] of Object.entries(AWAY))
  test(`${name}: one that is not there has seen nothing, and says so`, async () => {
    const { content, failed, virus, refuse } = await open(await freePort()).scan(letter())
    assert.equal(content, 'unseen')
    assert.ok(failed !== undefined)
    assert.deepEqual([virus, refuse], [undefined, undefined])
  })
