// `cordon audit` itself, on the usual ports, over a Postfix, an Exim and a Dovecot: each good, and each as badly set up as it lets itself be.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createHash, X509Certificate } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { AuditRow } from '../../src/cli/audit/shown.ts'
import { asRoot } from '../support/as-root.ts'
import { auditCertificates } from '../support/audit-certificates.ts'
import { zoneOf } from '../support/audit-internet.ts'
import { dovecot } from '../support/dovecot.ts'
import { ownNetwork } from '../support/own-network.ts'
import { postfix } from '../support/postfix.ts'
import { CLI } from '../support/program.ts'
import { run } from '../support/serve.ts'
import { signedDns } from '../support/signed-dns.ts'
import { dovecotSubmission, eximSubmission } from '../support/submission-servers.ts'

const AT = {
  postfix: '127.0.26.1',
  loosefix: '127.0.26.2',
  exim: '2001:db8:26::3',
  loosexim: '127.0.26.4',
  dovecot: '127.0.26.5',
  loosecot: '127.0.26.6',
  stripped: '127.0.26.7',
} as const
const NAMES = Object.keys(AT) as (keyof typeof AT)[]

/** A firewall before 587 of a Postfix, which writes over what it does not know. */
const DEVICE = `require('node:net').createServer(near => {
  const far = require('node:net').connect(587, '${AT.postfix}')
  for (const one of [near, far]) one.on('error', () => { near.destroy(); far.destroy() })
  let isTls = false
  near.on('data', chunk => { far.write(chunk) }).on('end', () => far.end())
  far.on('data', chunk => {
    near.write(isTls ? chunk : chunk.toString('latin1').replace('STARTTLS', 'XXXXXXXA'), 'latin1')
    if (chunk.toString('latin1').startsWith('220 2.0.0')) isTls = true
  }).on('end', () => near.end())
}).listen(587, '${AT.stripped}')`

const stops: (() => unknown)[] = []
let audit: (...args: readonly string[]) => Promise<{ code: number; output: string }>

before(async () => {
  if ('skip' in asRoot) return
  const folder = mkdtempSync(join(tmpdir(), 'cordon-audit-'))
  // Exim reads its key as another user.
  chmodSync(folder, 0o755)
  stops.push(() => rmSync(folder, { recursive: true, force: true }))
  const network = await ownNetwork([`${AT.exim}/128`])
  stops.push(network.stop)
  const { under } = network
  const pki = await auditCertificates(NAMES.map(name => `mail.${name}.example`))
  const files = {
    // With what leads to the authority, without it, and with the one that need not be sent between.
    full: [pki.below.cert, pki.between],
    mixed: [pki.below.cert, pki.authority, pki.between],
    keyed: [pki.below.key, pki.below.cert, pki.between],
    keyedBare: [pki.below.key, pki.below.cert],
    key: [pki.below.key],
    authority: [pki.authority],
  }
  const at = (name: keyof typeof files) => join(folder, `${name}.pem`)
  for (const [name, texts] of Object.entries(files))
    writeFileSync(join(folder, `${name}.pem`), texts.map(text => `${text.trim()}\n`).join(''))

  const between = new X509Certificate(pki.between).publicKey.export({ type: 'spki', format: 'der' })
  const digest = createHash('sha256').update(between).digest('hex')
  const mx = (name: string) => `${name}.example. 3600 IN MX 10 mail.postfix.example.`
  const over = {
    postfix: { tlsa: `_25._tcp.mail.postfix.example. 3600 IN TLSA 2 1 1 ${digest}` },
    exim: { ptr: `${backwards(AT.exim)}.ip6.arpa. 3600 IN PTR mail.exim.example.` },
    dovecot: { mx: mx('dovecot'), tlsa: undefined },
    loosecot: { mx: mx('loosecot'), tlsa: undefined },
  } as Readonly<Record<string, Readonly<Record<string, string | undefined>>>>
  const dns = await signedDns(
    NAMES.flatMap(name =>
      zoneOf(name, {
        address: AT[name],
        certificate: pki.below,
        over: { sts: undefined, policyHost: undefined, ...over[name] },
      }),
    ),
    network,
  )
  stops.push(dns.stop)

  const logins = await dovecot()
  const strict = ['smtpd_sasl_auth_enable=yes', 'smtpd_tls_auth_only=yes']
  const old = [
    'smtpd_tls_protocols=>=TLSv1',
    'smtpd_tls_mandatory_protocols=>=TLSv1',
    'tls_medium_cipherlist=ALL:@SECLEVEL=0',
    'smtpd_tls_mandatory_ciphers=medium',
  ]
  const bare = `smtpd_tls_chain_files=${at('keyedBare')}`
  const service = (where: string, ...options: readonly string[]) =>
    [`${where} inet n - n - - smtpd`, ...options.map(one => `-o ${one}`)].join(' ')
  const mail = await postfix({
    relayPort: 1,
    under,
    more: `mynetworks = 198.51.100.1/32
smtpd_sasl_type = dovecot
smtpd_sasl_path = ${logins.authSocket}
smtpd_tls_chain_files = ${at('keyed')}
smtpd_tls_security_level = may
smtpd_tls_mandatory_protocols = >=TLSv1.2
`,
    services: [
      service(`${AT.postfix}:25`),
      service(`${AT.postfix}:465`, 'smtpd_tls_wrappermode=yes', ...strict),
      service(`${AT.postfix}:587`, 'smtpd_tls_security_level=encrypt', ...strict),
      service(`${AT.loosefix}:25`, 'mynetworks=0.0.0.0/0', bare),
      service(`${AT.loosefix}:465`, 'smtpd_tls_wrappermode=yes', ...strict, ...old, bare),
      service(`${AT.loosefix}:587`, 'smtpd_sasl_auth_enable=yes', ...old, bare),
      service(`${AT.stripped}:25`, 'smtpd_discard_ehlo_keywords=starttls'),
      service(`${AT.stripped}:465`, 'smtpd_tls_wrappermode=yes', ...strict),
    ],
  })
  stops.push(mail.stop, logins.stop)
  const own = { key: at('key'), under }
  stops.push(
    await eximSubmission({ good: AT.exim, loose: AT.loosexim, chain: at('mixed'), ...own }),
    await dovecotSubmission({ good: AT.dovecot, loose: AT.loosecot, chain: at('full'), ...own }),
  )
  const device = spawn('env', ['--', ...under, process.execPath, '-e', DEVICE], { stdio: 'ignore' })
  stops.push(() => device.kill())
  await untilThere(under)
  audit = (...args) =>
    run('env', [
      '--',
      `NODE_EXTRA_CA_CERTS=${at('authority')}`,
      ...under,
      process.execPath,
      CLI,
      'audit',
      '--resolver',
      '127.0.0.1',
      ...args,
    ])
})
after(async () => {
  for (const stop of stops.toReversed()) await stop()
})

