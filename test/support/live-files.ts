// Files that live keys of the configuration name: each gets other content under the same name, and what the server then does.

import { once } from 'node:events'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createServer as createTlsServer } from 'node:tls'
import { SMTPServer } from 'smtp-server'
import { type Live, type LiveWorld, hash } from './live-world.ts'
import { certificateIn, loggedIn, rcpts, shownCertificate, submits } from './reload-scene.ts'
import { eventually, run } from './serve.ts'

/** `next` writes the files anew; `said` is what the reload says of it. */
type LiveFile = Omit<Live, 'given' | 'next'> & {
  readonly given: () => Promise<object>
  readonly next: () => Promise<unknown>
  readonly said: RegExp
}

const STRANGER = '198.51.100.7'

/** By where in the schema the file is named; a pair of two files is in both places. */
export function liveFiles(world: LiveWorld): Readonly<Record<string, LiveFile>> {
  const at = (name: string) => join(world.scene.folder, name)
  const pair = (key: 'certificate' | 'certificates', host: string): LiveFile => {
    const made = () => certificateIn(world.scene.folder, host, 'one')
    return {
      given: async () => ({ [key]: key === 'certificate' ? await made() : [await made()] }),
      next: () => certificateIn(world.scene.folder, host, 'two'),
      look: () => shownCertificate(world.scene.submission, host),
      before: 'one',
      after: 'two',
      said: new RegExp(`^${key}(?: #1)?: renewed, CN=two, to \\d{4}-`, 'm'),
    }
  }
  const [certificate, certificates] = [
    pair('certificate', 'mail.isp.example'),
    pair('certificates', 'further.isp.example'),
  ]
  /** A server whose certificate is believed when the file has it. */
  const believed = (settings: (certificate: string) => Promise<object>, key: string) => ({
    given: async () => {
      const other = await certificateIn(world.scene.folder, '127.0.0.2')
      copyFileSync(other.chain, at(`${key}.pem`))
      return settings(at(`${key}.pem`))
    },
    next: async () => copyFileSync(at('127.0.0.1.chain'), at(`${key}.pem`)),
    said: new RegExp(`^${key}.*: ${at(`${key}.pem`)} read again$`, 'm'),
  })
  const hop = async (file: string) => ({
    host: '127.0.0.1',
    port: await smtpOverTls(await own(world)),
    tls: 'verified',
    certificate: file,
  })
  let heard: () => boolean = () => false
  const place = (kind: 'country' | 'asn', match: object, value: string): LiveFile => ({
    given: async () => {
      await mmdb(at(`${kind}.mmdb`), kind, '203.0.113.0/24', value)
      return {
        geo: { [kind]: at(`${kind}.mmdb`) },
        access: { entries: [{ match, action: 'reject' }] },
      }
    },
    next: () => mmdb(at(`${kind}.mmdb`), kind, '198.51.100.0/24', value),
    look: () => rcpts(world.scene.inbound, ['sink@isp.example'], STRANGER),
    before: ['250'],
    after: ['550'],
    said: new RegExp(`^geo\\.${kind}: ${at(`${kind}.mmdb`)} read again$`, 'm'),
  })
  return {
    'certificate.key': certificate,
    'certificate.chain': certificate,
    'certificates #.key': certificates,
    'certificates #.chain': certificates,
    'routes #.certificate': {
      ...believed(async file => ({ routes: { '*': await hop(file) } }), 'routes'),
      look: () => handedOver(world, 'friend@meadow.example'),
      before: 'delivery-failed',
      after: 'delivery-done',
    },
    'mailboxStore.certificate': {
      ...believed(async file => ({ mailboxStore: await hop(file) }), 'mailboxStore'),
      look: () => handedOver(world, 'sink@isp.example'),
      before: 'delivery-failed',
      after: 'delivery-done',
    },
    'passwords.file': {
      given: async () => {
        writeFileSync(at('passwords'), '')
        return { ...dora, passwords: { file: at('passwords') } }
      },
      next: async () => writeFileSync(at('passwords'), `dora@isp.example:${await hash('dora')}\n`),
      look: () => codeOfDora(world),
      before: '535',
      after: '235',
      said: /^passwords\.file: \S+ read again$/m,
    },
    'passwords.ldap.certificate': {
      ...believed(async certificate => {
        const directory = await tlsListener(await own(world))
        heard = directory.heard
        const url = `ldaps://127.0.0.1:${directory.port}`
        return { ...dora, passwords: { ldap: { url, certificate, dn: 'cn={user}' } } }
      }, 'passwords'),
      // It is asked only when it is the right one; what it would say does not matter.
      look: async () => [await codeOfDora(world), heard()],
      before: ['454', false],
      after: ['454', true],
    },
    'geo.country': place('country', { country: ['xy'] }, 'XY'),
    'geo.asn': place('asn', { asn: [64_500] }, '64500'),
  }
}

const dora = {
  subscribers: [{ id: '1', logins: [{ name: 'anna@isp.example' }, { name: 'dora@isp.example' }] }],
}

async function codeOfDora({ scene }: LiveWorld): Promise<string> {
  const session = await loggedIn(scene.submission, 'dora@isp.example')
  session.end()
  return session.code
}

/** The certificate that peers of this machine show. */
async function own({ scene }: LiveWorld) {
  const { key, chain } = await certificateIn(scene.folder, '127.0.0.1')
  return { key: readFileSync(key), cert: readFileSync(chain) }
}

type Pem = { readonly key: Buffer; readonly cert: Buffer }

async function smtpOverTls(pem: Pem): Promise<number> {
  const server = new SMTPServer({ ...pem, disabledCommands: ['AUTH'] })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  server.server.unref()
  return (server.server.address() as AddressInfo).port
}

/** Hears what is said within TLS, and answers nothing. */
async function tlsListener(pem: Pem) {
  let heard = false
  const server = createTlsServer(pem, socket =>
    socket
      .on('data', () => {
        heard = true
        socket.destroy()
      })
      .on('error', () => undefined),
  ).on('tlsClientError', () => undefined)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  server.unref()
  return { port: (server.address() as AddressInfo).port, heard: () => heard }
}

/** What came of the first try to hand a message over. */
async function handedOver({ scene, me }: LiveWorld, to: string): Promise<string> {
  const before = scene.events.length
  await submits(scene.submission, me, [to])
  return eventually(
    () => scene.events.slice(before).find(({ kind }) => kind.startsWith('delivery-'))?.kind,
  )
}

async function mmdb(file: string, kind: string, prefix: string, value: string): Promise<void> {
  const writer = join(import.meta.dirname, 'mmdb.pl')
  const made = await run('perl', [writer, file, kind, prefix, value])
  if (made.code !== 0) throw new Error(made.output)
}
