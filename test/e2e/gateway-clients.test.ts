// Mail programs at Debian's Dovecot and Courier, with and without the gateway between: each says and hears the same, but for the greeting, the
// login and the capabilities.

import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { ImapFlow } from 'imapflow'
import { type Courier, courier } from '../support/courier.ts'
import { type Dovecot, dovecot } from '../support/dovecot.ts'
import { maildir } from '../support/peer.ts'
import { type Recorded, recorder } from '../support/recorder.ts'
import { compareSessions, same } from '../support/same-sessions.ts'
import { eventually, run, type Served, serve } from '../support/serve.ts'

/** Equal mailboxes; names of one length, so that they can be told from nothing else. */
const [DIRECT, THROUGH] = ['ada@isp.example', 'ann@isp.example'] as const

let files: { readonly cert: string; readonly key: string }
let certificate = ''
let dove: Dovecot
let cour: Courier
const gateways: Served[] = []
const closes: (() => void)[] = []
type Recorder = Awaited<ReturnType<typeof recorder>>
/** Before a server as it is, and before the gateway of it. */
type Pair = { readonly direct: Recorder; readonly through: Recorder }
const ways = new Map<string, Pair>()
const wayTo = (name: string): Pair => {
  const way = ways.get(name)
  if (!way) throw new Error(name)
  return way
}

before(async () => {
  ;[dove, cour] = await Promise.all([dovecot({ pop3: true }), courier()])
  const [served, other] = await Promise.all([
    gateway({ imap: dove.imapPort, pop3: dove.pop3Port, sent: 'Sent' }),
    gateway({ imap: cour.imapPort, pop3: cour.pop3Port, sent: 'INBOX.Sent' }),
  ])
  const made = await run('openssl', [
    ...'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost'.split(
      ' ',
    ),
    '-addext',
    'subjectAltName=DNS:localhost,IP:127.0.0.1',
    '-out',
    join(served.folder, 'cert.pem'),
    '-keyout',
    join(served.folder, 'key.pem'),
  ])
  assert.equal(made.code, 0, made.output)
  certificate = join(served.folder, 'cert.pem')
  files = {
    cert: readFileSync(certificate, 'utf8'),
    key: readFileSync(join(served.folder, 'key.pem'), 'utf8'),
  }
  for (const [server, gateway, store] of [
    ['dovecot', served, dove],
    ['courier', other, cour],
  ] as const)
    for (const protocol of ['imap', 'pop3'] as const) {
      const far = Number(
        new RegExp(`^${protocol}s on \\S+ port (\\d+)$`, 'm').exec(gateway.said)?.[1],
      )
      const near = protocol === 'imap' ? store.imapPort : store.pop3Port
      const direct = await recorder({ port: near, isTls: false }, files)
      const through = await recorder({ port: far, isTls: true }, files)
      ways.set(`${server} ${protocol}`, { direct, through })
      closes.push(direct.close, through.close)
    }
  await filled()
})
after(async () => {
  for (const close of closes) close()
  for (const one of gateways) await one.stop()
  await dove?.stop()
  await cour?.stop()
})

async function gateway({ imap, pop3, sent }: { imap: number; pop3: number; sent: string }) {
  const served = await serve(`
hostname: mail.isp.example
domains: [isp.example]
listeners: [{ kind: submission, port: 0 }]
mailboxStore: { host: 127.0.0.1, port: ${dove.lmtpPort}, protocol: lmtp }
connections: { perAddress: 1000, perLine: 1000 }
imap:
  listeners: [{ port: 0, tls: implicit }]
  backEnd: imap://127.0.0.1:${imap}
  sendFolders: [Send, INBOX.Send]
  sentFolder: ${sent}
pop3: { listeners: [{ port: 0, tls: implicit }], backEnd: "pop3://127.0.0.1:${pop3}" }
subscribers: [{ id: "1", logins: [{ name: ${DIRECT} }, { name: ${THROUGH} }, { name: bert@isp.example }] }]
`)
  gateways.push(served)
  return served
}

