// The configuration that `cordon setup` writes: it only observes, and says beside each such line what to write for it to act.

import type { CertificateFiles, Facts } from './finding.ts'
import type { SetupAnswers } from './questions.ts'

export type SetupPlaces = {
  readonly dataFolder: string
  readonly resolver?: string | undefined
  readonly certificate?: CertificateFiles | undefined
}

export function writtenConfig(answers: SetupAnswers, facts: Facts, places: SetupPlaces): string {
  return [
    head(answers, places),
    doors(answers, facts, places),
    OBSERVES,
    ...(answers.stands === 'server' ? [] : [RELEASER]),
    further(answers, facts),
  ].join('\n')
}

/** A list of YAML in one line; JSON is YAML. */
const list = (all: readonly string[]): string =>
  `[${all.map(one => JSON.stringify(one)).join(', ')}]`

function head(
  { hostname, domains, operator }: SetupAnswers,
  { dataFolder, resolver }: SetupPlaces,
): string {
  return `# Written by "cordon setup". It observes: nothing is refused, held or closed for being suspicious.
# What to change for it to act is said below, at "To act". docs/configuration.md has every setting.
hostname: ${JSON.stringify(hostname)}
domains: ${list(domains)}
dataFolder: ${JSON.stringify(dataFolder)}
${resolver === undefined ? '' : `resolvers: ${list([resolver])}\n`}
# Alarms and the digest of the morning.
alarms: { mail: ${list([operator])} }
`
}

function doors(answers: SetupAnswers, facts: Facts, { certificate }: SetupPlaces): string {
  const { stands, consumers } = answers
  if (stands === 'server') return serverDoors(certificate)
  const { port = 25, mynetworks = [] } = facts.postfix ?? {}
  const networks = [...new Set([...mynetworks, ...consumers])]
  const own = networks.length === 0 ? '' : `\n  mynetworks: ${list(networks)}`
  const server = port === 25 ? '{ host: 127.0.0.1 }' : `{ host: 127.0.0.1, port: ${port} }`
  const door =
    stands === 'beside'
      ? `# Postfix asks here about whole messages; "cordon doctor postfix" prints its lines.
milter:
  port: 10032${own}`
      : `# Postfix tells here who writes to whom; "cordon doctor postfix" prints its lines.
policyService:
  port: 10031
  countAt: end-of-message${own}`
  return `${door}

# Letters and alarms are handed to the Postfix.
mailboxStore: ${server}
routes: { "*": ${server} }
`
}

const serverDoors = (certificate: CertificateFiles | undefined): string => `${
  certificate === undefined
    ? '# Without a certificate Cordon makes a self-signed one, which clients do not trust.\n# certificate: { key: /etc/letsencrypt/live/NAME/privkey.pem, chain: /etc/letsencrypt/live/NAME/fullchain.pem }'
    : `certificate: { key: ${JSON.stringify(certificate.key)}, chain: ${JSON.stringify(certificate.chain)} }`
}

listeners:
  - { kind: submission, address: 0.0.0.0, port: 587 }
  - { kind: submission, address: 0.0.0.0, port: 465, tls: implicit }
  - { kind: inbound, address: 0.0.0.0, port: 25 }

# Customers and their passwords: "cordon config example" shows them; docs/passwords.md has other sources.
subscribers: []
`

/** What makes a mail server a mail server (relay, login-required, recipient-exists, mail-loop) stays as it ships. */
const OBSERVES = `# To act: take out each of these lines when "cordon events" and the digest have shown for a week what it would have done.
rules:
  containment: observe
  sender-belongs: observe
  helo-ours: observe
  access: observe
  hashcash: observe
  quotas: observe
  limits: observe
# To act: take out this line, too. Until then Cordon writes down what evidence would decide: no mail is held, no login is stopped, no line is
# isolated, and no customer gets a letter.
evidence: { mode: observe }
`

const RELEASER = `# To act: Postfix keeps what Cordon holds, and the releaser lets it go. Set it up (docs/integrate-postfix.md#the-releaser), then:
# releaser: { socket: /run/cordon-releaser.sock }
`

function further({ consumers }: SetupAnswers, { kea = [], nft }: Facts): string {
  const router =
    nft === undefined || consumers.length === 0
      ? []
      : [
          `# To act in the network, where this machine is the router of these lines (docs/network.md):
# nftables: [{ consumers: ${list(consumers)} }]`,
        ]
  const leases =
    kea.length === 0
      ? []
      : [
          `# Who had which address; the file of customers says who each client is (docs/network.md):
# kea: { files: ${list(kea)}, customers: /etc/cordon/kea-customers.csv }`,
        ]
  return [...router, ...leases, ''].join('\n')
}
