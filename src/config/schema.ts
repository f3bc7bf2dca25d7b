// The one description of the configuration: what may stand where, what it means, what is written when nothing is.
// The example file and docs/configuration.md are generated from this.

import { EPISODE_MODES, ISOLATIONS_BY_MAIL } from '../model/episode.ts'
import { z } from 'zod'
import { FLAGS, LANGUAGES, languageOf, PLANS } from '../model/subscriber.ts'
import {
  customerNumber,
  folderOfSockets,
  line,
  nameServer,
  path,
  realm,
  secret,
  serverPort,
  socketPath,
  timeout,
  text,
  hostOrAddress,
  domain,
  mailAddress,
  passwordHash,
  leasePrefix,
  port,
  duration,
  count,
  httpsAddress,
  isSealed,
  ldapAddress,
} from './fields.ts'
import { clientSetupSchema } from './client-setup-schema.ts'
import { doorsSchema } from './doors-schema.ts'
import { feedbackSchema } from './feedback-schema.ts'
import { httpSchema } from './http-schema.ts'
import { alarmsSchema } from '../drivers/alarms/config-schema.ts'
import { deliverySchema } from '../drivers/delivery/config-schema.ts'
import { networkSchema } from './network-schema.ts'
import { policySchema } from './policy-schema.ts'

const hop = z.strictObject({
  host: hostOrAddress.describe('Host name or address'),
  port: serverPort.default(25).describe('TCP port of the server'),
  protocol: z.enum(['smtp', 'lmtp']).default('smtp').describe('lmtp: a mailbox store (RFC 2033)'),
  socket: socketPath.optional().describe('Local socket, instead of host and port'),
  tls: z
    .enum(['opportunistic', 'required', 'verified'])
    .optional()
    .describe(
      'opportunistic: TLS if the server offers it · required: always TLS · verified: always TLS, with a valid certificate. Default: verified where user is set, else opportunistic',
    ),
  certificate: path
    .optional()
    .describe(
      'PEM file of the certificate authorities that are trusted instead of those of the system',
    ),
  user: line().optional().describe('Login (SMTP AUTH) at that server; no AUTH without it'),
  password: secret.optional().describe('Password of `user`'),
})

/** `en, de or fr`. */
const ANY_LANGUAGE = LANGUAGES.join(', ').replace(/, (\w+)$/, ' or $1')

const login = z.strictObject({
  name: mailAddress.describe('The login, a mail address of yours'),
  addresses: z.array(mailAddress).default([]).describe('Further addresses this login may send as'),
  passwordHash: passwordHash.optional().describe('From `cordon hash-password`'),
})

const subscriber = z.strictObject({
  id: customerNumber.describe('Customer number'),
  plan: z
    .enum(PLANS)
    .default('consumer')
    .describe(
      'consumer, expert (own mail server, port 25 open), business, or site (many people behind one line)',
    ),
  flags: z
    .array(z.enum(FLAGS))
    .default([])
    .describe('lifeline: telephony or telecare runs on the line'),
  language: text(
    `Write ${ANY_LANGUAGE}: there are no letters in other languages`,
    value => languageOf(value) !== undefined,
  )
    .default('en')
    .describe(`Language of letters and pages: ${ANY_LANGUAGE}`),
  contacts: z
    .array(mailAddress)
    .default([])
    .describe('Addresses that notices are sent to; the first login when empty'),
  logins: z.array(login).default([]).describe('Mail accounts'),
  portalPasswordHash: passwordHash.optional().describe('From `cordon hash-password`'),
})

const lease = z.strictObject({
  realm: realm.describe('Address space'),
  prefix: leasePrefix.describe('Address or prefix'),
  ports: z
    .tuple([port, port])
    .optional()
    .describe('First and last port of the line, when several lines share the address'),
  subscriber: customerNumber.describe('Customer number'),
})

const pemFiles = z.strictObject({
  key: path.describe('PEM file of the private key'),
  chain: path.describe('PEM file of the certificate and its chain'),
})

