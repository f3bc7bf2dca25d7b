import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { factsOf, foundOn } from './finders.ts'
import { type Machine, type Ran, thisMachine } from './machine.ts'

/** A machine whose files stand in a folder, and whose programs answer so: by name and first word. */
function machineWith(
  t: TestContext,
  files: readonly string[],
  programs: Readonly<Record<string, Ran>>,
): Machine {
  const root = mkdtempSync(join(tmpdir(), 'cordon-setup-'))
  t.after(() => rmSync(root, { recursive: true }))
  for (const file of files) {
    const [path = '', text = ''] = file.split('=')
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return {
    ...thisMachine(root),
    run: async (program, args) =>
      programs[`${program} ${args.find(one => /^--?[xMv]/.test(one))}`] ?? { missing: true },
  }
}

const MAIN = `myhostname = mx.example.org
mydestination = mx.example.org, localhost.example.org localhost, example.org
virtual_mailbox_domains = example.net
virtual_alias_domains =
mynetworks = 127.0.0.0/8 [::ffff:127.0.0.0]/104 [::1]/128 192.0.2.0/28 [2001:db8::]/48
smtpd_tls_cert_file = /etc/ssl/mx.pem
smtpd_tls_key_file = /etc/ssl/mx.key
`
const MASTER = `submission inet n - y - - smtpd -o syslog_name=postfix/submission
127.0.0.1:2500 inet n - y - - smtpd
pickup unix n - y 60 1 pickup
`
const POSTFIX = { 'postconf -x': { text: MAIN }, 'postconf -M': { text: MASTER } }

test('what Postfix says of itself is known: name, domains, clients, ports, certificate', async t => {
  const facts = factsOf(await foundOn(machineWith(t, [], POSTFIX), {}))
  assert.equal(facts.hostname, 'mx.example.org')
  assert.deepEqual(facts.domains, ['mx.example.org', 'example.org', 'example.net'])
  assert.deepEqual(facts.postfix, {
    port: 2500,
    submission: true,
    mynetworks: ['192.0.2.0/28', '2001:db8::/48'],
  })
  assert.deepEqual(facts.certificates, [{ key: '/etc/ssl/mx.key', chain: '/etc/ssl/mx.pem' }])
})

test('domains that stand in a table are not known for sure, and are asked', async t => {
  const main = MAIN.replace('= example.net', '= hash:/etc/postfix/domains')
  const programs = { ...POSTFIX, 'postconf -x': { text: main } }
  const facts = factsOf(await foundOn(machineWith(t, [], programs), {}))
  assert.equal(facts.domains, undefined)
  assert.ok(facts.someDomains?.includes('example.org'))
})

test('lease files, certificates, FreeRADIUS and the user are found where they are', async t => {
  const machine = machineWith(
    t,
    [
      '/var/lib/kea/kea-leases4.csv',
      '/var/lib/kea/kea-leases4.csv.2',
      '/var/lib/kea/kea-leases6.csv',
      '/etc/letsencrypt/live/README',
      '/etc/letsencrypt/live/mx.example.org/fullchain.pem',
      '/etc/freeradius/3.0/radiusd.conf',
      '/etc/passwd=root:x:0:0\ncordon:x:990:990\n',
    ],
    { 'nft --version': { text: 'nftables v1.0.6\n' }, 'dovecot --version': { why: 'no answer' } },
  )
  const findings = await foundOn(machine, {})
  assert.deepEqual(
    findings.map(({ what, state }) => `${what} ${state}`),
    [
      'Postfix absent',
      'Dovecot unread',
      'Kea found',
      'FreeRADIUS found',
      'nftables found',
      'certbot found',
      'user cordon found',
    ],
  )
  const facts = factsOf(findings)
  assert.deepEqual(facts.kea, ['/var/lib/kea/kea-leases4.csv', '/var/lib/kea/kea-leases6.csv'])
  assert.deepEqual(facts.certificates, [
    {
      key: '/etc/letsencrypt/live/mx.example.org/privkey.pem',
      chain: '/etc/letsencrypt/live/mx.example.org/fullchain.pem',
    },
  ])
  assert.equal(facts.hasUser, true)
})

test('what cannot be read is said, and hinders no other finder', async t => {
  const machine = machineWith(t, ['/etc/passwd=root:x:0:0\n'], {
    ...POSTFIX,
    'postconf -x': { why: 'fatal: open /etc/postfix/main.cf' },
  })
  const refuses = {
    ...machine,
    list: (): never => {
      throw Object.assign(new Error('no'), { code: 'EACCES' })
    },
  }
  const findings = await foundOn(refuses, {})
  const saidOf = (what: string) => findings.find(one => one.what === what)
  assert.match(saidOf('Postfix')?.said ?? '', /main\.cf/)
  assert.equal(saidOf('Kea')?.state, 'unread')
  assert.match(saidOf('Kea')?.said ?? '', /may not read/)
  assert.equal(factsOf(findings).hasUser, false)
})
