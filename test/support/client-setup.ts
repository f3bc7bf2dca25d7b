// A provider whose mail programs are set up, and what Python's parsers read of what they are told.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import {
  type ClientSetup,
  clientSetup,
  type ProviderServers,
} from '../../src/mail/client-setup/client-setup.ts'

export const SETTINGS: ProviderServers = {
  domains: ['isp.example', 'town.isp.example'],
  provider: 'Example Net & Söhne',
  web: 'mail.isp.example',
  reading: [
    { protocol: 'imap', host: 'imap.isp.example', port: 993, tls: 'implicit' },
    { protocol: 'pop3', host: 'pop.isp.example', port: 995, tls: 'implicit' },
  ],
  sending: [
    { protocol: 'smtp', host: 'mail.isp.example', port: 465, tls: 'implicit' },
    { protocol: 'smtp', host: 'mail.isp.example', port: 587, tls: 'starttls' },
  ],
  help: 'https://www.isp.example/help?a=1&b=2',
}

export function setupOf(address = 'anna@isp.example', over: Partial<ProviderServers> = {}) {
  const domain = address.slice(address.lastIndexOf('@') + 1)
  const setup = clientSetup({ ...SETTINGS, ...over }, domain, address)
  assert.ok(setup)
  return setup satisfies ClientSetup
}

const READER = join(import.meta.dirname, 'client-setup-reader.py')

/** Throws where Python cannot read it. */
export function asPythonReads(kind: 'mozilla' | 'pox' | 'profile', text: string | Uint8Array) {
  const read = spawnSync('python3', [READER, kind], { input: text, encoding: 'utf8' })
  assert.equal(read.status, 0, read.stderr)
  return JSON.parse(read.stdout)
}
