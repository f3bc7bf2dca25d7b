// By which keys the mail of a Cordon is signed, and whether dkimpy verifies each signature by the records of a zone.

import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { command, eventually, run } from './serve.ts'

/** `d/s` of each signature of the mail to this mailbox about a customer, who is contained for it. */
export async function signedBy(
  { folder, mailbox }: { readonly folder: string; readonly mailbox: string },
  customer: string,
  zone: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const inbox = join(folder, 'mailboxes', mailbox, 'new')
  const mails = () =>
    existsSync(inbox)
      ? readdirSync(inbox).map(name => readFileSync(join(inbox, name), 'latin1'))
      : []
  const words = ['incident', 'impose', `line:${customer}`, 'isolate', '--why', 'a test']
  const done = await command(...words, '--data', folder)
  assert.equal(done.code, 0, done.output)
  const mail = await eventually(() =>
    mails().find(one => one.replaceAll(/\n[ \t]/g, ' ').includes(` contained: line:${customer} `)),
  )
  // Above are the lines of its delivery.
  const all = mail.split(/\n(?![ \t])/)
  const begin = all.findIndex(one => one.startsWith('DKIM-Signature:'))
  if (begin < 0) return []
  const fields = all.slice(begin)
  const count = fields.findIndex(one => !one.startsWith('DKIM-Signature:'))
  const each = fields
    .slice(0, count)
    .map((_, i) => Buffer.from(fields.slice(i).join('\r\n').replaceAll(/\r?\n/g, '\r\n'), 'latin1'))
  const script = join(import.meta.dirname, 'dkim-verdicts.py')
  const lines = [JSON.stringify(zone), ...each.map(one => one.toString('base64'))]
  const { output } = await run('/usr/bin/python3', [script], `${lines.join('\n')}\n`)
  assert.deepEqual(
    output.trim().split('\n'),
    Array.from({ length: count }, () => 'yes'),
    mail,
  )
  return fields
    .slice(0, count)
    .map(one => `${/ d=([^;]+);/.exec(one)?.[1]}/${/ s=([^;]+);/.exec(one)?.[1]}`)
}