/** The same letters in the inbox of both. */
async function filled(): Promise<void> {
  const letters = [0, 1, 2, 3, 4].map(
    i =>
      `From: b@isp.example\r\nTo: a@isp.example\r\nMessage-ID: <${i}@isp.example>\r\nDate: Sat, 28 Nov 2026 16:00:0${i} +0000\r\nSubject: number ${i}\r\n\r\n${'line {5}\r\n.\r\na1 OK\r\n'.repeat(4 ** i)}`,
  )
  for (const user of [DIRECT, THROUGH]) {
    // Courier numbers them by the time in their names.
    const box = cour.inbox(user)
    for (const [i, text] of letters.entries())
      writeFileSync(join(box, `new/1795881${i}00.M${i}P1.isp.example`), text)
    for (const [i, text] of letters.entries()) {
      const file = join(gateways[0]?.folder ?? '', `letter-${i}`)
      writeFileSync(file, text)
      const to = `imap://127.0.0.1:${dove.imapPort}/INBOX`
      await done('curl', ['-sS', '--user', `${user}:secret`, '-T', file, to])
    }
  }
}

/** A program at a server: it reads all there is, and says what it read; `name` is free for its files. */
type MailProgram = (given: {
  readonly port: number
  readonly user: string
  readonly folder: string
}) => Promise<unknown>

const python = async (program: string) => {
  const { code, output } = await run('python3', [
    '-c',
    `import imaplib, poplib, ssl\nc = ssl.create_default_context(cafile='${certificate}')\n${program}`,
  ])
  assert.equal(code, 0, output)
  return output
}
const mails = (folder: string) => [...maildir(folder), ...maildir(folder, 'cur')].toSorted()
const made = (folder: string) => {
  for (const part of ['', 'new', 'cur', 'tmp']) mkdirSync(join(folder, part), { recursive: true })
  return folder
}
const done = async (program: string, args: readonly string[], codes: readonly number[] = [0]) => {
  const { code, output } = await run(program, args)
  assert.ok(codes.includes(code ?? -1), `${program}: ${code} ${output}`)
  return output
}

