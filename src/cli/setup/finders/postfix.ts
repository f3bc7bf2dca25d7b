// The Postfix of this machine, as `postconf` tells it: its name, its domains, its clients, where it listens, and its certificate.

import { isDomain } from '../../../model/mail-address.ts'
import { parsePrefix } from '../../../model/ip.ts'
import { type Service, servicesIn, settingsIn } from '../../postfix-settings.ts'
import { absent, type CertificateFiles, type Facts, type Finder, unread } from '../finding.ts'

const ASKED = [
  'myhostname',
  'mydestination',
  'virtual_mailbox_domains',
  'virtual_alias_domains',
  'mynetworks',
  'smtpd_tls_cert_file',
  'smtpd_tls_key_file',
  'smtpd_tls_chain_files',
]

export const postfix: Finder = {
  what: 'Postfix',
  find: async (machine, { configDirectory }) => {
    const where = configDirectory === undefined ? [] : ['-c', configDirectory]
    const [set, listens] = await Promise.all([
      machine.run('postconf', [...where, '-x', ...ASKED]),
      machine.run('postconf', [...where, '-M']),
    ])
    if ('missing' in set) return absent('there is no postconf')
    if ('why' in set) return unread(`postconf says: ${set.why}`)
    const services = 'text' in listens ? servicesIn(listens.text) : []
    const facts = factsIn(settingsIn(set.text), services)
    return { state: 'found', said: saidOf(facts), facts }
  },
}

function factsIn(settings: ReadonlyMap<string, string>, services: readonly Service[]): Facts {
  const words = (name: string) => (settings.get(name) ?? '').split(/[\s,]+/).filter(Boolean)
  const named = ASKED.slice(1, 4).flatMap(words)
  const domains = [...new Set(named.filter(isOurs))]
  const [hostname = ''] = words('myhostname')
  const inet = services.filter(({ type, program }) => type === 'inet' && program === 'smtpd')
  // A table, a file of names, or what postconf did not expand.
  const isWhole = domains.length > 0 && named.every(one => isDomain(one))
  return {
    postfix: {
      port: portIn(inet),
      submission: inet.some(({ name }) => SUBMISSION.test(name)),
      mynetworks: words('mynetworks').map(plain).filter(isNetwork),
    },
    ...(isOurs(hostname) ? { hostname } : {}),
    ...(isWhole ? { domains } : { someDomains: domains }),
    certificates: certificatesIn(words),
  }
}

const SUBMISSION = /(?:^|:)(?:submissions?|smtps|465|587)$/

/** `127.0.0.1:10025` and `smtp`; a name that is no number is port 25. */
function portIn(inet: readonly Service[]): number {
  const [first] = inet.filter(({ name }) => !SUBMISSION.test(name))
  const port = Number(first?.name.split(':').at(-1))
  return Number.isInteger(port) && port > 0 ? port : 25
}

const isOurs = (name: string): boolean =>
  isDomain(name) && name.includes('.') && !/^localhost\.|\.(?:localhost|localdomain)$/.test(name)

/** IPv6 stands in brackets. */
const plain = (network: string): string => network.replace(/^\[([^\]]*)\]/, '$1')

const LOOPBACK = /^(?:127\.|::1|::ffff:127)/
const isNetwork = (network: string): boolean =>
  !LOOPBACK.test(network) && parsePrefix(network) !== undefined

function certificatesIn(words: (name: string) => readonly string[]): readonly CertificateFiles[] {
  const [chain, key] = [words('smtpd_tls_cert_file')[0], words('smtpd_tls_key_file')[0]]
  const [ofChain, further] = words('smtpd_tls_chain_files')
  if (ofChain !== undefined) return [{ key: ofChain, chain: further ?? ofChain }]
  return chain === undefined || chain === 'none' ? [] : [{ key: key ?? chain, chain }]
}

function saidOf({ hostname, domains, someDomains = [], postfix: found }: Facts): string {
  const mine = domains ?? someDomains
  const also =
    domains === undefined ? ', and perhaps others in tables that setup does not read' : ''
  return [
    `${hostname ?? 'without a full host name'}, port ${found?.port}`,
    `domains: ${mine.join(', ') || 'none'}${also}`,
    found?.submission ? 'submission is on' : 'submission is off',
    `clients without a login: ${found?.mynetworks.join(', ') || 'only this machine'}`,
  ].join('; ')
}
