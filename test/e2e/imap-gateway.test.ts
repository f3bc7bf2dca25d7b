// The IMAP gateway in front of Debian's Dovecot, with Python's imaplib, curl, mutt and mbsync as clients: each reads as before, and what is put into
// the send folder is sent as over SMTP, or refused with words.

import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type Dovecot, dovecot } from '../support/dovecot.ts'
import { maildir } from '../support/peer.ts'
import { cordon, eventually, run, type Served, serve } from '../support/serve.ts'

let store: Dovecot
let served: Served
let imap = 0
let imaps = 0

before(async () => {
  store = await dovecot()
  served = await serve(`
hostname: mail.isp.example
domains: [isp.example]
maxMessageSize: 200000
mailboxStore: { host: 127.0.0.1, port: ${store.lmtpPort}, protocol: lmtp }
listeners: [{ kind: submission, port: 0 }]
imap:
  listeners: [{ port: 0 }, { port: 0, tls: implicit }]
  backEnd: imap://127.0.0.1:${store.imapPort}
  sendFolders: [Send, Zu senden]
subscribers:
  - id: "1"
    logins:
      - { name: anna@isp.example, addresses: [anna.ek@isp.example] }
      - { name: bert@isp.example }
`)
  imap = Number(/^imap on \S+ port (\d+)$/m.exec(served.said)?.[1])
  imaps = Number(/^imaps on \S+ port (\d+)$/m.exec(served.said)?.[1])
})
after(async () => {
  await served?.stop()
  await store?.stop()
})

/** Runs a program of Python that has `m`, logged in as anna over TLS, and `letter()`. */
const python = async (program: string, user = 'anna@isp.example') => {
  const { code, output } = await run('python3', [
    '-c',
    `
import imaplib, ssl, sys, time, socket
c = ssl.create_default_context(); c.check_hostname = False; c.verify_mode = ssl.CERT_NONE
def session(): return imaplib.IMAP4_SSL('127.0.0.1', ${imaps}, ssl_context=c)
def letter(subject, to='bert@isp.example', sender='anna@isp.example', more='', body='hello'):
    return ('From: %s\\r\\nTo: %s\\r\\nSubject: %s\\r\\nDate: Sat, 28 Nov 2026 16:00:00 +0000\\r\\n%s\\r\\n%s\\r\\n' % (sender, to, subject, more, body)).encode()
m = session()
m.login('${user}', 'secret')
def append(folder, message, flags=None):
    try: return m.append(folder, flags, None, message)
    except Exception as e: return ('ERROR', [str(e)])
${program}`,
  ])
  assert.equal(code, 0, output)
  return output
}

const inbox = (user: string, subject: string) =>
  store.messages(user).filter(text => text.includes(`Subject: ${subject}`))
const arrived = (user: string, subject: string) => eventually(() => inbox(user, subject)[0], 20)

test('a password is taken over TLS only, and capabilities that would blind the gateway are not offered', async () => {
  const said = await run('python3', [
    '-c',
    `
import imaplib, ssl
m = imaplib.IMAP4('127.0.0.1', ${imap})
print(m.capabilities)
try: m.login('anna@isp.example', 'secret')
except Exception as e: print(e)
c = ssl.create_default_context(); c.check_hostname = False; c.verify_mode = ssl.CERT_NONE
m.starttls(c)
print(m.xatom('ID', 'NIL'))
print(m.login('anna@isp.example', 'secret'))
print(m.capability())
`,
  ])
  assert.match(said.output, /LOGINDISABLED/)
  assert.match(said.output, /PRIVACYREQUIRED/)
  assert.match(said.output, /Logged in/)
  assert.match(said.output, /IDLE/)
  const after = said.output.split('Logged in')[1] ?? ''
  assert.doesNotMatch(after, /COMPRESS|CATENATE|URLAUTH|MULTIAPPEND|AUTH=|STARTTLS/)
  assert.match(after, /X-DRAFT-I01-SENDMAIL/)
})

test('a wrong password is refused as such', async () => {
  const said = await run('curl', [
    '-sSk',
    '--user',
    'anna@isp.example:wrong',
    `imaps://127.0.0.1:${imaps}/`,
  ])
  assert.notEqual(said.code, 0)
})

test('folders, literals of a megabyte, flags and IDLE are as without it', async () => {
  const said = await python(`
print(m.create('Work'), m.select('Work'))
big = letter('big', body='x' * 78 + '\\r\\n' + ('y' * 76 + '\\r\\n') * 14000)
print(append('Work', big))
print(m.select('Work'))
typ, data = m.fetch('1', '(BODY.PEEK[])')
print('SAME' if data[0][1] == big else 'DIFFERENT')
print(m.store('1', '+FLAGS', '\\\\Flagged'), m.search(None, 'FLAGGED'))
m.send(b'i1 IDLE\\r\\n'); print(m.readline()); m.send(b'DONE\\r\\n'); print(m.readline())
print(m.copy('1', 'INBOX'), m.list(), m.logout())
`)
  assert.match(said, /SAME/)
  assert.match(said, /idling/)
  assert.match(said, /i1 OK/)
  assert.match(said, /BYE/)
})

