// Customers from the provider's own systems: a file, an HTTP address, a directory (OpenLDAP). Differences alone are taken over, told
// twice they change nothing, and a feed that would change too many plans changes nobody.

import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { readFeed } from '../../src/drivers/directory/subscriber-feed.ts'
import type { Subscriber } from '../../src/model/subscriber.ts'
import { reloadScene } from '../support/reload-scene.ts'
import { cordon, eventually, serve } from '../support/serve.ts'
import { slapd } from '../support/slapd.ts'

const CUSTOMERS = 60
const file = (plan = (_i: number) => 'consumer', rows = CUSTOMERS) =>
  `id,plan,flags,language,contacts,logins
${Array.from({ length: rows }, (_, i) => `kd${i},${plan(i)},${i === 3 ? 'lifeline' : ''},de,post${i}@home.example,user${i}@isp.example`).join('\n')}
`

test('by a file: new, changed, gone; told twice it changes nothing; too many plans change nobody', async t => {
  const served = await serve(
    `
hostname: mail.isp.example
domains: [isp.example]
listeners: [{ kind: submission, port: 0 }]
subscriberFeed: { csv: FOLDER/customers.csv }
subscribers: [{ id: ours }]
`,
    async folder => writeFileSync(join(folder, 'customers.csv'), file()),
  )
  t.after(() => served.stop())
  const csv = join(served.folder, 'customers.csv')
  const take = async (...more: readonly string[]) =>
    (await cordon(served.folder, 'subscriber', 'import', csv, ...more)).output
  const show = async (id: string) => (await cordon(served.folder, 'subscriber', 'show', id)).output
  // Read at start.
  assert.match(await show('kd3'), /consumer, lifeline[^]*user3@isp\.example[^]*post3@home\.example/)
  assert.match(await show('ours'), /Customer ours/)
  assert.match(await take(), /^0 new, 0 changed \(0 plans\), 0 gone\.$/m)
  writeFileSync(
    csv,
    file(i => (i < 5 ? 'expert' : 'consumer')),
  )
  assert.match(
    await take('--dry-run'),
    /^Would be: 0 new, 5 changed \(5 plans\), 0 gone\. Changed: kd0 \(consumer to expert\), /m,
  )
  assert.match(await take(), /^0 new, 5 changed \(5 plans\), 0 gone\. Changed: kd0 /m)
  assert.match(await show('kd4'), /expert/)
  // More than twenty plans at once: neither by the chore nor by hand.
  writeFileSync(
    csv,
    file(() => 'business'),
  )
  assert.match(await take(), /plans of 60 of 61 customers would change.*Nothing was changed/)
  assert.match(await show('kd9'), /consumer/)
  // A feed that was cut off is the same mistake.
  writeFileSync(csv, file(undefined, 30))
  assert.match(await take(), /Nothing was changed/)
  writeFileSync(
    csv,
    file(() => 'business'),
  )
  assert.match(await take('--despite', 'all have grown'), /60 changed \(60 plans\)/)
  assert.match(await show('kd9'), /business/)
  writeFileSync(
    csv,
    file(() => 'business', 59),
  )
  assert.match(await take(), /1 gone/)
  assert.match(await show('kd59'), /no such customer/)
  assert.match(await show('ours'), /Customer ours/)
  const audit = await cordon(served.folder, 'subscriber', 'show', 'kd0')
  assert.equal(audit.code, 0)
})

test('once in a while by itself', async t => {
  const served = await serve(
    `
hostname: mail.isp.example
domains: [isp.example]
listeners: [{ kind: submission, port: 0 }]
subscriberFeed: { csv: FOLDER/customers.csv, every: 1s }
`,
    async folder => writeFileSync(join(folder, 'customers.csv'), file()),
  )
  t.after(() => served.stop())
  writeFileSync(
    join(served.folder, 'customers.csv'),
    file(i => (i === 4 ? 'expert' : 'consumer')),
  )
  await eventually(async () => {
    const { output } = await cordon(served.folder, 'subscriber', 'show', 'kd4')
    return output.includes('expert') ? true : undefined
  })
})

