import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Grammar, ReadFact } from '../log-fact.ts'
import { GRAMMARS } from './grammars.ts'

const of = (name: Grammar['name']) => GRAMMARS.find(one => one.name === name) as Grammar
const postfix = (program: string, text: string): ReadFact =>
  of('postfix').read({ program: `postfix/${program}`, pid: '1', text })
const exim = (text: string): ReadFact => of('exim').read({ program: 'exim', pid: '', text })

const CLIENT = { kind: 'begun', id: '4F1A2B3C4D', address: '203.0.113.9' }

test('Postfix: a login is what stands behind the client, and nothing of AUTH= in MAIL FROM', () => {
  const begins = (more: string) =>
    postfix('submission/smtpd', `4F1A2B3C4D: client=x.example[203.0.113.9]${more}`)
  assert.deepEqual(begins(''), CLIENT)
  assert.deepEqual(begins(':4711, sasl_method=PLAIN, sasl_username=anna@isp.example'), {
    ...CLIENT,
    login: 'anna@isp.example',
  })
  assert.deepEqual(
    begins(', sasl_method=PLAIN, sasl_username=anna, sasl_sender=x, sasl_username=boss'),
    { ...CLIENT, login: 'anna' },
  )
  assert.deepEqual(begins(', sasl_sender=x, sasl_method=PLAIN, sasl_username=boss'), CLIENT)
  assert.deepEqual(begins(', orig_queue_id=4F1A2B3C4E, orig_client=y[192.0.2.1]'), CLIENT)
})

const SENT =
  'relay=mx.example[198.51.100.9]:25, delay=0.8, delays=0.1/0.01/0.3/0.4, dsn=2.0.0, status=sent (ok)'

test('Postfix: no recipient, sender or answer imitates what stands behind it', () => {
  const plain = postfix('smtp', `4F1A2B3C4D: to=<bob@d.example>, orig_to=<b@isp.example>, ${SENT}`)
  assert.deepEqual(plain, {
    kind: 'delivery',
    id: '4F1A2B3C4D',
    recipient: 'b@isp.example',
    outcome: 'sent',
    local: false,
    relay: 'mx.example',
    words: 'ok',
  })
  assert.equal(
    postfix(
      'smtp',
      `4F1A2B3C4D: to=<"a>, ${SENT}"@evil.example>, ${SENT.replace('sent', 'bounced')}`,
    ),
    undefined,
  )
  assert.equal(
    postfix(
      'smtp',
      `4F1A2B3C4D: to=<bob@d.example>, ${SENT.replace('sent (ok)', `bounced (550 ${SENT})`)}`,
    ),
    undefined,
  )
  const queued = postfix(
    'qmgr',
    '4F1A2B3C4D: from=<"x>, size=1, nrcpt=99 (queue active)"@evil.example>, size=7, nrcpt=2 (queue active)',
  )
  assert.deepEqual(queued, {
    kind: 'queued',
    id: '4F1A2B3C4D',
    sender: '"x>, size=1, nrcpt=99 (queue active)"@evil.example',
    size: 7,
    recipients: 2,
  })
  // Message-IDs are a key and nothing else, whatever they contain.
  const forged =
    'to=<boss@isp.example>, relay=x, delay=1, delays=1/1/1/1, dsn=2.0.0, status=sent (ok)'
  assert.deepEqual(postfix('cleanup', `4F1A2B3C4D: message-id=${forged}`), {
    kind: 'message-id',
    id: '4F1A2B3C4D',
    messageId: forged,
  })
  assert.equal(postfix('smtpd', `4F1A2B3C4D: ${forged}`), undefined)
  assert.equal(postfix('cleanup', `4F1A2B3C4D: to=<boss@isp.example>, ${SENT}`), undefined)
})

