// Both ends of every range that docs/configuration.md prints are taken by the program: by the schema, and by the checks that look at
// several settings at once.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { checkConfig } from '../src/config/load.ts'

type Section = { [key: string]: unknown }

/** Sections that are there only where they are written, with what must stand in them. All others have defaults. */
const written = (): Section => ({
  domains: ['isp.example'],
  listeners: [{ kind: 'submission', port: 0 }],
  policyService: {},
  milter: {},
  imap: { listeners: [{ port: 0 }], backEnd: 'imaps://192.0.2.1' },
  pop3: { listeners: [{ port: 0 }], backEnd: 'pop3s://192.0.2.1' },
  list: { zone: 'dnsbl.isp.example' },
  http: { console: {}, portal: {} },
  routes: { 'meadow.example': { host: '192.0.2.1' } },
  mailboxStore: { host: '192.0.2.1' },
  quotaStatus: { host: '192.0.2.1' },
  passwords: { ldap: { url: 'ldaps://192.0.2.1', dn: 'uid={login}' } },
  subscriberFeed: { csv: '/feed.csv' },
  sharedAddresses: [{ inside: '100.64.0.0/32', outside: ['203.0.113.1'], portsEach: 1024 }],
  firewallLog: { port: 0 },
  flows: { address: '127.0.0.1', exporters: ['127.0.0.1'] },
  decoys: { addresses: ['127.0.0.1'] },
  radius: { address: '127.0.0.1', clients: [{ address: '127.0.0.1', secret: 'secret' }] },
  natLog: { address: '127.0.0.1', sources: ['127.0.0.1'] },
  nftables: [
    { noticePage: { addresses: ['127.0.0.1'] }, redirectTo: { addresses: ['127.0.0.1'] } },
  ],
  radiusCoa: [{ servers: [{ nas: 'a', address: '127.0.0.1', secret: 'secret' }] }],
  accessRouters: [{ host: '127.0.0.1', port: 1 }],
  access: { entries: [{ match: { asn: [1] }, action: 'hold' }], groups: { ours: { asn: [1] } } },
  geo: { asn: '/asn.mmdb' },
  quotas: [{ name: 'a', per: ['login'], limit: 3, in: 'day' }],
  scanners: { clamav: {} },
  strangers: { greylist: {} },
  alarms: { commands: [{ name: 'pager', run: ['/bin/true'] }] },
  clientSetup: { imap: { host: 'imap.isp.example' }, pop3: { host: 'pop.isp.example' } },
})

const HOOK = { url: 'https://192.0.2.1/' }

/** What must stand beside one end of a range. */
const BESIDE: Readonly<Record<string, readonly (readonly [string, unknown])[]>> = {
  'sharedAddresses[].firstPort 65535': [['sharedAddresses[].portsEach', 1]],
  'sharedAddresses[].lastPort 1': [
    ['sharedAddresses[].firstPort', 1],
    ['sharedAddresses[].portsEach', 1],
  ],
  'sharedAddresses[].portsEach 65535': [['sharedAddresses[].firstPort', 1]],
  'strangers.greylist.delay 30d': [['strangers.greylist.window', '31d']],
  'strangers.greylist.window 1s': [['strangers.greylist.delay', '0s']],
  // One of the two sections checks passwords.
  'passwords.hook.timeout 100ms': [['passwords', { hook: { ...HOOK, timeout: '100ms' } }]],
  'passwords.hook.timeout 10m': [['passwords', { hook: { ...HOOK, timeout: '10m' } }]],
}

/** Rows of the table whose values are `A to B`: numbers, or spans of time. */
function ranges() {
  const row =
    /^\| `([^`]+)` \| [^|]* \| (list; each: |more than )?([\d.]+(?:ms|[smhd])?) to ([\d.]+[smhd]?)(?! characters)[ ,]/gm
  const page = readFileSync('docs/configuration.md', 'utf8')
  return [...page.matchAll(row)].map(([, path = '', more = '', from = '', to = '']) => ({
    path,
    ends: (more.startsWith('more') ? [to] : [from, to])
      .map(end => (/[a-z]$/.test(end) ? end : Number(end)))
      .map(end => (more.startsWith('list') ? [end] : end)),
  }))
}

/** `[]` and `NAME` are the first entry of a list or table. */
function put(config: Section, path: string, value: unknown): void {
  const keys = path.replaceAll('[]', '.[]').split('.')
  let at: Section = config
  for (const [i, key] of keys.entries()) {
    const real = key === '[]' ? '0' : key === 'NAME' ? (Object.keys(at)[0] ?? '') : key
    if (i === keys.length - 1) at[real] = value
    else at = (at[real] ??= {}) as Section
  }
}

test('what is written here is a configuration', () => {
  checkConfig(written())
})

test('both ends of every documented range are taken', () => {
  const all = ranges()
  assert.ok(all.length > 90)
  const refused = all.flatMap(({ path, ends }) =>
    ends.flatMap(end => {
      const config = written()
      put(config, path, end)
      for (const [other, value] of BESIDE[`${path} ${String(end)}`] ?? []) put(config, other, value)
      try {
        checkConfig(config)
        return []
      } catch (error) {
        return [`${path}: ${String(end)}: ${(error as Error).message}`]
      }
    }),
  )
  assert.deepEqual(refused, [])
})
