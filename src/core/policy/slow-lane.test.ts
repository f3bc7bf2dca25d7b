import assert from 'node:assert/strict'
import { test } from 'node:test'
import { judging, said } from '../../../test/support/judging.ts'
import type { Authentication } from '../../model/authentication.ts'
import { DAY, HOUR, MINUTE } from '../../model/duration.ts'
import type { AttributedStep } from '../../model/step.ts'
import { hashcash } from './hashcash.ts'
import { slowLane } from './slow-lane.ts'

const KEPT = 'hold slow-lane'
/** Made by Debian's hashcash, see mail/hashcash.test.ts. */
const STAMP =
  '1:20:261121120000:bert@isp.example::HAly2NFzXMp78reb:0000000000000000000000000000000000000000QSg'
const AT = Date.UTC(2026, 10, 21, 13)
const authenticated = (result: string): Authentication => ({
  spf: { result, domain: 'meadow.example' },
  dkim: [],
  dmarc: { result, domain: 'meadow.example', policy: 'none' },
  arc: { result: 'none' },
  header: '',
})
const summary = (given: object) => ({ message: given as AttributedStep['message'] as never })

const town = (delay = 20 * MINUTE) =>
  judging([hashcash('enforce', { minBits: 20 }), slowLane('enforce', { delay })])

test('a stranger’s mail is kept for some minutes, and never for more than thirty', async () => {
  const { verdict } = await town().message({ at: AT })
  assert.deepEqual(verdict, { kind: 'hold', reason: 'slow-lane', until: AT + 20 * MINUTE })
  const long = await town(10 * HOUR).message({ at: AT })
  assert.deepEqual(long.verdict, { kind: 'hold', reason: 'slow-lane', until: AT + 30 * MINUTE })
})

test('lists, reports, answers and known domains are never kept', async () => {
  const { message } = town()
  const now = async (given: Partial<AttributedStep>) => said(await message({ at: AT, ...given }))
  assert.equal(await now(summary({ listId: '<list.example>' })), 'accept')
  assert.equal(await now({ sender: '' }), 'accept')
  assert.equal(await now({ unknownTo: 0 }), 'accept')
  assert.equal(await now({ unknownTo: 1 }), KEPT)
  assert.equal(await now({ client: { realm: 'main', address: '10.0.0.1', port: 1 } }), 'accept')
})

test('a domain is known that wrote before and passes DMARC; one that only says so is not', async () => {
  const { message } = town()
  const passes = { authentication: authenticated('pass') }
  assert.equal(said(await message({ at: AT, ...passes })), KEPT, 'the first time')
  assert.equal(said(await message({ at: AT + HOUR, ...passes })), KEPT, 'the same day')
  assert.equal(said(await message({ at: AT + 2 * DAY, ...passes })), 'accept')
  const fails = { authentication: authenticated('fail') }
  assert.equal(said(await message({ at: AT + 2 * DAY, ...fails })), KEPT)
  assert.equal(said(await message({ at: AT + 2 * DAY })), KEPT)
})

test('a stamp spares it that, once, beside SPF or DKIM, and alone it does nothing', async () => {
  const { message } = town()
  const stamped = { at: AT, ...summary({ stamps: [STAMP] }) }
  assert.equal(said(await message(stamped)), KEPT)
  const passes = { ...stamped, authentication: authenticated('pass') }
  assert.equal(said(await message({ ...passes, recipients: ['carl@isp.example'] })), KEPT)
  assert.equal(said(await message(passes)), 'accept')
  assert.equal(said(await message(passes)), KEPT, 'it was spent')
})
