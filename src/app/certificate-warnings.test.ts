import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { generate } from 'selfsigned'
import { folderOf } from '../../test/support/owned.ts'
import { anyPort } from '../config/any-port.ts'
import { checkConfig } from '../config/load.ts'
import { DAY } from '../model/duration.ts'
import { certificateWarnings } from './certificate-warnings.ts'

test('a certificate of another host, and one that ends soon, are warned of', async t => {
  const folder = folderOf(t)
  const at = Date.now()
  const made = async (name: string, days: number) => {
    const { cert } = await generate([{ name: 'commonName', value: name }], {
      keyType: 'ec',
      // Not now: certificates have whole seconds, and the next may have begun.
      notBeforeDate: new Date(at - DAY),
      notAfterDate: new Date(at + days * DAY),
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: name }] }],
    })
    const chain = join(folder, `${name}-${days}.pem`)
    writeFileSync(chain, cert)
    return { key: 'unread.pem', chain }
  }
  const good = await made('mail.isp.example', 60)
  const wrong = await made('wrong.example', 13)
  const hostname = 'mail.isp.example'
  const told = (certificate: typeof good, ...certificates: (typeof good)[]) =>
    certificateWarnings({ hostname, certificate, certificates }, at)
  assert.deepEqual(told(good), [])
  const [names, dates] = told(wrong)
  assert.match(names ?? '', /^no certificate names mail\.isp\.example/)
  assert.match(dates ?? '', /^certificate expires on .*, in less than 14 days$/)
  const [second, ...others] = told(good, wrong)
  assert.match(second ?? '', /^certificates #1 expires on/)
  assert.deepEqual(others, [])
  const later = certificateWarnings(
    { hostname, certificate: good, certificates: [] },
    at + 61 * DAY,
  )
  assert.match(later.join(), /^certificate expired on/)
})

test('port 0 is warned of by the check', () => {
  const config = checkConfig({
    domains: ['isp.example'],
    listeners: [25, 0].map(port => ({ kind: 'inbound', port })),
  })
  assert.deepEqual(anyPort(config), [
    'listeners #2.port is 0: at each start any free port is taken, and no client knows which',
  ])
})
