// A resolver that answers nothing, and one that answers that there is nothing.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { freePort } from '../../../test/support/free-port.ts'
import { smallDns } from '../../../test/support/small-dns.ts'
import { MINUTE } from '../../model/duration.ts'
import { type Dns, nodeResolver } from './node-resolver.ts'
import { watchedDns } from './watched-dns.ts'

const HOSTNAME = 'mx.isp.example'

function watched(dns: Dns, servers: readonly string[]) {
  let at = 0
  const { resolve, problem } = watchedDns(dns, { hostname: HOSTNAME, servers, now: () => at })
  const asks = (name: string) => resolve(name, 'TXT').catch((error: Error) => error)
  return { asks, problem, passes: (ms: number) => void (at += ms) }
}

test('no server at all: said after a minute, also where nothing has asked yet, and not before', async () => {
  const dead = `127.0.0.1:${await freePort()}`
  const { asks, problem, passes } = watched(nodeResolver([dead]), [dead])
  assert.ok((await asks('far.example')) instanceof Error)
  passes(MINUTE - 1)
  assert.equal(await problem(), undefined)
  passes(1)
  const words = await problem()
  assert.match(words ?? '', /^no DNS server has answered for 1m \(127\.0\.0\.1:\d+\): /)
})

test('that there is no such name is an answer', async t => {
  const server = await smallDns(() => undefined)
  t.after(() => server.stop())
  const { asks, problem, passes } = watched(nodeResolver([server.server]), [server.server])
  passes(10 * MINUTE)
  assert.ok((await asks('far.example')) instanceof Error)
  assert.equal(await problem(), undefined)
})

test('a zone that is silent for a minute is no fault of the resolver: our own name is asked once more', async () => {
  const asked: string[] = []
  const dns = {
    resolve: async (name: string) => {
      asked.push(name)
      if (name !== HOSTNAME) throw Object.assign(new Error('late'), { code: 'ETIMEOUT' })
      return ['192.0.2.1']
    },
  } as unknown as Dns
  const { asks, problem, passes } = watched(dns, [])
  await asks('silent.example')
  passes(2 * MINUTE)
  assert.equal(await problem(), undefined)
  assert.deepEqual(asked, ['silent.example', HOSTNAME])
})