test('what is put into the send folder arrives without Bcc, and its copy is in Sent; said again when that was purged, it arrives again', async () => {
  const said = await python(`
print(m.create('Sent'))
one = letter('over imap', more='Bcc: bert@isp.example\\r\\nX-Mozilla-Draft-Info: internal/draft\\r\\n', to='anna@isp.example')
print(append('Send', one))
m.select('Sent'); m.store('1', '+FLAGS', '\\\\Deleted'); m.expunge()
print(append('Send', one))
`)
  assert.equal(said.match(/'OK', \[b'Accepted: queued as/g)?.length, 2, said)
  const text = await arrived('bert@isp.example', 'over imap')
  assert.doesNotMatch(text, /^Bcc|^X-Mozilla/im)
  assert.match(text, /^Return-Path: <anna@isp\.example>/m)
  assert.match(text, /with IMAP id/)
  await arrived('anna@isp.example', 'over imap')
  const sent = store.folder('anna@isp.example', 'Sent')
  assert.equal(sent.length, 1)
  assert.match(sent[0] ?? '', /Bcc: bert/)
  await eventually(() => (inbox('bert@isp.example', 'over imap').length === 2 ? true : undefined))
})

test('a forged From, nobody to send to, a large one: refused with words, and nothing is filed', async () => {
  const before = store.folder('anna@isp.example', 'Sent').length
  const said = await python(`
print(append('Send', letter('forged', sender='chief@bank.example')))
print(append('Send', letter('nowhere', to='undisclosed-recipients:;')))
print(append('Send', letter('unknown', to='ghost@isp.example')))
print(append('Send', letter('large', body='x' * 300000)))
print(m.noop())
`)
  assert.match(said, /\[NOPERM\] Not sent: Sender address rejected/)
  assert.match(said, /\[CANNOT\] Not sent: it has no recipient/)
  assert.match(said, /User unknown.*ghost@isp\.example/)
  assert.match(said, /\[LIMIT\] Not sent: Message size/)
  assert.match(said, /'OK', \[b'NOOP/)
  assert.equal(store.folder('anna@isp.example', 'Sent').length, before)
})

test('a draft is stored and not sent; copied or moved into the send folder it is sent', async () => {
  const before = store.folder('anna@isp.example', 'Sent').length
  const said = await python(`
print(m.create('Drafts'), m.create('Send'), m.xatom('CREATE', 'Sent'))
print(append('Send', letter('half'), '\\\\Draft'))
print(append('Drafts', letter('copied'), '\\\\Draft'), append('Drafts', letter('moved'), '\\\\Draft'), append('Drafts', letter('by uid'), '\\\\Draft'))
print(m.select('Drafts'))
print('COPY', m.copy('1', 'Send'))
print('TWO', m._simple_command('COPY', '1:2', 'Send'))
print('MOVE', m.xatom('UID', 'MOVE', '2', 'Send') if False else m.uid('MOVE', '2', '"Zu senden"'))
imaplib.Commands['SENDMAIL'] = ('SELECTED',)
print('SENDMAIL', m._simple_command('UID', 'SENDMAIL', '3', '(FROM anna@isp.example RECIPIENT bert@isp.example)'))
print('FORGED', m._simple_command('UID', 'SENDMAIL', '3', '(FROM chief@bank.example RECIPIENT bert@isp.example)'))
print(m.select('Drafts'))
`)
  assert.match(said, /COPY \('OK', \[b'Accepted/)
  assert.match(said, /TWO \('NO', \[b'\[CANNOT\]/)
  assert.match(said, /MOVE \('OK'/)
  assert.match(said, /SENDMAIL \('OK', \[b'Accepted/)
  assert.match(said, /FORGED \('NO', \[b'\[NOPERM\]/)
  for (const subject of ['copied', 'moved', 'by uid']) await arrived('bert@isp.example', subject)
  assert.match(said, /\[b'2'\]\)\n$/)
  assert.equal(inbox('bert@isp.example', 'half').length, 0)
  assert.equal(store.folder('anna@isp.example', 'Send').length, 1)
  assert.equal(store.folder('anna@isp.example', 'Sent').length, before + 2)
})

test('MOVE is NO while there is no folder for sent mail, sent once all the same, and OK when it moved', async () => {
  const said = await python(`
print(append('Drafts', letter('stays here'), '\\\\Draft'), m.rename('Sent', 'Gesendet'), m.select('Drafts'))
uid = m.uid('SEARCH', None, 'SUBJECT', '"stays here"')[1][0].decode()
for time in range(3): print('AGAIN', m.uid('MOVE', uid, 'Send'))
print('FLAGS', m.uid('FETCH', uid, 'FLAGS'))
print(m.rename('Gesendet', 'Sent'))
print('MOVED', m.uid('MOVE', uid, 'Send'))
print('LEFT', m.uid('SEARCH', None, 'SUBJECT', '"stays here"'))
`)
  assert.equal(said.match(/^AGAIN \('NO', \[b'\[CANNOT\] It was sent/gm)?.length, 3, said)
  assert.match(said, /^FLAGS .*\\Draft/m)
  assert.match(said, /^MOVED \('OK'/m)
  assert.match(said, /^LEFT \('OK', \[b''\]\)/m)
  await arrived('bert@isp.example', 'stays here')
  const sent = store.folder('anna@isp.example', 'Sent')
  assert.equal(sent.filter(text => text.includes('Subject: stays here')).length, 1)
  assert.equal(inbox('bert@isp.example', 'stays here').length, 1)
})

/** Programs that ask no person are told it beforehand. */
async function shownCertificate(): Promise<string> {
  const shown = await run('openssl', ['s_client', '-connect', `127.0.0.1:${imaps}`, '-showcerts'])
  const file = join(served.folder, 'shown.pem')
  writeFileSync(
    file,
    /-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----\n/.exec(shown.output)?.[0] ?? '',
  )
  return file
}

test('mutt sends by its record folder', async () => {
  const certificate = await shownCertificate()
  const sent = await run(
    'mutt',
    [
      '-n',
      '-F',
      '/dev/null',
      '-e',
      `set ssl_starttls=yes; unset ssl_verify_host; unset ssl_verify_dates; set certificate_file=${certificate}; set imap_user=anna@isp.example; set imap_pass=secret; set from=anna@isp.example; set use_from=yes; set folder=imaps://127.0.0.1:${imaps}/; set record=imaps://127.0.0.1:${imaps}/Send; set copy=yes; set sendmail=/bin/true`,
      '-s',
      'by mutt',
      '--',
      'bert@isp.example',
    ],
    'hello from mutt\n',
  )
  assert.equal(sent.code, 0, sent.output)
  await arrived('bert@isp.example', 'by mutt')
})

test('mbsync gets the same mailbox through the gateway as directly', async () => {
  const certificate = await shownCertificate()
  const synced = async (name: string, account: string) => {
    const folder = join(served.folder, name)
    mkdirSync(folder)
    writeFileSync(
      `${folder}.rc`,
      `IMAPAccount a
Host localhost
User bert@isp.example
Pass secret
AuthMechs LOGIN
${account}

IMAPStore far
Account a

MaildirStore near
Path ${folder}/
Inbox ${folder}/INBOX

Channel c
Far :far:
Near :near:
Patterns *
Create Near
Sync Pull
SyncState *
`,
    )
    const { code, output } = await run('mbsync', ['-c', `${folder}.rc`, 'c'])
    assert.equal(code, 0, output)
    const inbox = join(folder, 'INBOX')
    return [...maildir(inbox), ...maildir(inbox, 'cur')]
      .map(text => text.replace(/^X-TUID: .*\r?\n/m, ''))
      .toSorted()
  }
  const directly = await synced('directly', `Port ${store.imapPort}\nSSLType None`)
  const through = await synced(
    'through',
    `Port ${imaps}\nSSLType IMAPS\nCertificateFile ${certificate}`,
  )
  assert.ok(directly.length > 2)
  assert.deepEqual(through, directly)
})

test('curl reads what arrived', async () => {
  const { output } = await run('curl', [
    '-sSk',
    '--user',
    'bert@isp.example:secret',
    `imaps://127.0.0.1:${imaps}/INBOX;MAILINDEX=1`,
  ])
  assert.match(output, /^Subject: /m)
})

test('the sessions of a stopped login end at once, and it cannot send until its password is changed', async () => {
  const watching = python(
    `
print(m.select('INBOX'))
m.sock.settimeout(30)
print(m.readline())
print('CLOSED', m.readline())
m = session()
print(m.login('bert@isp.example', 'secret'), m.select('INBOX'))
print(append('Send', letter('stopped', sender='bert@isp.example', to='anna@isp.example')))
`,
    'bert@isp.example',
  )
  await new Promise(resolve => setTimeout(resolve, 1500))
  const stopped = await cordon(
    served.folder,
    ...'incident impose login:bert@isp.example stop-login --why test'.split(' '),
  )
  assert.equal(stopped.code, 0, stopped.output)
  const said = await watching
  assert.match(said, /\* BYE/)
  assert.match(said, /CLOSED b''/)
  assert.match(said, /\[NOPERM\] Not sent: User account disabled/)
})