test('a feed that is refused raises an alarm, once for the same reason, and changes nobody', async t => {
  const there = await reloadScene(folder => {
    writeFileSync(join(folder, 'customers.csv'), file())
    return {
      hostname: 'mail.isp.example',
      domains: ['isp.example'],
      dataFolder: folder,
      log: 'silent',
      http: { console: { port: 0 }, portal: { port: 0 } },
      listeners: [{ kind: 'submission', port: 0 }],
      subscriberFeed: { csv: join(folder, 'customers.csv'), every: '1s' },
    }
  })
  t.after(there.end)
  const alarms = () =>
    there.events.flatMap(one =>
      one.kind === 'alarm-raised' && one.alarm === 'feed-refused' ? [one.words] : [],
    )
  const loginsOf = async (id: string) => {
    const { subscriber } = await there.ask<{ subscriber: Subscriber }>(`/api/v1/subscribers/${id}`)
    return subscriber.logins.length
  }
  assert.equal(await loginsOf('kd59'), 1)
  const wrong = [
    // All but the end of the last row, which an exporter has not written yet.
    [file().slice(0, -20), /customers\.csv:61: .*half a file/],
    [file().replace('logins', 'login'), /customers\.csv:1: there is no column "login"/],
    [file().replaceAll(/,user.*/g, ','), /^60 of 60 logins of customers who stay would be gone/],
  ] as const
  for (const [i, [text, why]] of wrong.entries()) {
    writeFileSync(join(there.folder, 'customers.csv'), text)
    const said = await eventually(() => alarms()[i])
    assert.match(said, why)
    assert.equal(await loginsOf('kd59'), 1)
  }
  // It is read on and on, and taken again as soon as it is right.
  writeFileSync(
    join(there.folder, 'customers.csv'),
    file(i => (i === 4 ? 'expert' : 'consumer')),
  )
  const isExpert = async () => {
    const url = '/api/v1/subscribers/kd4'
    const { subscriber } = await there.ask<{ subscriber: Subscriber }>(url)
    return subscriber.plan === 'expert' || undefined
  }
  await eventually(isExpert)
  assert.equal(alarms().length, wrong.length)
})

test('an import says which line is wrong, and what the configuration keeps', async t => {
  const served = await serve(`
hostname: mail.isp.example
domains: [isp.example]
listeners: [{ kind: submission, port: 0 }]
subscribers: [{ id: ours, logins: [{ name: ours@isp.example }] }]
`)
  t.after(() => served.stop())
  const csv = join(served.folder, 'list.csv')
  const take = (path: string) => cordon(served.folder, 'subscriber', 'import', path)
  writeFileSync(csv, 'id,plan,logins\n1,gold,\n')
  const bad = await take(csv)
  assert.equal(bad.code, 2)
  assert.match(bad.output, /^cordon: \/\S+\/list\.csv:2: customer 1: gold is no plan/m)
  const folder = await take(served.folder)
  assert.equal(folder.code, 2)
  assert.match(folder.output, /is a folder; a file is wanted there\./)
  writeFileSync(csv, 'id,plan,logins\nours,business,evil@isp.example\nkd1,,kd1@isp.example\n')
  const { output } = await take(csv)
  assert.match(output, /^1 new, 0 changed .*, 1 left as the configuration has them.*: ours\.$/m)
  const shown = await cordon(served.folder, 'subscriber', 'show', 'ours')
  assert.match(shown.output, /Customer ours {2}consumer[^]*ours@isp\.example/)
})

test('a bad row is told, and changes nobody', async () => {
  await assert.rejects(readFeed({ csv: '/nowhere.csv' }), /ENOENT/)
})

test('by an HTTP address', async t => {
  const customers = [
    { id: 7, plan: 'site', logins: [{ name: 'Anna@isp.example', addresses: ['ann@isp.example'] }] },
    { id: 'kd8', contacts: ['bert@home.example'], flags: ['lifeline'] },
  ]
  let answer: unknown = customers
  const server = createServer((request, response) => {
    assert.equal(request.headers.authorization, 'Bearer x')
    response.end(JSON.stringify(answer))
  })
  t.after(() => server.close())
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const read = () => readFeed({ http: { url, authorization: 'Bearer x' } })
  const [first, second] = await read()
  assert.deepEqual(first, {
    id: '7',
    plan: 'site',
    logins: [{ name: 'anna@isp.example', addresses: ['anna@isp.example', 'ann@isp.example'] }],
  })
  assert.deepEqual(second?.flags, ['lifeline'])
  for (const [bad, words] of [
    [{ no: 'list' }, /no list/],
    [[], /empty/],
    [[{ id: 'x', plan: 'gold' }], /x: gold is no plan/],
    [[{ id: 'x', contacts: ['nobody'] }], /x: nobody is no mail address/],
  ] as const) {
    answer = bad
    await assert.rejects(read(), words)
  }
})

test('a customer with two lists of logins in the JSON is no customer', async t => {
  const server = createServer((_, response) =>
    response.end('[{"id":"7",\n"logins":[{"name":"anna@isp.example"}],\n"logins":[]}]'),
  )
  t.after(() => server.close())
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  await assert.rejects(readFeed({ http: { url } }), {
    message:
      'The key "logins" stands twice in one object, again in line 3, column 1. Write each key once.',
  })
})

test('by a directory', async t => {
  const directory = await slapd()
  t.after(() => directory.stop())
  const found = await readFeed({
    ldap: {
      url: `ldap://127.0.0.1:${directory.port}`,
      startTls: true,
      certificate: directory.certificate,
      bindDn: 'cn=search,dc=isp,dc=example',
      password: 'search',
      base: 'ou=people,dc=isp,dc=example',
      filter: '(objectClass=inetOrgPerson)',
      attributes: { id: 'cn', logins: 'mail' },
    },
  })
  assert.deepEqual(
    found.map(({ id, logins }) => [id, logins?.map(one => one.name)]),
    [
      ['anna', ['anna@isp.example']],
      ['bert, o’hara', ['bert@isp.example']],
    ],
  )
})
