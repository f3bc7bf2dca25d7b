// `cordon who-spams --follow`: a log that grows and is rotated, a sender that becomes certain, Ctrl-C.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { eventually } from '../../test/support/serve.ts'

const CLI = join(import.meta.dirname, 'cordon.ts')

/** A message from a network and to a domain of its own, refused as spam there. */
function refusedMail(login: string, i: number, at: number): string {
  const begins = `${new Date(at).toISOString()} mx postfix`
  const id = `4F1A2B3C${100 + i}`
  return [
    `${begins}/smtpd[1]: ${id}: client=x[${20 + i}.7.0.1], sasl_method=PLAIN, sasl_username=${login}`,
    `${begins}/qmgr[2]: ${id}: from=<a@b.example>, size=9, nrcpt=1 (queue active)`,
    `${begins}/smtp[3]: ${id}: to=<u@d${i}.example>, relay=mx[198.51.100.1]:25, delay=1, delays=0/0/0/1, dsn=5.7.1, status=bounced (host mx said: 550 5.7.1 spam)`,
    '',
  ].join('\n')
}

function follows(t: TestContext, file: string, ...more: readonly string[]) {
  const child = spawn(process.execPath, [CLI, 'who-spams', file, '--follow', ...more])
  let out = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (out += text))
  t.after(() => child.kill('SIGKILL'))
  return {
    out: () => out,
    /** It reads, and can be told to stop. */
    hasOpened: async (path: string) => {
      await eventually(() => (opens(child.pid).includes(path) ? true : undefined))
      await new Promise(resolve => setTimeout(resolve, 1000))
    },
    ends: async () => {
      const ended = new Promise<number | null>(resolve => child.once('close', resolve))
      child.kill('SIGINT')
      return ended
    },
  }
}

/** Files that a program has open. */
function opens(pid = 0): readonly string[] {
  const folder = `/proc/${pid}/fd`
  return readdirSync(folder).flatMap(fd => {
    try {
      return [readlinkSync(join(folder, fd))]
    } catch {
      // It is closed again.
      return []
    }
  })
}

test('who becomes certain is named once, over a rotation; Ctrl-C prints the table and says so', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-follow-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'mail.log')
  const began = Date.now() - 3 * 86_400_000
  let sent = 0
  const mail = (count: number) =>
    Array.from({ length: count }, () => {
      sent++
      return refusedMail('thief', sent, began + 86_400_000 + sent * 600_000)
    }).join('')
  writeFileSync(file, refusedMail('anna', 0, began) + mail(1))
  const cordon = follows(t, file)
  await cordon.hasOpened(file)
  assert.equal(cordon.out(), '')
  appendFileSync(file, mail(8))
  renameSync(file, `${file}.1`)
  writeFileSync(file, mail(20))
  await eventually(() => (/login:thief|^thief: certain/m.test(cordon.out()) ? true : undefined))
  appendFileSync(file, mail(10))
  await new Promise(resolve => setTimeout(resolve, 6000))
  assert.equal(cordon.out().match(/^thief: certain/gm)?.length, 1, cordon.out())
  assert.equal(await cordon.ends(), 1)
  assert.match(cordon.out(), /^thief +certain +39 /m)
  // Of the file that is there now: it has 90 lines, and was 30 more before it was rotated.
  assert.match(cordon.out(), /mail\.log:90: /)
  assert.equal(cordon.out().match(/^thief: certain/gm)?.length, 2)
})

test('a log that is no file is an error at once; where none is certain Ctrl-C ends with 0', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-follow-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const wrong = follows(t, folder)
  await eventually(() => (/is a folder/.test(wrong.out()) ? true : undefined))
  const packed = join(folder, 'mail.log.1.gz')
  writeFileSync(packed, gzipSync(refusedMail('anna', 0, Date.now())))
  const notThat = follows(t, packed)
  await eventually(() =>
    /is compressed, and does not grow/.test(notThat.out()) ? true : undefined,
  )
  const file = join(folder, 'mail.log')
  writeFileSync(file, refusedMail('anna', 0, Date.now()))
  const cordon = follows(t, file)
  await cordon.hasOpened(file)
  assert.equal(await cordon.ends(), 0, cordon.out())
  assert.match(cordon.out(), /No sender of this log/)
})