export const configSchema = z.strictObject({
  hostname: domain
    .default('localhost')
    .describe(
      'Name of this server in its SMTP greeting; the reverse DNS of its address should be the same',
    ),
  provider: line()
    .default('Your provider')
    .describe('Name of the provider, in the signature of notices'),
  portal: line()
    .default('the customer portal')
    .describe('Name of the portal in notices; not a link'),
  language: text(
    `Write ${ANY_LANGUAGE}: there are no pages in other languages`,
    value => languageOf(value) !== undefined,
  )
    .default('en')
    .describe(`Language of pages and letters for those of whom none is known: ${ANY_LANGUAGE}`),
  passwordsAt: line()
    .optional()
    .describe(
      'Place where owners change their mail password, such as `the settings of the webmail`, if a mail server beside this one knows the passwords: replies and letters then name it, and say that the service desk releases a stopped login and sends held mail. Not a link',
    ),
  dataFolder: folderOfSockets
    .default('./cordon-data')
    .describe('Folder of ledger, queue, journal, counters and keys'),
  domains: z.array(domain).default([]).describe('Domains whose mailboxes are on this server'),
  certificate: pemFiles
    .optional()
    .describe('TLS certificate of the listeners; without it a self-signed certificate is made'),
  certificates: z
    .array(pemFiles)
    .default([])
    .describe('Further certificates, for clients that ask for another name of this server (SNI)'),
  ...doorsSchema,
  http: httpSchema,
  clientSetup: clientSetupSchema,
  routes: z
    .record(line(255), hop)
    .default({})
    .describe(
      'Recipient domain, or * for all others, and the server that its mail is relayed to (smart host); domains without a route are delivered by MX',
    ),
  mailboxStore: hop
    .optional()
    .describe(
      'Server of the mailboxes, usually Dovecot over LMTP; without it mailboxes are Maildirs in the data folder',
    ),
  quotaStatus: z
    .strictObject({
      host: hostOrAddress.default('127.0.0.1').describe('Host name or address'),
      port: serverPort.default(12340).describe('Port (12340 in Dovecot’s documentation)'),
      socket: socketPath.optional().describe('Local socket, instead of host and port'),
      timeout: timeout('2s').describe(
        'Time to wait for the answer; then mail is accepted without it',
      ),
    })
    .optional()
    .describe(
      'Service that says whether a mailbox is full: Dovecot’s quota-status, or another policy service (Postfix’s protocol). It is asked at RCPT of mail from outside, after all other rules; without this setting the rule mailbox-full does nothing',
    ),
  delivery: deliverySchema,
  resolvers: z.array(nameServer).default([]).describe('DNS servers; the system’s own when empty'),
  forwards: z
    .record(mailAddress, z.array(mailAddress).min(1, { error: 'Write at least one address' }))
    .default({})
    .describe(
      'Address, and the addresses that its mail is forwarded to; an address that names itself keeps a copy',
    ),
  mailboxes: z
    .array(mailAddress)
    .default([])
    .describe(
      'Mailboxes that belong to no login. postmaster@, abuse@, abuse-reports@ (for programs that report) and abuse-desk@ (the sender of Cordon’s own letters) of every domain exist without being listed, unless they are forwarded or belong to a login',
    ),
  recipientDelimiter: text('Write one of + - = _ #, or nothing', value => /^[-+=_#]?$/.test(value))
    .default('+')
    .describe(
      'Separator of the detail in a local part (RFC 5233): anna+shop@ is anna@, as recipient and as sender, and both are counted as one; empty: no separator',
    ),
  subscribers: z.array(subscriber).default([]).describe('Customers'),
  passwords: z
    .strictObject({
      file: path
        .optional()
        .describe(
          'File of `login:hash` lines, as `cordon hash-password` or Dovecot’s passwd-file (ARGON2ID, SCRAM-SHA-256) writes them; read again when it changes',
        ),
      scram: z
        .boolean()
        .default(false)
        .describe(
          'Offer SCRAM-SHA-256 and store new passwords as SCRAM verifiers. Turn it on only when all logins have a verifier (`cordon hash-password --scram`): many mail programs use no other mechanism once it is offered',
        ),
      ldap: z
        .strictObject({
          url: ldapAddress.describe('The directory server'),
          startTls: z
            .boolean()
            .default(true)
            .describe('STARTTLS with ldap://; a server without it is not used'),
          certificate: path
            .optional()
            .describe(
              'PEM file of the certificate authorities that are trusted instead of those of the system',
            ),
          dn: line(1000)
            .optional()
            .describe(
              'DN of the entry, with {login} (the address) or {user} (its local part) in it',
            ),
          search: z
            .strictObject({
              base: line(1000).describe('Base DN of the search'),
              filter: line(1000)
                .default('(mail={login})')
                .describe('Filter of the search, with {login} or {user} in it'),
              bindDn: line(1000)
                .optional()
                .describe('DN to bind with for the search; anonymous without it'),
              password: secret.optional().describe('Password of `bindDn`'),
            })
            .optional()
            .describe('Search for the entry, where its DN does not contain the login'),
          timeout: timeout('2s').describe(
            'Time to wait for the answer; then the client gets a temporary failure (454)',
          ),
        })
        .refine(given => (given.dn === undefined) !== (given.search === undefined), {
          error: 'Write either dn or search',
        })
        .refine(isSealed, {
          error: 'A password must not travel in clear: leave startTls on, or write ldaps://',
        })
        .optional()
        .describe('LDAP directory of passwords: Cordon binds with the login’s DN and password'),
      hook: z
        .strictObject({
          url: httpsAddress.describe(
            'Gets {"login", "password"}; answers 200, 401, or 404 for an unknown login',
          ),
          timeout: timeout('2s').describe(
            'Time to wait for the answer; then the client gets a temporary failure (454)',
          ),
        })
        .optional()
        .describe('HTTP service that checks passwords'),
    })
    .prefault({})
    .describe('Further sources of mail passwords, for logins without a password hash here'),
  leases: z
    .array(lease)
    .default([])
    .describe('Leases that do not change: which customer has which prefix'),
  ...networkSchema,
  releaser: z
    .strictObject({
      socket: socketPath
        .default('/run/cordon-releaser.sock')
        .describe('Unix socket of the releaser (etc/cordon-releaser.socket)'),
    })
    .optional()
    .describe(
      'Releaser on the mail server that asks by policy service or milter: releases and deletes what it holds. Without one, mail over a limit or beyond the window of its sender is not held there',
    ),
  scanner: z
    .enum(['heuristic', 'none'])
    .default('heuristic')
    .describe('Built-in content scanner; none: no content is scanned by Cordon itself'),
  ...policySchema,
  ...alarmsSchema,
  budgets: z
    .strictObject({
      wrongIsolations: z
        .number()
        .positive()
        .max(1)
        .default(0.0001)
        .describe(
          'Accepted rate of clean subscribers isolated by mistake, per subscriber and year',
        ),
      holds: z
        .number()
        .positive()
        .max(365)
        .default(0.04)
        .describe(
          'Accepted rate of clean messages held for a second look, per subscriber and year',
        ),
      probation: z
        .number()
        .min(0)
        .max(20)
        .default(3)
        .describe('Nats by which the thresholds are lower in the two weeks after a release'),
    })
    .prefault({})
    .describe('Accepted error rates; the thresholds of evidence are computed from them'),
  evidence: z
    .strictObject({
      mode: z
        .enum(['enforce', 'observe'])
        .default('enforce')
        .describe(
          'enforce: what evidence decides is done · observe: it is written down (cordon events, the digest), and no mail is held, no login is stopped, no line is isolated, no customer gets a letter; evidence by episodes is in shadow then, unless it is off. What staff order is done in both',
        ),
      episodes: z
        .enum(['auto', ...EPISODE_MODES])
        .default('auto')
        .describe(
          'Evidence by episodes: auto, which is decide, but shadow where a policy service or milter has no releaser, or the policy service counts at RCPT: there nothing could wait; off; shadow, in which Cordon writes down what it would decide and restricts nothing by it (cordon evidence shows it); pace: the window is in force, so that unproven mail beyond it waits its turn (cordon queue shows it), and the rest is as in shadow; or decide: what is decided is in force, too, and mail adds nothing to the sums of the table any more, only what the network sees and traps do. Mail that another server keeps waits in its queue, where a releaser is configured. Mail that waits when it is set to off is sent',
        ),
      isolateByMail: z
        .enum(ISOLATIONS_BY_MAIL)
        .default('observe')
        .describe(
          'With episodes set to decide: whether a line is isolated for its mail alone (act), or that is only told and its mail waits in the window (observe): the tables are estimates. What the network sees and traps isolate in both; with the other values of episodes the sums of the table isolate by mail, whatever this says',
        ),
    })
    .prefault({})
    .describe('Evidence against lines and logins'),
  ...feedbackSchema,
  maxMessageSize: count(50_000_000, 2_000_000_000).describe(
    'Bytes of one message; a larger one is refused (552 5.3.4)',
  ),
  maxRecipients: count(200, 100_000).describe(
    'Recipients of one message; further ones get 452 4.5.3',
  ),
  connections: z
    .strictObject({
      total: count(10_000, 1_000_000).describe(
        'Concurrent connections. Other servers (inbound and redirected listeners) use at most 80 % of them, and all clients that are not on a line of yours 90 %: the rest is kept for customers',
      ),
      perAddress: count(50, 1_000_000).describe(
        'Concurrent connections from one address, or from one IPv6 /64',
      ),
      perNetwork: count(500, 1_000_000).describe(
        'Concurrent connections from one IPv4 /24 or IPv6 /48 outside your lines; perAddress, if that is more',
      ),
      perLine: count(200, 1_000_000).describe(
        'Concurrent connections from all addresses of one line; lines of the plan site have no such limit',
      ),
      perMinute: count(3000, 100_000_000).describe(
        'New connections in a minute from one address, one IPv6 /64, or one line',
      ),
    })
    .prefault({})
    .describe('Limits of SMTP connections; a client beyond a limit gets 421 4.7.0'),
  doorThreads: z
    .int({ error: 'Write a whole number, 64 at most, 0 for none' })
    .min(0)
    .max(64)
    .default(0)
    .describe(
      'Threads for the SMTP listeners, and as many for the port of the milter; 0: both are served by the engine’s thread. TLS and many connections gain from one thread for each free core',
    ),
  log: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe(
      'Events on standard output, as JSON lines, or as text on a terminal. debug: all, evidence too · info: all but evidence · warn and error: only failures · silent: none',
    ),
  holdDelivery: z
    .boolean()
    .default(false)
    .describe(
      'Accept mail, deliver none of it and keep all of it in the queue, such as while a server is moved',
    ),
  giveUpAfter: duration('5d', '1m', '30d').describe(
    'Time after which an undeliverable message is returned to its sender (Postfix: maximal_queue_lifetime)',
  ),
  drainFor: duration('10s', '0s', '1h').describe(
    'Time that a shutdown waits for messages that are being received; then their connections are closed without a reply, and their senders try again. systemd is asked for the time, so that TimeoutStopSec of the unit need not be longer',
  ),
})

export type Config = Readonly<z.infer<typeof configSchema>>
