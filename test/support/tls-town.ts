// A small Internet in a network of its own, for delivery in TLS: each domain NAME with a mail server mail.NAME, its certificate, and what it says of it in a DNS
// that is signed (TLSA) and on the web (MTA-STS). Cordon and others in it find everything at its usual port. Only for root.

import { type ChildProcess, spawn } from 'node:child_process'
import { createHash, X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { auditCertificates } from './audit-certificates.ts'
import { ownNetwork } from './own-network.ts'
import { eventually } from './serve.ts'
import { signedDns } from './signed-dns.ts'
import type { TlsServers, WebReply } from './tls-servers.ts'

export type TownPki = Awaited<ReturnType<typeof auditCertificates>>

export type TownDomain = {
  readonly certificate?: 'trusted' | 'expired' | 'other' | 'own' | 'below'
  /** Without STARTTLS. */
  readonly clear?: true
  /** TLSA records of its mail server. */
  readonly tlsa?: (pki: TownPki) => readonly string[]
  /** What is served as its MTA-STS policy; there is a record then, too. */
  readonly sts?: string | WebReply
  /** Instead of MX and address. */
  readonly zone?: (address: string) => readonly string[]
}

export type TlsTown = {
  readonly folder: string
  /** PEM file of the authority that certificates are of. */
  readonly authority: string
  /** Program and arguments that run another program there. */
  readonly under: readonly string[]
  /** What was seen: `taken HOST FROM TO TLS`, `asked HOST PATH`. */
  readonly seen: readonly string[]
  send(port: number, from: string, to: readonly string[]): Promise<void>
  stop(): Promise<void>
}

const WEB = '127.0.27.250'

export async function tlsTown(domains: Readonly<Record<string, TownDomain>>): Promise<TlsTown> {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-tls-'))
  const network = await ownNetwork()
  const stops: (() => unknown)[] = [
    network.stop,
    () => rmSync(folder, { recursive: true, force: true }),
  ]
  const stop = async () => {
    for (const end of stops.splice(0).toReversed()) await end()
  }
  try {
    const names = Object.keys(domains)
    const pki = await auditCertificates(names.flatMap(name => [`mail.${name}`, `mta-sts.${name}`]))
    const authority = join(folder, 'authority.pem')
    writeFileSync(authority, pki.authority)
    const at = (i: number) => `127.0.27.${i + 1}`
    const records = Object.entries(domains).flatMap(([name, domain], i) =>
      recordsOf(name, { domain, pki, address: at(i) }),
    )
    const dns = await signedDns(records, network)
    stops.push(dns.stop)
    const servers: TlsServers = {
      mail: Object.values(domains).map(({ certificate = 'own', clear = false }, i) => ({
        host: at(i),
        clear,
        key: pki[certificate].key,
        cert: [pki[certificate].cert, ...(certificate === 'below' ? [pki.between] : [])].join('\n'),
      })),
      web: { host: WEB, ...pki.trusted, pages: pagesOf(domains) },
    }
    const file = join(folder, 'servers.json')
    writeFileSync(file, JSON.stringify(servers))
    const child = spawn(
      'env',
      ['--', ...network.under, process.execPath, join(import.meta.dirname, 'tls-servers.ts'), file],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    )
    stops.push(() => child.kill())
    const seen = linesOf(child)
    await eventually(() => (seen.includes('ready') ? true : undefined))
    return { folder, authority, under: network.under, seen, send: sender(child, seen), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

function linesOf(child: ChildProcess): readonly string[] {
  const lines: string[] = []
  if (child.stdout) createInterface({ input: child.stdout }).on('line', line => lines.push(line))
  return lines
}

const sender =
  (child: ChildProcess, seen: readonly string[]): TlsTown['send'] =>
  async (port, from, to) => {
    const before = seen.length
    child.stdin?.write(`send ${port} ${from} ${to.join(' ')}\n`)
    const said = await eventually(() => seen.slice(before).find(line => /^(?:un)?sent/.test(line)))
    if (said !== 'sent') throw new Error(said)
  }

type RecordsOf = {
  readonly domain: TownDomain
  readonly pki: TownPki
  readonly address: string
}

function recordsOf(
  name: string,
  { domain: { tlsa, sts, zone }, pki, address }: RecordsOf,
): readonly string[] {
  return [
    ...(zone?.(address) ?? [
      `${name}. 3600 IN MX 10 mail.${name}.`,
      `mail.${name}. 3600 IN A ${address}`,
    ]),
    ...(tlsa?.(pki) ?? []).map(data => `_25._tcp.mail.${name}. 3600 IN ${data}`),
    `_smtp._tls.${name}. 3600 IN TXT "v=TLSRPTv1; rua=mailto:tls%2Breports@${name}"`,
    ...(sts === undefined
      ? []
      : [`_mta-sts.${name}. 3600 IN TXT "v=STSv1; id=1"`, `mta-sts.${name}. 3600 IN A ${WEB}`]),
  ]
}

const pagesOf = (
  domains: Readonly<Record<string, TownDomain>>,
): Readonly<Record<string, WebReply>> =>
  Object.fromEntries(
    Object.entries(domains).flatMap(([name, { sts }]) =>
      sts === undefined
        ? []
        : [
            [
              `mta-sts.${name}`,
              typeof sts === 'string' ? { status: 200, type: 'text/plain', text: sts } : sts,
            ],
          ],
    ),
  )

/** `TLSA usage 1 1`, of the key of this certificate. */
export const ofKey = (usage: number, pem: string, bits = 256): string => {
  const key = new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'der' })
  return `TLSA ${usage} 1 ${bits === 256 ? 1 : 2} ${createHash(`sha${bits}`).update(key).digest('hex')}`
}
