// A stolen login, two mails an hour from ever new networks, in the lines of each server that says who logged in: named within its first six mails,
// though all of them were taken. Dovecot sends no mail.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { readLogs } from './read-logs.ts'
import { rowsOf } from './verdict.ts'

const folder = mkdtempSync(join(tmpdir(), 'cordon-stolen-'))
after(() => rmSync(folder, { recursive: true }))

const HALF_HOUR = 1_800_000
const BEGAN = Date.UTC(2026, 10, 21, 9)
const MAILS = 6

type StolenMail = { readonly n: number; readonly address: string; readonly to: string }

/** What each server writes of one mail, program first. */
const WRITTEN: Readonly<Record<string, (mail: StolenMail) => readonly string[]>> = {
  postfix: ({ n, address, to }) => [
    `postfix/submission/smtpd[9]: 4F1A2B3C${10 + n}: client=x[${address}], sasl_method=PLAIN, sasl_username=anna`,
    `postfix/qmgr[2]: 4F1A2B3C${10 + n}: from=<anna@isp.example>, size=9, nrcpt=1 (queue active)`,
    `postfix/smtp[3]: 4F1A2B3C${10 + n}: to=<${to}>, relay=mx[192.0.2.1]:25, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 ok)`,
    `postfix/qmgr[2]: 4F1A2B3C${10 + n}: removed`,
  ],
  exim: ({ n, address, to }) => [
    `exim[9]: 1rAbCd-00000${n}-00 <= anna@isp.example H=(x) [${address}] P=esmtpsa X=TLS1.3:x:256 CV=no A=plain:anna S=900`,
    `exim[9]: 1rAbCd-00000${n}-00 => ${to} R=dnslookup T=remote_smtp H=mx [192.0.2.1] C="250 ok"`,
    `exim[9]: 1rAbCd-00000${n}-00 Completed`,
  ],
  sendmail: ({ n, address, to }) => [
    `sm-mta[${100 + n}]: AUTH=server, relay=x.example [${address}], authid=anna, mech=PLAIN, bits=0`,
    `sm-mta[${100 + n}]: 4AS80000001234${n}: from=<anna@isp.example>, size=900, class=0, nrcpts=1, msgid=<a${n}@b>, proto=ESMTPSA, daemon=MTA-v4, relay=x.example [${address}]`,
    `sm-mta[${200 + n}]: 4AS80000001234${n}: to=<${to}>, delay=00:00:01, xdelay=00:00:01, mailer=relay, pri=30900, relay=mx [192.0.2.1], dsn=2.0.0, stat=Sent (ok)`,
  ],
  opensmtpd: ({ n, address, to }) => [
    `smtpd[9]: 000000000000000${n} smtp connected address=${address} host=x.example`,
    `smtpd[9]: 000000000000000${n} smtp authentication user=anna result=ok`,
    `smtpd[9]: 000000000000000${n} smtp message msgid=0102030${n} size=7 nrcpt=1 proto=ESMTP`,
    `smtpd[9]: 000000000000001${n} mta delivery evpid=0102030${n}05060708 from=<anna@isp.example> to=<${to}> rcpt=<-> source="192.0.2.2" relay="192.0.2.1 (mx)" delay=1s result="Ok" stat="250 ok"`,
    `smtpd[9]: 000000000000000${n} smtp disconnected reason=quit`,
  ],
}

for (const [server, lines] of Object.entries(WRITTEN))
  test(`${server}: a stolen login is named within its first six mails`, async () => {
    const text = Array.from({ length: MAILS }, (_, n) => {
      const stamp = new Date(BEGAN + n * HALF_HOUR).toISOString()
      return lines({ n, address: `${20 + n}.7.0.1`, to: `v${n}@d${n}.example` })
        .map(line => `${stamp} mx ${line}\n`)
        .join('')
    }).join('')
    const file = join(folder, `${server}.log`)
    writeFileSync(file, text)
    const { senders, coverage, programs } = await readLogs([file], { now: BEGAN, since: 0 })
    assert.deepEqual([coverage.unread, coverage.frameless, programs], [0, 0, [server]])
    assert.deepEqual(
      rowsOf(senders).map(({ who, networks, namedAfter }) => [who, networks, namedAfter]),
      [['anna', MAILS, MAILS]],
    )
  })
