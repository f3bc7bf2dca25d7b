// The example configuration: generated, so that it can never name a setting that does not exist. It is checked by
// the same schema when it is printed.

import { parseConfig } from './load.ts'

const EXAMPLE = `# Cordon: an example. Every setting is described in docs/configuration.md.
hostname: mail.isp.example
provider: Example Net
portal: the customer portal (portal.isp.example)
dataFolder: /var/lib/cordon
domains: [isp.example]

# Without a certificate Cordon makes a self-signed one, which clients do not trust.
# certificate:
#   key: /etc/ssl/private/mail.isp.example.key
#   chain: /etc/ssl/certs/mail.isp.example.pem

listeners:
  - { kind: submission, address: 0.0.0.0, port: 587 }
  - { kind: submission, address: 0.0.0.0, port: 465, tls: implicit }
  - { kind: inbound, address: 0.0.0.0, port: 25 }

# Outgoing mail goes by MX unless a route says otherwise ("*" is the smart host).
# routes:
#   "*": { host: smarthost.example.net, port: 587, user: isp, password: secret }

subscribers:
  - id: "10017"
    plan: consumer
    language: en
    contacts: [anna@isp.example]
    # printf %s 'the password' | cordon hash-password
    portalPasswordHash: argon2id$19456$2$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
    logins:
      - name: anna@isp.example
        addresses: [anna.ek@isp.example]
        passwordHash: argon2id$19456$2$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=

leases:
  - { prefix: 203.0.113.7, subscriber: "10017" }
  - { prefix: "2001:db8:17::/56", subscriber: "10017" }

# Accepted error rates; the thresholds of evidence are computed from them.
budgets:
  wrongIsolations: 0.0001
  holds: 0.04
`

/** The example as YAML; throws when it no longer fits the schema, which a test would notice. */
export function exampleConfig(): string {
  parseConfig(EXAMPLE)
  return EXAMPLE
}
