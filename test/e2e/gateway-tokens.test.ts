// Logins by a token, which Debian's Dovecot asks of a token server, through both gateways, with curl, imapflow and Python as clients; and the
// client's address in a PROXY header, which Dovecot wants here.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { ImapFlow } from 'imapflow'
import { type Dovecot, dovecot } from '../support/dovecot.ts'
import { eventually, run, type Served, serve } from '../support/serve.ts'

const ANNA = 'anna@isp.example'
/** What the token server knows. */
const TOKENS: Readonly<Record<string, string>> = {
  'token-of-anna': ANNA,
  'token-of-bert': 'bert@isp.example',
}

/** RFC 7662. */
const tokenServer = createServer((request, response) => {
  let body = ''
  request.on('data', chunk => (body += String(chunk)))
  request.on('end', () => {
    const username = TOKENS[new URLSearchParams(body).get('token') ?? '']
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(username ? { active: true, username } : { active: false }))
  })
})
let store: Dovecot
let served: Served
/** `direct` is for clients that say no PROXY header. */
const port = { imaps: 0, pop3s: 0, direct: 0 }

before(async () => {
  tokenServer.listen(0, '127.0.0.1')
  await once(tokenServer, 'listening')
  const bound = tokenServer.address()
  const tokensPort = typeof bound === 'object' && bound ? bound.port : 0
  store = await dovecot({ pop3: true, tokensPort, haproxy: true })
  served = await serve(`
hostname: mail.isp.example
domains: [isp.example]
mailboxStore: { host: 127.0.0.1, port: ${store.lmtpPort}, protocol: lmtp }
listeners: [{ kind: submission, port: 0 }]
imap:
  listeners: [{ port: 0, tls: implicit, trustedProxies: [127.0.0.1] }, { port: 0, tls: implicit }]
  backEnd: imap://127.0.0.1:${store.imapPort}
  proxyHeader: true
  tokens: [XOAUTH2, OAUTHBEARER]
  sendFolders: [Send]
pop3:
  listeners: [{ port: 0, tls: implicit, trustedProxies: [127.0.0.1] }]
  backEnd: pop3://127.0.0.1:${store.pop3Port}
  proxyHeader: true
  tokens: [XOAUTH2, OAUTHBEARER]
subscribers: [{ id: "1", logins: [{ name: ${ANNA} }, { name: bert@isp.example }] }]
`)
  const ports = (name: string) =>
    served.said
      .matchAll(new RegExp(`^${name} on \\S+ port (\\d+)$`, 'gm'))
      .map(found => Number(found[1]))
  ;[port.imaps = 0, port.direct = 0] = ports('imaps')
  ;[port.pop3s = 0] = ports('pop3s')
})
after(async () => {
  await served?.stop()
  await store?.stop()
  tokenServer.close()
})

/** curl says its own address in a PROXY header (version 1) before all else. */
const curl = (protocol: 'imaps' | 'pop3s', token: string, ...more: readonly string[]) =>
  run('curl', [
    '-sSk',
    '--haproxy-protocol',
    '--user',
    `${ANNA}:`,
    '--oauth2-bearer',
    token,
    ...more,
    `${protocol}://127.0.0.1:${port[protocol]}/`,
  ])

test('a token is asked of the back end, by either name, with and without an initial response; one of another user, or that is no more, is wrong', async () => {
  for (const protocol of ['imaps', 'pop3s'] as const)
    for (const mechanism of ['XOAUTH2', 'OAUTHBEARER'])
      for (const initial of [[], ['--sasl-ir']]) {
        const options = [...initial, '--login-options', `AUTH=${mechanism}`]
        const right = await curl(protocol, 'token-of-anna', ...options)
        assert.equal(right.code, 0, `${protocol} ${mechanism} ${right.output}`)
      }
  for (const protocol of ['imaps', 'pop3s'] as const)
    for (const [i, token] of ['token-of-bert', 'no-token'].entries()) {
      const mechanism = i === 0 ? 'XOAUTH2' : 'OAUTHBEARER'
      const wrong = await curl(protocol, token, '--login-options', `AUTH=${mechanism}`)
      assert.equal(wrong.code, 67, `${protocol} ${token} ${wrong.output}`)
    }
})