const READERS: Readonly<Record<string, MailProgram>> = {
  'imap imaplib': ({ port, user }) =>
    python(`
m = imaplib.IMAP4_SSL('localhost', ${port}, ssl_context=c)
imaplib.Int2AP = lambda n: b'T'
m.login('${user}', 'secret'); print(m.select())
print(m.fetch('1:*', '(UID FLAGS BODY.PEEK[])'), m.search(None, 'SUBJECT', 'number'), m.list(), m.status('INBOX', '(MESSAGES)'), m.noop())
m.logout()`),
  'pop3 poplib': ({ port, user }) =>
    python(`
m = poplib.POP3_SSL('localhost', ${port}, context=c)
m.user('${user}'); m.pass_('secret')
print(m.stat(), m.list(), [m.retr(i + 1) for i in range(5)], m.top(1, 3), m.noop())
m.quit()`),
  'imap curl': ({ port, user }) =>
    done('curl', [
      '-sS',
      '--cacert',
      certificate,
      '--user',
      `${user}:secret`,
      `imaps://localhost:${port}/INBOX;MAILINDEX=2`,
    ]),
  'pop3 curl': ({ port, user }) =>
    done('curl', [
      '-sS',
      '--cacert',
      certificate,
      '--user',
      `${user}:secret`,
      `pop3s://localhost:${port}/2`,
    ]),
  'imap mbsync': async ({ port, user, folder }) => {
    writeFileSync(
      `${folder}.rc`,
      `IMAPAccount a\nHost localhost\nPort ${port}\nUser ${user}\nPass secret\nSSLType IMAPS\nCertificateFile ${certificate}\nAuthMechs LOGIN\nPipelineDepth 1
\nIMAPStore far\nAccount a\n\nMaildirStore near\nPath ${folder}/\nInbox ${folder}/INBOX
\nChannel c\nFar :far:\nNear :near:\nPatterns INBOX\nCreate Near\nSync Pull\nSyncState *\n`,
    )
    mkdirSync(folder)
    await done('mbsync', ['-c', `${folder}.rc`, 'c'])
    return mails(join(folder, 'INBOX')).map(text => text.replace(/^X-TUID: .*\r?\n/m, ''))
  },
  'imap fetchmail': reader => fetchmail('imap', reader),
  'pop3 fetchmail': reader => fetchmail('pop3', reader),
  'imap getmail': reader => getmail('SimpleIMAPSSLRetriever', reader),
  'pop3 getmail': reader => getmail('SimplePOP3SSLRetriever', reader),
  'imap imapflow': async ({ port, user }) => {
    const client = flow(port, user)
    await client.connect()
    const lock = await client.getMailboxLock('INBOX')
    const read = []
    for await (const one of client.fetch('1:*', { uid: true, flags: true, source: true }))
      read.push([one.uid, [...(one.flags ?? [])], one.source?.toString('latin1')])
    lock.release()
    await client.logout()
    return read
  },
  'imap mutt': async ({ port, user, folder }) => {
    const set = [
      'ssl_starttls=no',
      `certificate_file=${certificate}`,
      `imap_user=${user}`,
      'imap_pass=secret',
      `folder=imaps://localhost:${port}/`,
      'wait_key=no',
      'mark_old=no',
    ]
    const to = made(folder)
    writeFileSync(
      `${folder}.rc`,
      `${set.map(one => `set ${one}`).join('\n')}\nset mbox_type=Maildir\nset confirmappend=no\nset move=no\npush "<tag-pattern>~A<enter><tag-prefix><copy-message>${to}<enter><quit>y"\n`,
    )
    await done('python3', [
      join(import.meta.dirname, '../support/on-terminal.py'),
      '--',
      'env',
      'TERM=vt100',
      'mutt',
      '-n',
      '-F',
      `${folder}.rc`,
      '-f',
      `imaps://localhost:${port}/INBOX`,
    ])
    return mails(to)
  },
}

const flow = (port: number, user: string) =>
  new ImapFlow({
    host: 'localhost',
    port,
    secure: true,
    auth: { user, pass: 'secret' },
    tls: { ca: files.cert },
    logger: false,
    clientInfo: { name: 'test' },
  })

async function fetchmail(protocol: string, { port, user, folder }: Parameters<MailProgram>[0]) {
  made(folder)
  const rc = `${folder}.rc`
  const store = `/bin/sh -c 'cat > ${folder}/new/$$'`
  writeFileSync(
    rc,
    `poll localhost protocol ${protocol} port ${port} auth password user "${user}" password "secret" ssl sslcertfile "${certificate}" fetchall keep no rewrite mda "${store}"\n`,
    { mode: 0o600 },
  )
  await done('fetchmail', [
    '-f',
    rc,
    '--pidfile',
    `${folder}.pid`,
    '--idfile',
    `${folder}.ids`,
    '-v',
  ])
  return mails(folder).map(text => text.replace(/^Received: [^]*?\n(?!\s)/m, ''))
}

async function getmail(type: string, { port, user, folder }: Parameters<MailProgram>[0]) {
  made(folder)
  writeFileSync(
    `${folder}.rc`,
    `[retriever]\ntype = ${type}\nserver = localhost\nport = ${port}\nusername = ${user}\npassword = secret\nca_certs = ${certificate}
[destination]\ntype = MDA_external\npath = /bin/sh\narguments = ("-c", "cat > ${folder}/new/$$")\nallow_root_commands = true\n[options]\nread_all = true\ndelete = false\ndelivered_to = false\nreceived = false\n`,
  )
  await done('getmail', ['--getmaildir', made(`${folder}-state`), '--rcfile', `${folder}.rc`])
  return mails(folder)
}

