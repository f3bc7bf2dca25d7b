// The POP3 gateway in front of Debian's Dovecot, with Python's poplib and curl as clients: each reads as before, and XTND XMIT sends as over
// SMTP, or is refused with words.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Dovecot, dovecot } from '../support/dovecot.ts'
import { cordon, eventually, run, type Served, serve } from '../support/serve.ts'

let store: Dovecot
let served: Served
let pop3 = 0
let pop3s = 0
let proxied = 0

before(async () => {
  store = await dovecot({ pop3: true })
  served = await serve(`
hostname: mail.isp.example
domains: [isp.example]
maxMessageSize: 200000
mailboxStore: { host: 127.0.0.1, port: ${store.lmtpPort}, protocol: lmtp }
listeners: [{ kind: submission, port: 0 }]
pop3:
  listeners: [{ port: 0 }, { port: 0, tls: implicit }, { port: 0, trustedProxies: [127.0.0.1] }]
  backEnd: pop3://127.0.0.1:${store.pop3Port}
subscribers:
  - { id: "1", logins: [{ name: anna@isp.example }, { name: bert@isp.example }] }
`)
  const plain = [...served.said.matchAll(/^pop3 on \S+ port (\d+)$/gm)]
  ;[pop3 = 0, proxied = 0] = plain.map(([, port]) => Number(port))
  pop3s = Number(/^pop3s on \S+ port (\d+)$/m.exec(served.said)?.[1])
})
after(async () => {
  await served?.stop()
  await store?.stop()
})

/** Runs a program of Python that has `m`, logged in as this user over TLS, `direct`, the same without the gateway, and `xmit(letter)`. */
const python = async (program: string, user = 'anna@isp.example') => {
  const { code, output } = await run('python3', [
    '-c',
    `
import poplib, ssl, sys, time
c = ssl.create_default_context(); c.check_hostname = False; c.verify_mode = ssl.CERT_NONE
def session(password='secret'):
    p = poplib.POP3_SSL('127.0.0.1', ${pop3s}, context=c)
    p.user('${user}'); p.pass_(password)
    return p
def directly():
    p = poplib.POP3('127.0.0.1', ${store.pop3Port})
    p.user('${user}'); p.pass_('secret')
    return p
def letter(subject, to='bert@isp.example', sender='anna@isp.example', more='', body='hello'):
    return 'From: %s\\r\\nTo: %s\\r\\nSubject: %s\\r\\nDate: Sat, 28 Nov 2026 16:00:00 +0000\\r\\n%s\\r\\n%s\\r\\n' % (sender, to, subject, more, body)
def xmit(p, text):
    try:
        p._shortcmd('XTND XMIT')
        for line in text[:-2].split('\\r\\n'):
            p._putline((('.' + line) if line.startswith('.') else line).encode())
        return p._shortcmd('.')
    except poplib.error_proto as e: return e.args[0]
${program}`,
  ])
  assert.equal(code, 0, output)
  return output
}
const inbox = (user: string, subject: string) =>
  store.messages(user).filter(text => text.includes(`Subject: ${subject}`))
const arrived = (user: string, subject: string) => eventually(() => inbox(user, subject)[0])