const backwards = (address: string): string => {
  const [head = '', tail = ''] = address.split('::')
  const [left, right] = [head.split(':'), tail.split(':')]
  const words = [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right]
  return [...words.map(word => word.padStart(4, '0')).join('')].toReversed().join('.')
}

/** All at once, in one process: it ends when each has taken a connection. */
async function untilThere(under: readonly string[]): Promise<void> {
  const words = `for (const address of ${JSON.stringify(Object.values(AT))})
    for (const port of [465, 587]) {
      const ask = () => require('node:net').connect(port, address)
        .on('connect', function () { this.destroy() }).on('error', () => setTimeout(ask, 200))
      ask()
    }`
  await run('env', ['--', ...under, 'timeout', '120', process.execPath, '-e', words])
}

const EXPECTED = `
HOST             587 465 AUTH 25  RELAY TLS CERT PTR SPF DKIM DMARC STS DANE SRV
postfix.example  yes yes yes  yes yes   yes yes  yes yes yes  yes   ~   yes  yes
loosefix.example yes yes NO   yes NO    NO  NO   yes yes yes  yes   ~   yes  yes
exim.example     yes yes yes  yes yes   yes yes  yes yes yes  yes   ~   yes  yes
loosexim.example yes yes NO   NO  NO    NO  yes  yes yes yes  yes   ~   yes  yes
dovecot.example  yes yes yes  yes yes   yes yes  yes yes yes  yes   ~   yes  yes
loosecot.example yes yes NO   yes yes   NO  yes  yes yes yes  yes   ~   yes  yes
stripped.example yes yes yes  yes yes   NO  yes  yes yes yes  yes   ~   NO   yes
`

test(
  'the table of a Postfix, an Exim and a Dovecot says what is wrong with each',
  asRoot,
  async () => {
    const { code, output } = await audit(...NAMES.map(name => `${name}.example`))
    assert.equal(code, 1, output)
    const [table = ''] = output.split('\n\n')
    assert.equal(`\n${table}\n`, EXPECTED)
  },
)

test('what is good is said, and with it the program ends well', asRoot, async () => {
  for (const name of ['postfix', 'exim', 'dovecot']) {
    const { code, output } = await audit(`${name}.example`)
    assert.equal(code, 0, output)
    assert.match(output, /To mend: 0\. Not known: 0\./)
  }
})

test('the faults of the servers are named', asRoot, async () => {
  const asked = await audit(
    '--json',
    ...['loosefix', 'loosexim', 'stripped'].map(name => `${name}.example`),
  )
  const rows = (JSON.parse(asked.output) as { rows: readonly AuditRow[] }).rows
  const said = (host: string, check: string) =>
    rows.find(row => row.host === `${host}.example`)?.findings.find(one => one.check === check)
      ?.said
  assert.match(said('loosefix', 'relay') ?? '', /RCPT TO:<relay-test@example\.org>/)
  assert.match(
    said('loosefix', 'tls-versions') ?? '',
    /TLSv1\.1 is taken on 465; TLSv1\.1 is taken on 587/,
  )
  assert.match(said('loosefix', 'certificate') ?? '', /UNABLE_TO_VERIFY_LEAF_SIGNATURE/)
  assert.match(said('loosexim', 'inbound') ?? '', /AUTH PLAIN is offered on 25/)
  assert.match(
    said('stripped', 'starttls') ?? '',
    /no STARTTLS on 25; STARTTLS is not listed on 587/,
  )
})
