// A random mix of commands to Debian's Dovecot and Courier, directly and through the gateway: the answers are of the same kind, and the mailboxes
// the same at last. CORDON_MIX says how many commands, CORDON_FUZZ_SEED which.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { courier } from '../support/courier.ts'
import { dovecot } from '../support/dovecot.ts'
import { fuzzSeed } from '../support/fuzz-seed.ts'
import { run, serve } from '../support/serve.ts'

const COUNT = Number(process.env['CORDON_MIX'] ?? 300)

async function mixed(t: TestContext, port: number, separator: string): Promise<void> {
  const served = await serve(`
hostname: mail.isp.example
connections: { perAddress: 1000, perLine: 1000, perMinute: 1000000 }
imap: { listeners: [{ port: 0, tls: implicit }], backEnd: 'imap://127.0.0.1:${port}', sendFolders: [Send] }
`)
  t.after(served.stop)
  const far = /^imaps on \S+ port (\d+)$/m.exec(served.said)?.[1] ?? ''
  const program = join(import.meta.dirname, '../support/imap-mix.py')
  const words = [String(port), far, String(fuzzSeed()), String(COUNT), separator]
  const { code, output } = await run('python3', [program, ...words])
  assert.equal(code, 0, output)
  assert.match(output, /: the same$/m)
}

test('Dovecot', async t => {
  const store = await dovecot()
  t.after(store.stop)
  await mixed(t, store.imapPort, '/')
})

test('Courier', async t => {
  const store = await courier()
  t.after(store.stop)
  await mixed(t, store.imapPort, '.')
})
