import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { readConfiguration } from './configured-files.ts'

test('what is no regular file is refused at once, and never waited for', t => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-files-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const pipe = join(folder, 'pipe')
  execFileSync('sh', ['-c', 'mkfifo "$0"', pipe])
  assert.throws(
    () => readConfiguration(pipe),
    /pipe: is no regular file, but a pipe or a device\. /,
  )
  assert.throws(() => readConfiguration('/dev/zero'), /\/dev\/zero: is no regular file/)
  assert.throws(
    () => readConfiguration(folder),
    /is a folder\. Write the configuration into a file/,
  )
  const file = join(folder, 'cordon.yaml')
  for (const [text, place] of [
    [`certificate: { key: ${pipe}, chain: /dev/zero }`, 'certificate.key'],
    [`geo: { country: ${pipe} }`, 'geo.country'],
    [`passwords: { file: ${pipe} }`, 'passwords.file'],
    [
      `radius: { clients: [{ address: 192.0.2.1, secret: 0123456789abcdef0123456789abcdef }], customers: ${pipe} }`,
      'radius.customers',
    ],
    [`kea: { files: [${pipe}], customers: ${join(folder, 'later')} }`, 'kea.files #1'],
    [`subscriberFeed: { csv: ${pipe} }`, 'subscriberFeed.csv'],
    [
      `flows: { exporters: [192.0.2.1], networks: [192.0.2.0/24], contacts: [${pipe}] }`,
      'flows.contacts #1',
    ],
    [`mailboxStore: { host: 192.0.2.1, certificate: ${pipe} }`, 'mailboxStore.certificate'],
  ] as const) {
    writeFileSync(file, `listeners: [{ kind: submission, port: 0 }]\n${text}\n`)
    assert.throws(
      () => readConfiguration(file),
      (error: Error) => {
        assert.ok(error.message.startsWith(`cordon.yaml:2: ${place}: `), error.message)
        assert.match(error.message, /pipe is no regular file\. Write the path of a file\./)
        return true
      },
    )
  }
})
