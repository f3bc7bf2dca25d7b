// What is asked of servers that are not known here: the settings of those rules, each with where its default comes from.

import { z } from 'zod'
import { PROTOCOL_VIOLATIONS } from '../model/protocol-violation.ts'
import { DAY } from '../model/duration.ts'
import { count, domain, duration, mailAddress, text } from './fields.ts'

export const strangers = z
  .strictObject({
    confirmedName: z
      .boolean()
      .default(true)
      .describe(
        'Rule reverse-dns: the PTR name of a client must resolve to its address (as Gmail requires); false: any PTR name is enough',
      ),
    heloNames: count(10, 1000).describe(
      'Rule helo-changing: different HELO names of one address in an hour; no other engine ships a default',
    ),
    protocolViolations: z
      .array(z.enum(PROTOCOL_VIOLATIONS))
      .default([...PROTOCOL_VIOLATIONS])
      .describe('Rule protocol-violation: which violations are refused'),
    greetPause: duration('0s', '0s', '1m').describe(
      'Rule protocol-violation: delay before the greeting to strangers, such as 6s (Postfix’s postscreen_greet_wait); a client that talks earlier violates the protocol. 0s: no delay',
    ),
    bounceRate: z
      .strictObject({
        window: duration('1d', '1m', '30d').describe(
          'Window of the test; the test begins again after it',
        ),
        fuse: z
          .number()
          .min(0)
          .max(1)
          .default(0.001)
          .describe(
            'Fuse: senders with a larger share of last week’s mail are not refused but raise an alarm',
          ),
      })
      .prefault({})
      .describe(
        'Rule bounce-rate: a sequential test; refuses a sender once half of its recipients being unknown is much more likely than one in ten (AOL refused above 10 %)',
      ),
    bounceControl: z
      .strictObject({
        exempt: z
          .array(mailAddress)
          .default([])
          .describe(
            'Senders whose mail is not tagged: owners of lists, and users who also send through other servers',
          ),
        observes: duration('14d', '0d', '365d')
          .refine(given => given % DAY === 0, { error: 'Write whole days, such as 14d' })
          .transform(given => given / DAY)
          .describe(
            'Whole days of tagging before an untagged bounce is refused, because bounces may arrive that late',
          ),
      })
      .prefault({})
      .describe(
        'Rule bounce-control: while it is not off, envelope senders of our mail have a tag (BATV)',
      ),
    stampBits: count(20, 64).describe('Rule hashcash: bits that a stamp must have (hashcash(1))'),
    slowLane: z
      .strictObject({
        delay: duration('20m', '0s', '30m').describe('Time that mail of strangers is held'),
      })
      .prefault({})
      .describe('Rule slow-lane; off by default, because it delays mail'),
    rogueDomain: z
      .strictObject({
        widest: count(16_777_216, 4_294_967_296).describe(
          'IPv4 addresses that the SPF record of a domain may permit; the default is a /8',
        ),
        swarm: count(20, 1000).describe('Subdomains of one new domain in a day'),
        newFor: duration('7d', '1m', '366d').describe('Age below which a domain is new'),
      })
      .prefault({})
      .describe('Rule rogue-domain; no other engine ships such a rule'),
    trustedSealers: z
      .array(domain)
      .default([])
      .describe(
        'Rule dmarc: forwarders and lists whose ARC seal is trusted when the signature of the sender is broken; none when empty',
      ),
    dmarcReports: z
      .boolean()
      .default(false)
      .describe(
        'Reports of DMARC (RFC 9990): domains that ask for them (rua=) are told once a day, by mail from postmaster@ your first domain, from which addresses mail came that names them in From, and what became of it. Such a report also tells who forwards mail to your customers: off until you want that',
      ),
    lists: z
      .array(
        z.strictObject({
          zone: domain.describe('DNS zone of the list'),
          of: z
            .enum(['address', 'helo', 'sender-domain'])
            .default('address')
            .describe(
              'What is looked up: the client’s address, its HELO name, or the domain of the sender',
            ),
          codes: z
            .array(
              text(
                'Write a return code such as 127.0.0.2, or a range such as 127.0.0.2-127.0.0.11',
                value => /^127(?:\.\d{1,3}){3}(?:-127(?:\.\d{1,3}){3})?$/.test(value),
              ),
            )
            .default([])
            .describe('Return codes that refuse; all when empty'),
        }),
      )
      .default([])
      .describe(
        'Rule dns-lists: DNS lists that are asked; each has terms of use of its own. Off when empty',
      ),
    greylist: z
      .strictObject({
        delay: duration('5m', '0s', '30d').describe(
          'Time that the first attempt of a triplet is deferred (postgrey, rspamd)',
        ),
        window: duration('1d', '1s', '366d').describe(
          'Time within which the second attempt must come (rspamd)',
        ),
        keep: duration('35d', '1s', '3650d').describe(
          'Time that a client that came back is remembered (postgrey)',
        ),
        trustedCount: count(5, 1_000_000).describe(
          'Successful retries after which a network is exempt (postgrey) …',
        ),
        trustedShare: z
          .number()
          .min(0)
          .max(1)
          .default(0.9)
          .describe('… if they are this share of its attempts (PolicyD: .95)'),
        distrusted: count(100, 1_000_000).describe(
          'Attempts without a retry after which an address stays deferred (PolicyD)',
        ),
        listRecipients: count(25, 1_000_000).describe(
          'Recipients of one sender at once above which it is a mailing list …',
        ),
        listDelay: duration('1h', '0s', '30d').describe('… and is deferred for this time'),
        prefixLength4: z
          .int()
          .min(8)
          .max(32)
          .default(24)
          .describe('Prefix length of an IPv4 network (postgrey)'),
        prefixLength6: z
          .int()
          .min(16)
          .max(128)
          .default(64)
          .describe('Prefix length of an IPv6 network (postgrey)'),
        bySpf: z
          .boolean()
          .default(true)
          .describe(
            'true: all servers that SPF permits for a domain are one client; false: clients are known by network alone, without DNS',
          ),
        knownGood: z
          .array(domain)
          .default([])
          .describe(
            'DNS lists of good servers (DNSWL); a listed server is exempt. None when empty',
          ),
        of: z
          .enum(['all', 'suspicious'])
          .default('all')
          .describe(
            'all: all strangers · suspicious: only clients without a PTR name, or with one like that of a dial-in line (Haraka), that do not pass SPF',
          ),
      })
      .prefault({})
      .describe(
        'Rule greylist; off by default, because it delays mail. In observe it learns which clients retry, and defers no mail',
      ),
  })
  .prefault({})
  .describe(
    'Rules for strangers: servers without a history here; only on inbound listeners, never for customers',
  )
