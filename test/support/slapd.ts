// OpenLDAP's slapd with two people in it, on a free loopback port, with STARTTLS.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.ts'
import { eventually, run } from './serve.ts'

export type Slapd = {
  readonly port: number
  /** PEM file of its certificate. */
  readonly certificate: string
  stop(): Promise<void>
}

/** Anna's password is "a password", Bert (O'Hara, with a comma in his name) has "another one"; the searcher's is "search". */
export async function slapd(): Promise<Slapd> {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-slapd-'))
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'chain.pem')]
  const request =
    'req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1'
  const made = await run('openssl', [...request.split(' '), '-keyout', key, '-out', certificate])
  if (made.code !== 0) throw new Error(made.output)
  mkdirSync(join(folder, 'db'))
  const config = join(folder, 'slapd.conf')
  writeFileSync(
    config,
    `include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
TLSCertificateFile ${certificate}
TLSCertificateKeyFile ${key}
pidfile ${join(folder, 'pid')}
disallow bind_anon
database mdb
suffix "dc=isp,dc=example"
directory ${join(folder, 'db')}
access to attrs=userPassword by anonymous auth
access to * by dn.exact="cn=search,dc=isp,dc=example" read by * none
`,
  )
  const person = (name: string, mail: string, password: string) => `
dn: cn=${name},ou=people,dc=isp,dc=example
objectClass: inetOrgPerson
cn: ${name.replaceAll('\\', '')}
sn: x
mail: ${mail}
userPassword: ${password}
`
  const ldif = join(folder, 'people.ldif')
  writeFileSync(
    ldif,
    `dn: dc=isp,dc=example
objectClass: dcObject
objectClass: organization
dc: isp
o: isp

dn: ou=people,dc=isp,dc=example
objectClass: organizationalUnit
ou: people

dn: cn=search,dc=isp,dc=example
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: search
userPassword: search
${person('anna', 'anna@isp.example', 'a password')}${person('bert\\, o’hara', 'bert@isp.example', 'another one')}`,
  )
  const loaded = await run('/usr/sbin/slapadd', ['-f', config, '-l', ldif])
  if (loaded.code !== 0) throw new Error(loaded.output)
  const port = await freePort()
  const server = spawn('/usr/sbin/slapd', ['-f', config, '-h', `ldap://127.0.0.1:${port}`, '-d0'], {
    stdio: 'ignore',
  })
  await eventually(() => listens(port))
  return {
    port,
    certificate,
    stop: async () => {
      if (server.exitCode !== null || server.signalCode !== null) return
      const ended = once(server, 'exit')
      server.kill()
      await ended
      rmSync(folder, { recursive: true })
    },
  }
}

function listens(port: number): Promise<true | undefined> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1')
    socket.on('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(undefined))
  })
}