/** These do at Courier what others do there, too. */
const ONCE = /curl|getmail|pop3 fetchmail/
for (const server of ['dovecot', 'courier'])
  for (const [name, reader] of Object.entries(READERS).filter(
    ([name]) => server === 'dovecot' || !ONCE.test(name),
  ))
    test(`${name} at ${server} reads the same, and says and hears the same but for greeting, login and capabilities`, async () => {
      const [protocol = ''] = name.split(' ')
      const about = `${server} ${name}`
      const pair = wayTo(`${server} ${protocol}`)
      const folder = join(gateways[0]?.folder ?? '', about.replaceAll(' ', '-'))
      const [direct, through] = await Promise.all([
        recorded(reader, pair.direct, DIRECT, `${folder}-direct`),
        recorded(reader, pair.through, THROUGH, `${folder}-through`),
      ])
      same([through.read], [direct.read], about)
      assert.ok(direct.read.includes('number'), `${about} reads nothing`)
      compareSessions(
        about,
        { user: THROUGH, heard: through.heard },
        { user: DIRECT, heard: direct.heard },
      )
    })

/** What a program read, and what it and the server said meanwhile. */
async function recorded(
  reader: MailProgram,
  { port, sessions }: Recorder,
  user: string,
  folder: string,
): Promise<{ readonly read: string; readonly heard: Recorded }> {
  let from = sessions.length
  // getmail gives a program that it starts few seconds, which a busy machine may not have.
  const said = await reader({ port, user, folder }).catch(() => {
    from = sessions.length
    return reader({ port, user, folder: `${folder}-again` })
  })
  const all = sessions.slice(from)
  return {
    read: JSON.stringify(said)
      .replaceAll(user, 'USER')
      .replaceAll(/\b\d{9,}\b/g, 'VALIDITY'),
    heard: {
      client: all.map(one => one.client).join(''),
      server: all.map(one => one.server).join(''),
    },
  }
}

test('with Courier behind, what is put into the send folder and what is handed in over POP3 arrives, and its copy is filed', async () => {
  const far = (protocol: string) => wayTo(`courier ${protocol}`).through.port
  const said = await python(
    `
def letter(subject): return 'From: ${THROUGH}\r\nTo: bert@isp.example\r\nSubject: %s\r\n\r\nhello\r\n' % subject
m = imaplib.IMAP4_SSL('localhost', ${far('imap')}, ssl_context=c)
m.login('${THROUGH}', 'secret')
print(m.create('INBOX.Sent'), m.create('INBOX.Drafts'))
print('APPEND', m.append('Send', None, None, letter('appended').encode()))
m.append('INBOX.Drafts', '\\Draft', None, letter('copied').encode())
m.select('INBOX.Drafts')
print('COPY', m.copy('1', 'Send'))
print('MOVE', m.xatom('MOVE', '1', 'Send'))
m.logout()
p = poplib.POP3_SSL('localhost', ${far('pop3')}, context=c)
p.user('${THROUGH}'); p.pass_('secret')
p._shortcmd('XTND XMIT')
for line in letter('handed in').split('\r\n')[:-1]: p._putline(line.encode())
print('XMIT', p._shortcmd('.'))
p.quit()`.replaceAll('\r\n', '\\r\\n'),
  )
  assert.match(said, /^APPEND \('OK', \[b'Accepted/m)
  assert.match(said, /^COPY \('OK', \[b'Accepted/m)
  assert.match(said, /^MOVE \('NO', \[b'\[CANNOT\] Not sent: .*copy it/m)
  assert.match(said, /^XMIT b'\+OK Accepted/m)
  const client = flow(far('imap'), THROUGH)
  await client.connect()
  await client.append(
    // Names lie below INBOX for it, as the server's namespace says.
    'Send',
    `From: ${THROUGH}\r\nTo: bert@isp.example\r\nSubject: by imapflow\r\n\r\nhello\r\n`,
  )
  await client.logout()
  for (const subject of ['appended', 'copied', 'handed in', 'by imapflow'])
    await eventually(() =>
      dove.messages('bert@isp.example').find(text => text.includes(`Subject: ${subject}`)),
    )
  assert.equal(cour.folder(THROUGH, 'Sent').length, 3)
})
