// The one description of the configuration: what may stand where, what it means, what is written when nothing is.
// The example file and docs/configuration.md are generated from this.

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
  address,
  hostOrAddress,
  domain,
  mailAddress,
  passwordHash,
  prefix,
  port,
  duration,
  count,
  httpsAddress,
  isSealed,
  ldapAddress,
} from './fields.ts'
import { doorsSchema } from './doors-schema.ts'
import { networkSchema } from './network-schema.ts'
import { policySchema } from './policy-schema.ts'

const hop = z.strictObject({
  host: hostOrAddress.describe('Host name or address'),
  port: serverPort.default(25).describe('Port'),
  protocol: z.enum(['smtp', 'lmtp']).default('smtp').describe('lmtp: a mailbox store (RFC 2033)'),
  socket: socketPath.optional().describe('Local socket, instead of host and port'),
  tls: z
    .enum(['opportunistic', 'required', 'verified'])
    .optional()
    .describe(
      'With TLS if the server can · always · always, and the certificate must be right; without this, verified where there is a user, else opportunistic',
    ),
  certificate: path
    .optional()
    .describe('PEM file of certificates that are believed instead of the usual authorities'),
  user: line().optional().describe('Login at that server, if it wants one'),
  password: secret.optional().describe('Its password'),
})

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
    `Write ${LANGUAGES.join(' or ')}: there are no letters in other languages`,
    value => languageOf(value) !== undefined,
  )
    .default('en')
    .describe('Language of notices: en or de'),
  contacts: z
    .array(mailAddress)
    .default([])
    .describe('Where notices go; the first login when empty'),
  logins: z.array(login).default([]).describe('Mail accounts'),
  portalPasswordHash: passwordHash.optional().describe('From `cordon hash-password`'),
})

const lease = z.strictObject({
  realm: realm.describe('Address space'),
  prefix: prefix.describe('Address or prefix'),
  ports: z
    .tuple([port, port])
    .optional()
    .describe('First and last port, when several homes share the address'),
  subscriber: customerNumber.describe('Customer number'),
})

const pemFiles = z.strictObject({
  key: path.describe('PEM file of the private key'),
  chain: path.describe('PEM file of the certificate and its chain'),
})

