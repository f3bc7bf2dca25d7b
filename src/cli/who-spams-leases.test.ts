// `cordon who-spams --leases`: a client is the customer who had its address then.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { LeaseTable } from '../app/who-spams/lease-table.ts'

const folder = mkdtempSync(join(tmpdir(), 'cordon-who-spams-leases-'))
after(() => rmSync(folder, { recursive: true }))
const CLI = join(import.meta.dirname, 'cordon.ts')
const BEGAN = Date.now() - 3 * 86_400_000
const HALF_HOUR = 1_800_000

const written = (name: string, text: string): string => {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}

/** Twelve messages that are refused as spam, six from each of two addresses; then six that are taken, from the first. */
const mails = (stamp: (at: number) => string): string =>
  Array.from({ length: 18 }, (_, i) => {
    const at = `${stamp(BEGAN + i * HALF_HOUR)} mx postfix`
    const id = `4F1A2B3C${10 + i}`
    const address = i < 6 || i >= 12 ? '198.51.100.7' : '2001:db8:7:1::5'
    const said =
      i < 12
        ? 'dsn=5.7.1, status=bounced (host mx said: 550 5.7.1 spam)'
        : 'dsn=2.0.0, status=sent (250 ok)'
    return [
      `${at}/smtpd[1]: ${id}: client=x[${address}]`,
      `${at}/qmgr[2]: ${id}: from=<a@b.example>, size=9, nrcpt=1 (queue active)`,
      `${at}/smtp[3]: ${id}: to=<u@d${i}.example>, relay=mx[203.0.113.1]:25, delay=1, delays=0/0/0/1, ${said}`,
      '',
    ].join('\n')
  }).join('')

const iso = (at: number) => new Date(at).toISOString()
const changed = BEGAN + 11.5 * HALF_HOUR
const LEASES = written(
  'leases.csv',
  `prefix,subscriber,from,to
198.51.100.7/32,10017,${iso(BEGAN - HALF_HOUR)},${iso(changed)}
198.51.100.7/32,10018,${iso(changed)},
2001:db8:7::/48,10017,,
`,
)

const asked = (...more: readonly string[]) =>
  spawnSync(process.execPath, [CLI, 'who-spams', ...more], { encoding: 'utf8', timeout: 60_000 })

test('a bot with two addresses is one customer, and the next to have one of them is not named', () => {
  const log = written('iso.log', mails(iso))
  const without = asked(log).stdout
  assert.doesNotMatch(without, /10017/)
  const { stdout, status } = asked('--leases', LEASES, log)
  assert.match(stdout, /^line:10017 +likely +12 /m)
  assert.doesNotMatch(stdout, /10018|^address:/m)
  assert.equal(status, 0)
  const explained = asked('--leases', LEASES, '--explain', 'line:10017', log).stdout
  for (const line of [1, 36]) assert.ok(explained.includes(`iso.log:${line}: `), String(line))
  assert.ok(!explained.includes('iso.log:37: '))
})

test('stamps without a zone join no lease, and that is said', () => {
  const old = (at: number) => {
    const [, day = '', mon = '', , time = ''] = new Date(at).toUTCString().split(' ')
    return `${mon} ${day.replace(/^0/, ' ')} ${time}`
  }
  const { stdout } = asked('--leases', LEASES, written('old.log', mails(old)))
  assert.doesNotMatch(stdout, /line:/)
  assert.match(stdout, /no lease is joined with them/)
})

test('a list of leases that cannot be read is an error, with its line', () => {
  const log = written('some.log', mails(iso))
  const wrong = asked('--leases', written('wrong.csv', 'prefix,subscriber\n300.1.2.3,1\n'), log)
  assert.equal(wrong.status, 2)
  assert.match(wrong.stderr, /wrong\.csv.*300\.1\.2\.3/s)
  assert.equal(asked('--leases', join(folder, 'none.csv'), log).status, 2)
})

test('the narrowest lease counts; where two may have had it, or by port, it is nobody’s', () => {
  const lease = (prefix: string, subscriber: string, more = {}) => ({
    realm: 'main',
    prefix,
    subscriber,
    from: 0,
    ...more,
  })
  const table = new LeaseTable([
    lease('198.51.100.0/24', 'wide'),
    lease('198.51.100.7/32', 'narrow', { from: 10, to: 20 }),
    lease('198.51.100.8/32', 'a', { ports: [0, 1023] }),
    lease('198.51.100.8/32', 'b', { ports: [1024, 2047] }),
    lease('2001:db8::/48', 'six'),
    lease('10.0.0.1/32', 'inside', { realm: 'cgn' }),
  ])
  const of = (address: string, at = 15) => table.customerOf(address, at)
  assert.deepEqual(
    [of('198.51.100.7'), of('198.51.100.7', 5), of('198.51.100.7', 20), of('198.51.100.9')],
    ['narrow', 'wide', 'wide', 'wide'],
  )
  assert.deepEqual(
    [of('198.51.100.8'), of('2001:db8:0:1::1'), of('10.0.0.1'), of('192.0.2.1'), of('x')],
    [undefined, 'six', undefined, undefined, undefined],
  )
})
