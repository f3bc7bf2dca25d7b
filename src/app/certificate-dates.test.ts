import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generate } from 'selfsigned'
import { DAY } from '../model/duration.ts'
import { datesOf, wrongWithDates } from './certificate-dates.ts'

const AT = Date.UTC(2026, 10, 26)

test('a certificate that has expired, is not valid yet, or soon expires is told by its place', async () => {
  const of = async (from: number, to: number) => {
    const pem = await generate([{ name: 'commonName', value: 'mail.isp.example' }], {
      notBeforeDate: new Date(AT + from * DAY),
      notAfterDate: new Date(AT + to * DAY),
    })
    return { key: pem.private, chain: pem.cert }
  }
  const pems = [await of(-90, -1), await of(-1, 90), await of(1, 90), await of(-80, 3)]
  const dated = datesOf(pems)
  assert.equal(dated[1]?.to, AT + 90 * DAY)
  assert.deepEqual(
    wrongWithDates(dated, AT).map(one => one.replace(/[.:] .*/, '')),
    [
      'certificate expired at 2026-11-25T00:00Z',
      'certificates #2 is not valid before 2026-11-27T00:00Z',
      'certificates #3 expires at 2026-11-29T00:00Z',
    ],
  )
})