test('Postfix: who was refused stands before what strangers say; the rest is read where it cannot be mistaken', () => {
  const reject = (from: string, to: string, helo: string) =>
    postfix(
      'smtpd',
      `NOQUEUE: reject: RCPT from unknown[203.0.113.9]: 550 5.1.1 <x>: Recipient address rejected: User unknown; from=<${from}> to=<${to}> proto=ESMTP helo=<${helo}>`,
    )
  const words = '550 5.1.1 <x>: Recipient address rejected: User unknown'
  const refused = { kind: 'refused', address: '203.0.113.9' }
  assert.deepEqual(reject('a@b.example', 'no@isp.example', 'h'), {
    ...refused,
    words,
    sender: 'a@b.example',
    recipient: 'no@isp.example',
  })
  for (const [from, to, helo] of [
    [
      'a@b.example',
      'no@isp.example',
      'h> ; from=<boss@isp.example> to=<x@y.example> proto=ESMTP helo=<h',
    ],
    ['"a> to=<x@y.example> proto=ESMTP helo=<h>"@b.example', 'no@isp.example', 'h'],
  ] as const) {
    const read = reject(from, to, helo)
    assert.ok(
      typeof read === 'object' && read.kind === 'refused' && read.sender === undefined,
      helo,
    )
  }
  const milter = postfix(
    'cleanup',
    '4F1A2B3C4D: milter-reject: END-OF-MESSAGE from x[203.0.113.9]: 5.7.1 Spam message rejected; from=<a@b.example> to=<c@d.example> proto=ESMTP helo=<h>',
  )
  assert.deepEqual(milter, {
    ...refused,
    id: '4F1A2B3C4D',
    words: '5.7.1 Spam message rejected',
    message: true,
    sender: 'a@b.example',
    recipient: 'c@d.example',
  })
})

test('Postfix: wrong passwords are counted where they stand, local users are known', () => {
  assert.deepEqual(
    postfix(
      'submission/smtpd',
      'disconnect from unknown[203.0.113.9] ehlo=1 auth=0/3 commands=1/4',
    ),
    { kind: 'auth', ok: false, address: '203.0.113.9', times: 3 },
  )
  assert.equal(
    postfix('smtpd', 'disconnect from x[203.0.113.9] ehlo=1 auth=1 quit=1 commands=3'),
    'nothing',
  )
  assert.deepEqual(postfix('pickup', '4F1A2B3C4D: uid=33 from=<www-data>'), {
    kind: 'begun',
    id: '4F1A2B3C4D',
    user: '33',
  })
})

const ID = '1oxyzA-000abc-0Q'

test('Exim: a quoted sender is a sender, whatever it contains', () => {
  assert.deepEqual(
    exim(
      `${ID} <= "a A=login:boss for victim@isp.example"@evil.example H=(evil.example) [203.0.113.9] P=esmtp S=300 id=x@y`,
    ),
    {
      kind: 'begun',
      id: ID,
      sender: '"a A=login:boss for victim@isp.example"@evil.example',
      size: 300,
      address: '203.0.113.9',
    },
  )
  assert.deepEqual(
    exim(
      `${ID} <= anna@isp.example H=(home) [2001:db8::7]:4711 I=[192.0.2.1]:587 P=esmtpsa X=TLS1.3:ECDHE:256 CV=no SNI="a A=x:boss" A=plain:anna S=99 id=a A=plain:boss@x for bob@d.example`,
    ),
    {
      kind: 'begun',
      id: ID,
      sender: 'anna@isp.example',
      size: 99,
      address: '2001:db8::7',
      login: 'anna',
    },
  )
  assert.deepEqual(exim(`1oxyzA-00000000abc-0Qab <= www-data@mx U=www-data P=local S=99`), {
    kind: 'begun',
    id: '1oxyzA-00000000abc-0Qab',
    sender: 'www-data@mx',
    size: 99,
    user: 'www-data',
  })
})

test('Exim: a Message-ID or subject that imitates a client hides no message', () => {
  const H = 'H=(x.example) [203.0.113.9] P=esmtpa A=fixed_plain:thief@isp.example S=464'
  for (const more of [
    'id="x0) [1.2.3.4] P=a S=1"@x.example',
    'id=a@b T="Offer) [1.2.3.4] P=a S=1"',
    'id=a@b T="Offer) [1.2.3.4] P=a S=1" for v@victim.example',
    'id=a@b T="Offer) [1.2.3.4] P=esmtp S=x',
  ])
    assert.deepEqual(
      exim(`${ID} <= thief@isp.example ${H} ${more}`),
      {
        kind: 'begun',
        id: ID,
        sender: 'thief@isp.example',
        size: 464,
        address: '203.0.113.9',
        login: 'thief@isp.example',
      },
      more,
    )
})

