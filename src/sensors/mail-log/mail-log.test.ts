import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Frames } from '../../wire/log-lines/frames.ts'
import { type PastMail, stepsOf } from './past-mail.ts'
import { PastMails } from './past-mails.ts'

const NOW = Date.UTC(2026, 10, 21, 12)

function read(text: string): readonly PastMail[] {
  const [frames, log] = [new Frames(NOW), new PastMails()]
  for (const line of text.trim().split('\n')) log.line(frames.read(line))
  return log.end()
}

// As Debian's Postfix 3.7 writes it.
const POSTFIX = `
2026-11-21T10:00:00.100000+01:00 mx postfix/smtpd[12]: connect from mx.meadow.example[198.51.100.7]
2026-11-21T10:00:01.200000+01:00 mx postfix/smtpd[12]: 4F1A2B3C4D: client=mx.meadow.example[198.51.100.7]
2026-11-21T10:00:01.300000+01:00 mx postfix/cleanup[13]: 4F1A2B3C4D: message-id=<x@meadow.example>
2026-11-21T10:00:01.400000+01:00 mx postfix/qmgr[5]: 4F1A2B3C4D: from=<ann@meadow.example>, size=1234, nrcpt=2 (queue active)
2026-11-21T10:00:01.500000+01:00 mx postfix/lmtp[14]: 4F1A2B3C4D: to=<bert.ek@isp.example>, orig_to=<bert@isp.example>, relay=x, delay=0.3, delays=0.1/0/0.1/0.1, dsn=2.0.0, status=sent (ok)
2026-11-21T10:00:01.600000+01:00 mx postfix/lmtp[14]: 4F1A2B3C4D: to=<carl@isp.example>, relay=x, delay=0.3, delays=0.1/0/0.1/0.1, dsn=2.0.0, status=sent (ok)
2026-11-21T10:00:01.700000+01:00 mx postfix/qmgr[5]: 4F1A2B3C4D: removed
2026-11-21T10:00:02.000000+01:00 mx postfix/smtpd[12]: NOQUEUE: reject: RCPT from unknown[203.0.113.9]: 550 5.1.1 <no@isp.example>: Recipient address rejected: User unknown in virtual mailbox table; from=<> to=<no@isp.example> proto=ESMTP helo=<bot.example>
2026-11-21T10:00:03.000000+01:00 mx postfix/submission/smtpd[12]: 4F1A2B3C4E: client=unknown[2001:db8::7], sasl_method=PLAIN, sasl_username=anna
2026-11-21T10:00:03.400000+01:00 mx postfix/qmgr[5]: 4F1A2B3C4E: from=<anna@isp.example>, size=99, nrcpt=1 (queue active)
2026-11-21T10:00:03.500000+01:00 mx postfix/smtp[14]: 4F1A2B3C4E: to=<bob@copper.example>, relay=x, delay=0.3, delays=0.1/0/0.1/0.1, dsn=4.0.0, status=deferred (later)
`

test('Postfix: what was taken, for whom it was, and what was refused', () => {
  const found = read(POSTFIX)
  const at = Date.UTC(2026, 10, 21, 9)
  assert.deepEqual(found, [
    {
      at: at + 1200,
      id: '4F1A2B3C4D',
      address: '198.51.100.7',
      sender: 'ann@meadow.example',
      recipients: [{ address: 'bert@isp.example' }, { address: 'carl@isp.example' }],
      size: 1234,
    },
    {
      at: at + 2000,
      id: `refused-${at + 2000}-203.0.113.9`,
      address: '203.0.113.9',
      sender: '',
      recipients: [{ address: 'no@isp.example', refused: 'unknown-user' }],
    },
    {
      at: at + 3000,
      id: '4F1A2B3C4E',
      address: '2001:db8::7',
      sender: 'anna@isp.example',
      recipients: [{ address: 'bob@copper.example' }],
      login: 'anna',
      size: 99,
    },
  ])
})

test('Postfix: an older syslog has no year', () => {
  const old = POSTFIX.replaceAll(/2026-11-21T10:00:(\d\d)\S+/g, 'Nov 21 10:00:$1')
  assert.equal(read(old)[0]?.at, Date.UTC(2026, 10, 21, 10, 0, 1))
  const december = old.replaceAll('Nov 21', 'Dec  3')
  assert.equal(read(december)[0]?.at, Date.UTC(2025, 11, 3, 10, 0, 1))
})

// As Debian's Exim 4.96 writes it, the second with log_selector = +received_recipients.
const EXIM = `
2026-11-21 10:00:01 1oxyzA-000abc-0Q <= ann@meadow.example H=mx.meadow.example (greeting.example) [198.51.100.7] P=esmtps X=TLS1.3 S=1234 id=x@meadow.example
2026-11-21 10:00:01 1oxyzA-000abc-0Q => bert <bert@isp.example> R=local T=maildir
2026-11-21 10:00:01 1oxyzA-000abc-0Q -> carl@isp.example R=local T=maildir
2026-11-21 10:00:01 1oxyzA-000abc-0Q Completed
2026-11-21 10:00:02 H=(bot.example) [203.0.113.9] F=<> rejected RCPT <no@isp.example>: Unrouteable address
2026-11-21 10:00:03 1oxyzB-000abd-1R <= anna@isp.example H=(home) [2001:db8::7] P=esmtpsa A=plain:anna S=99 for bob@copper.example
2026-11-21 10:00:03 1oxyzB-000abd-1R == bob@copper.example R=out T=smtp defer (-53): retry time not reached for any host
2026-11-21 10:00:04 1oxyzC-000abe-2S <= <> R=1oxyzB-000abd-1R U=Debian-exim P=local S=999
`

test('Exim: the same', () => {
  const found = read(EXIM)
  const short = found.map(({ address, helo, login, sender, recipients }) =>
    [address, helo, login, sender, ...recipients.map(one => one.refused ?? one.address)].join(' '),
  )
  assert.deepEqual(short, [
    '198.51.100.7   ann@meadow.example bert@isp.example carl@isp.example',
    '203.0.113.9    unknown-user',
    '2001:db8::7  anna anna@isp.example bob@copper.example',
  ])
})

test('as steps: customers, strangers, and recipients that exist', () => {
  const options = { isLocal: (domain: string) => domain === 'isp.example', domain: 'isp.example' }
  const steps = read(POSTFIX).flatMap(mail => stepsOf(mail, options))
  const short = steps.map(({ step, verdict, asked = [] }) => {
    const there = asked.map(({ answer }) => JSON.stringify('value' in answer ? answer.value : 0))
    return [step.listener, step.stage, step.login, verdict, ...there].join(' ')
  })
  assert.deepEqual(short, [
    'inbound rcpt  accept true',
    'inbound rcpt  accept true',
    'inbound message  accept',
    'inbound rcpt  reject false',
    'submission rcpt anna@isp.example accept',
    'submission message anna@isp.example accept',
  ])
})

test('lines of others, and broken ones, are passed over', () => {
  assert.deepEqual(
    read('hello\n\nNov 99 x y\n2026-11-21 z\n2026-11-21T10:00:00Z mx dovecot: hello'),
    [],
  )
})
