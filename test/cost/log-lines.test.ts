// A line of a mail log may be made by a stranger, up to the longest that is read: each grammar ends in time, whatever stands in it.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GRAMMARS } from '../../src/sensors/mail-log/grammars/grammars.ts'
import { LONGEST_TEXT } from '../../src/sensors/mail-log/mail-log-reader.ts'

/** What begins as a line of the program, and what an expression may stop at again and again. */
const BEGINS = [
  '',
  'ABCDEF: ',
  '4cXKCk1bC5z1: to=<',
  '4cXKCk1bC5z1: from=<',
  'NOQUEUE: reject: RCPT from a[1.2.3.4]: 550 5.7.1 ; from=<',
  '1rABCD-0000AB-CD <= ',
  '1rABCD-0000AB-CD => ',
  '5A123456: to=',
  '5A123456: from=',
  'evpid=0123456701234567 from=<',
  'imap-login: Disconnected ',
]
const AGAIN = [
  ' ',
  '; from=<0',
  '> to=<0',
  '>, relay=0, delay=0, delays=0, dsn=0.0.0, status=0 (0',
  '>, status=0, 0',
  ', size=0, class=0, nrcpts=0, msgid=0',
  ', delay=0, xdelay=0, mailer=0, pri=0, dsn=0.0.0, reply=0',
  ') [0]0',
  ': 0',
  'C="0',
  '(auth failed, 0 attempts',
  'imuxsock0',
  ' T=0',
  ' for 0',
]

/** ms of CPU for one line on a busy machine. */
const MOST = 400

for (const { name, read } of GRAMMARS)
  test(`${name}: no line takes long`, () => {
    const programs = [name, `${name}/smtpd`, `${name}/smtp`, `${name}/qmgr`, `${name}/cleanup`]
    for (const program of programs)
      for (const begin of BEGINS)
        for (const again of AGAIN) {
          const text = (begin + again.repeat(LONGEST_TEXT)).slice(0, LONGEST_TEXT)
          const before = process.cpuUsage()
          read({ program, pid: '1', text })
          const { user } = process.cpuUsage(before)
          assert.ok(user / 1000 < MOST, `${program} ${begin} ${again}: ${user / 1000} ms`)
        }
  })