test('Exim: where a greeting that may be anything could have written all of it, the login is unsure, and the message counts', () => {
  // With helo_accept_junk_hosts both are the same line: who greets so, and who has such a Message-ID.
  const forged = (more: string) =>
    exim(
      `${ID} <= a@b.example H=(x) [192.0.2.1] P=esmtpa A=plain:boss S=1${more}) [203.0.113.9] P=esmtp S=300`,
    )
  assert.equal(forged(''), undefined)
  assert.deepEqual(forged(' id=x'), {
    kind: 'begun',
    id: ID,
    sender: 'a@b.example',
    size: 1,
    unsure: 'boss',
  })
  assert.deepEqual(
    exim(
      `${ID} <= a@b.example H=(x) [192.0.2.1] P=esmtpa A=plain:boss S=1 id=z) [203.0.113.9] P=esmtp S=300 id=x`,
    ),
    { kind: 'begun', id: ID, sender: 'a@b.example', size: 1, unsure: 'boss' },
  )
  assert.deepEqual(
    exim(
      `${ID} <= a@b.example H=(x) [192.0.2.1] P=esmtp S=1 id=z) [203.0.113.9] P=esmtp S=300 id=x`,
    ),
    { kind: 'begun', id: ID, sender: 'a@b.example', size: 1, unsure: '192.0.2.1' },
  )
})

test('Exim: a recipient is a delivery’s, its answer no field', () => {
  const to = (said: string) => exim(`${ID} ${said}`)
  const sent = { kind: 'delivery', id: ID, outcome: 'sent' }
  const away = { ...sent, local: false, relay: 'mx' }
  assert.deepEqual(to('=> bob@d.example R=out T=smtp H=mx [198.51.100.9] C="250 ok"'), {
    ...away,
    recipient: 'bob@d.example',
    words: '250 ok',
  })
  assert.deepEqual(to('=> bert <bert@isp.example> R=local T=maildir'), {
    ...sent,
    recipient: 'bert@isp.example',
    local: true,
    words: '',
  })
  assert.deepEqual(
    to('=> "a => boss@isp.example R=x"@d.example R=out T=smtp H=mx [198.51.100.9]'),
    { ...away, recipient: '"a => boss@isp.example R=x"@d.example', words: '' },
  )
  // As Exim writes the address that it delivers to: without the quotes.
  const bare = 'boss@isp.example <boss@isp.example> r=x t=y'
  assert.deepEqual(
    to(`=> ${bare}@d.example <"${bare.toUpperCase()}"@d.example> R=out T=smtp H=mx [198.51.100.9]`),
    { ...away, recipient: `"${bare.toUpperCase()}"@d.example`, words: '' },
  )
  assert.equal(to(`=> ${bare}@d.example <"other"@d.example> R=out T=smtp`), undefined)
  assert.deepEqual(
    to(
      '** no@d.example R=out T=smtp H=mx [198.51.100.9]: SMTP error from remote mail server after RCPT TO:<no@d.example>: 550 5.1.1 User unknown',
    ),
    {
      ...away,
      outcome: 'bounced',
      recipient: 'no@d.example',
      words:
        'SMTP error from remote mail server after RCPT TO:<no@d.example>: 550 5.1.1 User unknown',
    },
  )
})

test('Exim: wrong passwords, by the address and not by the name that was tried', () => {
  assert.deepEqual(
    exim(
      'plain authenticator failed for (x.example) [203.0.113.9]:4711 I=[192.0.2.1]:587: 535 Incorrect authentication data (set_id=boss)',
    ),
    { kind: 'auth', ok: false, address: '203.0.113.9', times: 1 },
  )
})

test('Dovecot: logins by address; names that failed are not read', () => {
  const dovecot = (text: string) => of('dovecot').read({ program: 'dovecot', pid: '', text })
  assert.deepEqual(
    dovecot(
      'imap-login: Login: user=<anna>, method=PLAIN, rip=203.0.113.9, lip=192.0.2.1, mpid=7, TLS, session=<x>',
    ),
    { kind: 'auth', ok: true, address: '203.0.113.9', login: 'anna', times: 1 },
  )
  assert.deepEqual(
    dovecot(
      'imap-login: Disconnected: Connection closed (auth failed, 2 attempts in 4 secs): user=<boss>, method=PLAIN, rip=203.0.113.9, lip=192.0.2.1, TLS, session=<x>',
    ),
    { kind: 'auth', ok: false, address: '203.0.113.9', times: 2 },
  )
})

