// A Cordon with one of every part, in a folder of its own: for tests that have each part fail, hang or end in turn.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkConfig } from '../../src/config/load.ts'
import type { Config } from '../../src/config/schema.ts'

/** What cannot be together in one Cordon. Each part there is in the code is in one of them at least (test/e2e/every-part.test.ts). */
export const CONFIGURATIONS: Readonly<Record<string, object>> = {
  'doors in the one thread': {},
  'doors in threads of their own': { doorThreads: 2 },
}

/** One of every part, on free ports. */
export const everything = (folder: string, more: object = {}): Config =>
  checkConfig({ ...everythingAsWritten(folder), ...more })

/** The same as it would stand in a file. */
export function everythingAsWritten(folder: string): object {
  const customers = join(folder, 'customers.csv')
  const leases = join(folder, 'leases.csv')
  const feed = join(folder, 'feed.csv')
  const mailLog = join(folder, 'mail.log')
  writeFileSync(customers, '# none\n')
  for (const file of [leases, feed, mailLog]) writeFileSync(file, '')
  const port = 0
  return {
    hostname: 'mail.isp.example',
    dataFolder: join(folder, 'data'),
    domains: ['isp.example'],
    resolvers: ['127.0.0.1:1'],
    listeners: [
      { kind: 'submission', port },
      { kind: 'inbound', port },
    ],
    policyService: { port },
    milter: { port },
    imap: { listeners: [{ port }], backEnd: 'imap://127.0.0.1:1', sendFolders: ['Send'] },
    pop3: { listeners: [{ port }], backEnd: 'pop3://127.0.0.1:1' },
    list: { zone: 'dnsbl.isp.example', port },
    http: {
      console: { port },
      portal: { port },
      notice: { on: true, port },
      clientSetup: { on: true, port },
    },
    firewallLog: { port },
    flows: { address: '127.0.0.1', port, exporters: ['127.0.0.1'] },
    decoys: { addresses: ['127.0.0.1', '127.0.0.2'], port },
    radius: { address: '127.0.0.1', port, clients: [{ address: '127.0.0.1', secret: 'secret' }] },
    natLog: { address: '127.0.0.1', port, sources: ['127.0.0.1'] },
    kea: { files: [leases], customers },
    mailLog: [{ file: mailLog }],
    subscriberFeed: { csv: feed },
    releaser: { socket: join(folder, 'releaser.sock') },
    scanners: { clamav: { port: 1 }, rspamd: { url: 'http://127.0.0.1:1' } },
    sharedAddresses: [{ inside: '100.64.0.0/28', outside: ['203.0.113.1'], portsEach: 1024 }],
    accessRouters: [{ host: '127.0.0.1', port: 1 }],
    radiusCoa: [{ servers: [{ nas: 'a', address: '127.0.0.1', secret: 'secret' }] }],
    webhooks: [{ url: 'https://127.0.0.1:1/', secret: 'a secret of 16 letters' }],
    alarms: { commands: [{ run: ['true'] }] },
    nftables: [{ command: ['true'] }],
  }
}

/** What keeps a process alive or holds something of the machine, but for the test's own pipes. */
export const handles = () =>
  process
    .getActiveResourcesInfo()
    .filter(kind => !/^(?:PipeWrap|TTYWrap|Immediate|FSReqPromise)$/.test(kind))
    .toSorted()
    .join()

export async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-start-'))
  try {
    await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