export const configSchema = z.strictObject({
  hostname: domain
    .default('localhost')
    .describe('The name this server greets with; its reverse DNS should say the same'),
  provider: line().default('Your provider').describe('Who signs the notices'),
  portal: line()
    .default('the customer portal')
    .describe('The name under which owners know the portal; not a link'),
  dataFolder: folderOfSockets.default('./cordon-data').describe('Where everything is kept'),
  domains: z.array(domain).default([]).describe('Domains whose mailboxes are here'),
  certificate: pemFiles.optional().describe('Without it a self-signed certificate is made'),
  certificates: z
    .array(pemFiles)
    .default([])
    .describe('Further certificates, for clients that ask for another name of this server (SNI)'),
  ...doorsSchema,
  http: z
    .strictObject({
      console: z
        .strictObject({
          address: address.default('127.0.0.1').describe('Address'),
          port: port.default(8080).describe('Port'),
        })
        .prefault({})
        .describe('The live view, for staff'),
      refusalPages: text('Write https://HOST/', value => /^https?:\/\/[^\s/]+\/$/i.test(value))
        .optional()
        .describe(
          'Public address of the portal, such as https://portal.example.org/: refusals then name their page there; without it they have only an id',
        ),
      portal: z
        .strictObject({
          address: address.default('127.0.0.1').describe('Address'),
          port: port.default(8081).describe('Port'),
          proxies: z
            .array(address)
            .default(['127.0.0.1', '::1'])
            .describe(
              'Proxies in front (TLS), whose X-Forwarded-For is believed: some things must be done from the customer’s own line',
            ),
        })
        .prefault({})
        .describe('The pages for owners'),
    })
    .prefault({})
    .describe(
      'Web pages. The console has no password of its own: leave it on loopback, or put a proxy in front that asks for one',
    ),
  routes: z
    .record(line(255), hop)
    .default({})
    .describe(
      'Domain, or * for all others, to the server its mail is handed to (the smart host); without one, by MX',
    ),
  mailboxStore: hop
    .optional()
    .describe(
      'The server that keeps the mailboxes, usually Dovecot over lmtp; without it they are Maildirs in the data folder',
    ),
  quotaStatus: z
    .strictObject({
      host: hostOrAddress.default('127.0.0.1').describe('Host name or address'),
      port: serverPort.default(12340).describe('Port (12340 in Dovecot’s documentation)'),
      socket: socketPath.optional().describe('Local socket, instead of host and port'),
      timeout: timeout('2s').describe('Then the mail is taken without its answer'),
    })
    .optional()
    .describe(
      'Who knows whether a mailbox is full: Dovecot’s quota-status, or another policy service (Postfix’s protocol). Asked before mail from outside is taken, after everything else',
    ),
  delivery: z
    .strictObject({
      atOnce: count(100, 10_000).describe('Connections to other servers, all together'),
      perDestination: count(20, 10_000).describe(
        'Connections to one destination; it begins with two',
      ),
    })
    .prefault({})
    .describe('How much is on its way at once'),
  resolvers: z.array(nameServer).default([]).describe('DNS servers; the system’s own when empty'),
  forwards: z
    .record(mailAddress, z.array(mailAddress).min(1, { error: 'Write at least one address' }))
    .default({})
    .describe(
      'Address to the addresses its mail is sent on to; one that names itself keeps a copy',
    ),
  mailboxes: z
    .array(mailAddress)
    .default([])
    .describe(
      'Mailboxes that belong to no login; postmaster@, abuse@ and abuse-desk@ (from which our own letters come) of every domain are there without being named, unless they are forwarded or somebody’s',
    ),
  recipientDelimiter: text('Write one of + - = _ #, or nothing', value => /^[-+=_#]?$/.test(value))
    .default('+')
    .describe(
      'What is behind it in a local part is its owner’s to choose (RFC 5233): anna+shop@ is anna@, as recipient and as sender, and is counted as one; empty where a plus is a letter like others',
    ),
  subscribers: z.array(subscriber).default([]).describe('Customers'),
  passwords: z
    .strictObject({
      file: path
        .optional()
        .describe(
          'File of `login:hash` lines, from `cordon hash-password` or Dovecot’s passwd-file with ARGON2ID or SCRAM-SHA-256; read again when it changes',
        ),
      scram: z
        .boolean()
        .default(false)
        .describe(
          'Offer SCRAM-SHA-256, and keep new passwords as its verifiers; only when all logins have one (`cordon hash-password --scram`), because many mail programs try nothing else once it is offered',
        ),
      ldap: z
        .strictObject({
          url: ldapAddress.describe('The directory server'),
          startTls: z.boolean().default(true).describe('With ldap://: STARTTLS, always'),
          certificate: path
            .optional()
            .describe(
              'PEM file of certificates that are believed instead of the usual authorities',
            ),
          dn: line(1000)
            .optional()
            .describe(
              'Name of the entry, with {login} (the address) or {user} (its local part) in it',
            ),
          search: z
            .strictObject({
              base: line(1000).describe('Where to search'),
              filter: line(1000).default('(mail={login})').describe('For what, likewise'),
              bindDn: line(1000)
                .optional()
                .describe('Who searches; nobody in particular without it'),
              password: secret.optional().describe('Its password'),
            })
            .optional()
            .describe('Finds the entry, where its name is not made of the login'),
          timeout: timeout('2s').describe('Then the client is told to come back'),
        })
        .refine(given => (given.dn === undefined) !== (given.search === undefined), {
          error: 'Write either dn or search',
        })
        .refine(isSealed, {
          error: 'A password must not travel in clear: leave startTls on, or write ldaps://',
        })
        .optional()
        .describe('A directory that knows passwords: Cordon binds as the person'),
      hook: z
        .strictObject({
          url: httpsAddress.describe(
            'Gets {"login", "password"}; answers 200, 401, or 404 for an unknown login',
          ),
          timeout: timeout('2s').describe('Then the client is told to come back'),
        })
        .optional()
        .describe('A service that knows passwords'),
    })
    .prefault({})
    .describe('Where else mail passwords are known, for logins that have none here'),
  leases: z.array(lease).default([]).describe('Who has which address'),
  ...networkSchema,
  scanner: z.enum(['heuristic', 'none']).default('heuristic').describe('Who judges content'),
  ...policySchema,
  budgets: z
    .strictObject({
      wrongIsolations: z
        .number()
        .positive()
        .max(1)
        .default(0.0001)
        .describe('Clean subscribers isolated by mistake, per subscriber and year'),
      holds: z
        .number()
        .positive()
        .max(365)
        .default(0.04)
        .describe('Clean messages held for a second look, per subscriber and year'),
      probation: z
        .number()
        .min(0)
        .max(20)
        .default(3)
        .describe('By how many nats the thresholds are lower after a release'),
    })
    .prefault({})
    .describe('How wrong Cordon may be; the thresholds follow from this'),
  maxMessageSize: count(50_000_000, 2_000_000_000).describe('Bytes'),
  maxRecipients: count(200, 100_000).describe('Recipients of one message'),
  connections: z
    .strictObject({
      total: count(10_000, 1_000_000).describe(
        'At once. Other servers (listeners that are inbound or redirected) take at most 80 % of them, and whoever is not on a line of yours 90 %: the rest is kept for customers',
      ),
      perAddress: count(50, 1_000_000).describe('At once from one address, or from one IPv6 /64'),
      perNetwork: count(500, 1_000_000).describe(
        'At once from one IPv4 /24 or IPv6 /48 where no line of yours is; at least perAddress',
      ),
      perLine: count(200, 1_000_000).describe(
        'At once from all addresses of one line; a site has none',
      ),
      perMinute: count(3000, 100_000_000).describe(
        'In a minute from one address, one IPv6 /64, or one line',
      ),
    })
    .prefault({})
    .describe('How many may be connected'),
  doorThreads: z
    .int({ error: 'Write a whole number, 64 at most, 0 for none' })
    .min(0)
    .max(64)
    .default(0)
    .describe(
      'Threads that serve the SMTP listeners beside the engine, and as many the port of the milter; 0 serves them in its own. TLS and many connections gain from one for each core that is free',
    ),
  log: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe(
      'What is written to standard output, as JSON lines, or as text on a terminal: every event, debug with the evidence, only what went wrong, or nothing',
    ),
  holdDelivery: z
    .boolean()
    .default(false)
    .describe('Take mail and keep all of it in the queue, for a machine that is being moved'),
  giveUpAfter: duration('5d', '1m', '30d').describe(
    'Undeliverable mail goes back to its sender after this',
  ),
  drainFor: duration('10s', '0s', '1h').describe(
    'How long a shutdown waits for messages on their way in; what is not whole by then is cut off without an answer, and its sender sends it again. systemd is asked for the time, so that TimeoutStopSec of the unit need not be longer',
  ),
})

export type Config = Readonly<z.infer<typeof configSchema>>