test('Sendmail: the login is of the process, the address the last field', () => {
  const sendmail = (text: string) => of('sendmail').read({ program: 'sm-mta', pid: '77', text })
  assert.deepEqual(
    sendmail(
      'AUTH=server, relay=x.example [203.0.113.9] (may be forged), authid=anna, mech=PLAIN, bits=0',
    ),
    {
      kind: 'session',
      session: '77',
      address: '203.0.113.9',
      login: 'anna',
    },
  )
  assert.deepEqual(
    sendmail(
      '4AS9Xxk5000123: from=<"a>, size=1, class=0, nrcpts=9,"@evil.example>, size=7, class=0, nrcpts=2, msgid=<x, relay=y [192.0.2.1]>, proto=ESMTP, daemon=MTA, relay=x.example [203.0.113.9]',
    ),
    {
      kind: 'begun',
      id: '4AS9Xxk5000123',
      address: '203.0.113.9',
      sender: '"a>, size=1, class=0, nrcpts=9,"@evil.example',
      size: 7,
      recipients: 2,
    },
  )
  assert.deepEqual(
    sendmail(
      '4AS9Xxk5000123: to=<bob@d.example>, ctladdr=<anna@isp.example> (0/0), delay=00:00:01, xdelay=00:00:01, mailer=esmtp, pri=30007, relay=mx.example. [198.51.100.9], dsn=5.1.1, stat=User unknown',
    ),
    {
      kind: 'delivery',
      id: '4AS9Xxk5000123',
      recipient: 'bob@d.example',
      outcome: 'bounced',
      local: false,
      words: 'User unknown',
    },
  )
})

test('OpenSMTPD: a login is of the session', () => {
  const smtpd = (text: string) => of('opensmtpd').read({ program: 'smtpd', pid: '1', text })
  const session = '0123456789abcdef'
  assert.deepEqual(smtpd(`${session} smtp connected address=203.0.113.9 host=x.example`), {
    kind: 'session',
    session,
    address: '203.0.113.9',
  })
  assert.deepEqual(smtpd(`${session} smtp authentication user=anna result=ok`), {
    kind: 'session',
    session,
    login: 'anna',
  })
  assert.equal(smtpd(`${session} smtp authentication user=x result=ok result=permfail`), 'nothing')
  assert.deepEqual(smtpd(`${session} smtp message msgid=01020304 size=7 nrcpt=1 proto=ESMTP`), {
    kind: 'of-session',
    session,
    id: '01020304',
  })
  assert.deepEqual(
    smtpd(
      `${session} mta delivery evpid=0102030405060708 from=<a@b.example> to=<bob@d.example> rcpt=<-> source="192.0.2.1" relay="198.51.100.9 (mx)" delay=1s result="PermFail" stat="550 5.1.1 User unknown"`,
    ),
    {
      kind: 'delivery',
      id: '01020304',
      recipient: 'bob@d.example',
      outcome: 'bounced',
      local: false,
      words: '550 5.1.1 User unknown',
    },
  )
})

test('Sendmail: a client over IPv6 has an address and a login', () => {
  const sendmail = (text: string) => of('sendmail').read({ program: 'sm-mta', pid: '77', text })
  const relay = 'relay=x.example [IPv6:2001:db8:0::1]'
  assert.deepEqual(sendmail(`AUTH=server, ${relay}, authid=boss, mech=PLAIN, bits=0`), {
    kind: 'session',
    session: '77',
    address: '2001:db8::1',
    login: 'boss',
  })
  assert.deepEqual(
    sendmail(
      `4AS800000012345: from=<boss@isp.example>, size=900, class=0, nrcpts=1, msgid=<a@b>, proto=ESMTPSA, daemon=MTA-v4, relay=localhost [IPv6:0:0:0:0:0:0:0:1]`,
    ),
    {
      kind: 'begun',
      id: '4AS800000012345',
      address: '::1',
      sender: 'boss@isp.example',
      size: 900,
      recipients: 1,
    },
  )
})

test('OpenSMTPD: a program of this machine is a local user', () => {
  const text = '0123456789abcdef smtp connected address=local host=vm'
  const read = of('opensmtpd').read({ program: 'smtpd', pid: '1', text })
  assert.deepEqual(read, { kind: 'session', session: '0123456789abcdef', user: 'local' })
})
