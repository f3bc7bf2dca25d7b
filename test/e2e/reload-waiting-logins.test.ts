// A domain takes effect after a restart, and so do the logins in it: a reload says so.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hashPassword, PROPER_COST } from '../../src/drivers/credentials/password-hash.ts'
import { loggedIn, reloadScene } from '../support/reload-scene.ts'

test('a login of a domain that waits for a restart waits with it', async t => {
  const hashes = new Map<string, string>()
  for (const name of ['anna', 'bert', 'carl'])
    hashes.set(name, await hashPassword(name, PROPER_COST))
  const withDomains =
    (domains: readonly string[], logins: readonly string[]) => (folder: string) => ({
      hostname: 'mail.isp.example',
      scanner: 'none',
      resolvers: ['127.0.0.1:1'],
      domains,
      dataFolder: `${folder}/data`,
      listeners: [
        { kind: 'inbound', address: '127.0.0.1', port: 0 },
        { kind: 'submission', address: '127.0.0.1', port: 0 },
      ],
      http: { console: { port: 0 }, portal: { port: 0 } },
      subscribers: logins.map((name, i) => ({
        id: String(i + 1),
        logins: [
          {
            name,
            addresses: i === 0 ? [`anna@${domains.at(-1)}`] : [],
            passwordHash: hashes.get(name.split('@')[0] ?? ''),
          },
        ],
      })),
    })
  const scene = await reloadScene(withDomains(['isp.example'], ['anna@isp.example']))
  t.after(scene.end)
  const next = withDomains(
    ['isp.example', 'new.example'],
    ['anna@isp.example', 'bert@isp.example', 'carl@new.example'],
  )
  const said = await scene.reload(next(scene.folder))
  assert.match(said, /subscribers: 1 login of new\.example after a restart, with the domain/)
  const shown = await scene.ask<{ rows: { id: string; logins: { addresses: string[] }[] }[] }>(
    '/api/v1/subscribers',
  )
  assert.deepEqual(
    shown.rows.map(({ logins }) => logins.map(one => one.addresses)),
    [[['anna@isp.example']], [['bert@isp.example']], []],
  )
  const codes: string[] = []
  for (const name of ['anna@isp.example', 'bert@isp.example', 'carl@new.example']) {
    const session = await loggedIn(scene.submission, name)
    codes.push(session.code)
    session.end()
  }
  assert.deepEqual(codes, ['235', '235', '535'])
})