/** A session of Python with `say`, over TLS, behind a PROXY header that tells this address. */
const python = async (protocol: 'imaps' | 'pop3s', program: string) => {
  const { code, output } = await run('python3', [
    '-c',
    `
import base64, socket, ssl
c = ssl.create_default_context(); c.check_hostname = False; c.verify_mode = ssl.CERT_NONE
raw = socket.create_connection(('127.0.0.1', ${port[protocol]}), 20)
raw.sendall(b'PROXY TCP4 203.0.113.9 127.0.0.1 4321 993\\r\\n')
s = c.wrap_socket(raw).makefile('rwb')
print(s.readline())
def say(line):
    s.write(line.encode() + b'\\r\\n'); s.flush()
    heard = s.readline(); print(heard); return heard
def bearer(user, token): return base64.b64encode(('user=%s\\1auth=Bearer %s\\1\\1' % (user, token)).encode()).decode()
${program}`,
  ])
  assert.equal(code, 0, output)
  return output
}

test('what the back end says of a wrong token reaches the client before the refusal, and the session goes on', async () => {
  const said = await python(
    'imaps',
    `
reason = say('a AUTHENTICATE XOAUTH2 ' + bearer('${ANNA}', 'older-token'))
print('REASON', base64.b64decode(reason[2:]))
say('')
say('b AUTHENTICATE XOAUTH2'); say(bearer('${ANNA}', 'token-of-anna'))
letter = 'From: ${ANNA}\\r\\nTo: bert@isp.example\\r\\nSubject: by a token\\r\\n\\r\\nhello\\r\\n'
say('c APPEND Send {%d}' % len(letter)); say(letter)
`,
  )
  assert.match(said, /REASON b'\{.*"status":"(?:invalid_token|401)".*\}'/)
  assert.match(said, /a NO \[AUTHENTICATIONFAILED\]/)
  assert.match(said, /b OK \[CAPABILITY /)
  assert.match(said, /c OK Accepted/)
  await eventually(() =>
    store.messages('bert@isp.example').find(text => text.includes('Subject: by a token')),
  )
  const other = await python(
    'pop3s',
    `say('AUTH XOAUTH2 ' + bearer('${ANNA}', 'older-token')); say('')`,
  )
  assert.match(other, /b'\+ eyJ/)
  assert.match(other, /-ERR \[AUTH\]/)
})

test('the login that sends is the one that the token belongs to, and no token is written down', async () => {
  const said = await python(
    'imaps',
    `
say('a AUTHENTICATE XOAUTH2 ' + bearer('bert@isp.example', 'token-of-bert'))
letter = 'From: ${ANNA}\\r\\nTo: ${ANNA}\\r\\nSubject: forged\\r\\n\\r\\nhello\\r\\n'
say('c APPEND Send {%d}' % len(letter)); say(letter)
`,
  )
  assert.match(said, /c NO \[NOPERM\]/)
  const written = await run('grep', [
    '-rlE',
    '--',
    'token-of|dG9rZW4tb2',
    join(served.folder, 'data'),
  ])
  assert.equal(written.code, 1, written.output)
})

test('Dovecot hears the client’s address from the PROXY header', () => {
  assert.match(store.log(), /imap-login: .*Login: user=<anna@isp\.example>.*rip=203\.0\.113\.9/)
})

test('imapflow logs in with its access token', async () => {
  const client = new ImapFlow({
    host: '127.0.0.1',
    port: port.direct,
    secure: true,
    auth: { user: ANNA, accessToken: 'token-of-anna' },
    tls: { rejectUnauthorized: false },
    logger: false,
  })
  await client.connect()
  assert.ok((await client.list()).some(({ path }) => path === 'INBOX'))
  await client.logout()
})