test('a password is taken over TLS only, and what is offered before and after the login is what holds', async () => {
  const said = await python(`
p = poplib.POP3('127.0.0.1', ${pop3})
print('plain', sorted(p.capa()))
try: p.user('anna@isp.example')
except poplib.error_proto as e: print(e)
p.stls(c)
print('secure', sorted(p.capa()))
p.user('anna@isp.example'); p.pass_('secret')
print('after', p.capa())
try: session('wrong')
except poplib.error_proto as e: print(e)
class Proxied(poplib.POP3):
    def _create_socket(self, timeout):
        s = super()._create_socket(timeout)
        s.sendall(b'PROXY TCP4 203.0.113.9 127.0.0.1 4321 110\\r\\n')
        return s
p = Proxied('127.0.0.1', ${proxied})
p.stls(c); p.user('anna@isp.example'); p.pass_('secret'); p.quit()
`)
  assert.match(said, /plain .*'STLS'.*'XTND'/)
  assert.match(said, /\[AUTH\] Passwords are taken over TLS only/)
  assert.match(said, /secure .*'SASL'.*'USER'.*'XTND'/)
  assert.match(said, /after .*'PIPELINING'.*'XTND': \['XMIT'\]/)
  assert.doesNotMatch(said, /after .*STLS/)
  assert.match(said, /-ERR \[AUTH\] Authentication failed/)
  // Dovecot hears where the client is.
  assert.match(store.log(), /pop3-login: .*Login: user=<anna.*rip=203\.0\.113\.9/)
})

test('what is handed in arrives once, without Bcc, with its dots, and can be read as without the gateway', async () => {
  const said = await python(`
m = session()
print(xmit(m, letter('over pop3', more='Bcc: anna@isp.example\\r\\n', body='.\\r\\n..two\\r\\n.three')))
m.quit()
`)
  assert.match(said, /\+OK Accepted: queued as/)
  const text = await arrived('bert@isp.example', 'over pop3')
  assert.doesNotMatch(text, /^Bcc/im)
  assert.match(text, /with POP3 id/)
  assert.match(text, /^\.\r?\n\.\.two\r?\n\.three\r?\n$/m)
  await arrived('anna@isp.example', 'over pop3')
  const read = await python(`
def all(p):
    said = [p.stat(), p.list(), p.uidl(), [p.retr(i + 1) for i in range(p.stat()[0])], p.top(1, 0)]
    p.quit()
    return said
through, direct = all(session()), all(directly())
print(through == direct, len(through[3]))
`)
  assert.match(read, /^True 1$/m)
})

test('a forged From, a large one, and no recipient are refused behind the dot, with words', async () => {
  const said = await python(`
m = session()
print(xmit(m, letter('forged', sender='chief@bank.example')))
print(xmit(m, letter('large', body='x' * 70 + '\\r\\n' + ('y' * 70 + '\\r\\n') * 4000)))
print(xmit(m, letter('lost', to='undisclosed-recipients:;')))
print(m.noop())
`)
  assert.match(said, /-ERR \[SYS\/PERM\] Not sent: .*\(sender\)/)
  assert.match(said, /-ERR \[SYS\/PERM\] Not sent: .*at most 200000 bytes/)
  assert.match(said, /-ERR \[SYS\/PERM\] Not sent: it has no recipient/)
  assert.match(said, /\+OK/)
})

test('curl reads what arrived', async () => {
  const { code, output } = await run('curl', [
    '-sSk',
    '--user',
    'bert@isp.example:secret',
    `pop3s://127.0.0.1:${pop3s}/1`,
  ])
  assert.equal(code, 0, output)
  assert.match(output, /Subject: over pop3/)
})

test('the sessions of a stopped login end within a second', async () => {
  const program = python(
    `
m = session()
print('in', flush=True)
at = time.time()
try: print(m._getline())
except Exception as e: print(repr(e))
print(xmit(session(), letter('stopped', to='anna@isp.example', sender='bert@isp.example')))
`,
    'bert@isp.example',
  )
  await eventually(async () =>
    (store.log().match(/pop3-login: (?:Info: )?Login: user=<bert/g)?.length ?? 0) >= 2
      ? true
      : undefined,
  )
  const stop = 'incident impose login:bert@isp.example stop-login --why test'
  const { code, output } = await cordon(served.folder, ...stop.split(' '))
  assert.equal(code, 0, output)
  const said = await program
  assert.match(said, /-ERR \[SYS\/TEMP\] Sending with this login was stopped/)
  assert.match(said, /-ERR \[SYS\/PERM\] Not sent: .*\(stopped\)/)
  assert.equal(inbox('anna@isp.example', 'stopped').length, 0)
})
