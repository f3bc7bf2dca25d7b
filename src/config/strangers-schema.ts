// What is asked of servers nobody here knows: the settings of those rules, each with where its default comes from.

import { z } from 'zod'
import { PROTOCOL_VIOLATIONS } from '../model/protocol-violation.ts'
import { count, domain, duration, mailAddress, text } from './fields.ts'

export const strangers = z
  .strictObject({
    confirmedName: z
      .boolean()
      .default(true)
      .describe('reverse-dns: the name of an address must lead back to it, as Gmail asks'),
    heloNames: count(10, 1000).describe(
      'helo-changing: different greetings of one address in an hour; no other engine ships a figure',
    ),
    protocolViolations: z
      .array(z.enum(PROTOCOL_VIOLATIONS))
      .default([...PROTOCOL_VIOLATIONS])
      .describe('protocol-violation: which of them count'),
    greetPause: duration('0s', '0s', '1m').describe(
      'protocol-violation: strangers are greeted after so long, such as 6s (Postfix’s postscreen); who talks earlier is noticed',
    ),
    bounceRate: z
      .strictObject({
        window: duration('1d', '1m', '30d').describe('The test begins anew after this'),
        fuse: z
          .number()
          .min(0)
          .max(1)
          .default(0.001)
          .describe(
            'Senders of a larger share of last week’s mail are not refused; an alarm says so',
          ),
      })
      .prefault({})
      .describe(
        'bounce-rate; a sequential test of one unknown recipient in ten against five in ten (AOL refused above 10 %)',
      ),
    bounceControl: z
      .strictObject({
        exempt: z
          .array(mailAddress)
          .default([])
          .describe('Owners of lists, and people who also send from elsewhere'),
        observes: count(14, 365).describe(
          'Days with tagged mail before anything is refused: reports may come so late',
        ),
      })
      .prefault({})
      .describe('bounce-control; while the rule is not off, senders of our mail bear a tag (BATV)'),
    stampBits: count(20, 64).describe(
      'hashcash: a stamp must have cost so many bits (hashcash(1))',
    ),
    slowLane: z
      .strictObject({
        delay: duration('20m', '0s', '1d').describe(
          'A stranger’s mail is kept so long, thirty minutes at most',
        ),
      })
      .prefault({})
      .describe('slow-lane; off unless you turn the rule on, because it delays people’s mail'),
    rogueDomain: z
      .strictObject({
        widest: count(16_777_216, 4_294_967_296).describe(
          'More IPv4 addresses than this that may send for a domain are too many: a /8',
        ),
        swarm: count(20, 1000).describe('More subdomains of one new domain in a day than this'),
        newFor: duration('7d', '1m', '366d').describe('For so long a domain is new'),
      })
      .prefault({})
      .describe('rogue-domain; no other engine ships such a rule'),
    trustedSealers: z
      .array(domain)
      .default([])
      .describe(
        'dmarc: forwarders and lists whose ARC seal is believed when a message no longer is as its sender signed it',
      ),
    lists: z
      .array(
        z.strictObject({
          zone: domain.describe('The list’s zone'),
          of: z
            .enum(['address', 'helo', 'sender-domain'])
            .default('address')
            .describe('What is looked up in it'),
          codes: z
            .array(
              text(
                'Write a return code such as 127.0.0.2, or a range such as 127.0.0.2-127.0.0.11',
                value => /^127(?:\.\d{1,3}){3}(?:-127(?:\.\d{1,3}){3})?$/.test(value),
              ),
            )
            .default([])
            .describe('Return codes that count; all when empty'),
        }),
      )
      .default([])
      .describe('dns-lists: lists you may use; each has terms of its own'),
    greylist: z
      .strictObject({
        delay: duration('5m', '0s', '30d').describe(
          'First attempts are put off so long (postgrey, rspamd)',
        ),
        window: duration('1d', '1s', '366d').describe(
          'A first attempt is remembered so long (rspamd)',
        ),
        keep: duration('35d', '1s', '3650d').describe(
          'That somebody came back, so long (postgrey)',
        ),
        trustedCount: count(5, 1_000_000).describe(
          'A network that came back so often (postgrey) …',
        ),
        trustedShare: z
          .number()
          .min(0)
          .max(1)
          .default(0.9)
          .describe(
            '… and for so large a share of what it tried is not asked any more (PolicyD: .95)',
          ),
        distrusted: count(100, 1_000_000).describe(
          'An address that tried so many and never came back stays put off (PolicyD)',
        ),
        listRecipients: count(25, 1_000_000).describe(
          'More recipients of one sender than this at once are a list …',
        ),
        listDelay: duration('1h', '0s', '30d').describe('… and wait so long'),
        bits4: z.int().min(8).max(32).default(24).describe('Network of an IPv4 address (postgrey)'),
        bits6: z
          .int()
          .min(16)
          .max(128)
          .default(64)
          .describe('Network of an IPv6 address (postgrey)'),
        bySpf: z
          .boolean()
          .default(true)
          .describe(
            'A pool is one sender where SPF vouches for its domain; false: by network alone, without the DNS',
          ),
        knownGood: z
          .array(domain)
          .default([])
          .describe('Lists of good servers (DNSWL) that you may use; who is in one is not asked'),
        of: z
          .enum(['everybody', 'suspicious'])
          .default('everybody')
          .describe(
            'suspicious: only who has no name, or one like a dial-in line’s (Haraka), and does not pass SPF',
          ),
      })
      .prefault({})
      .describe(
        'greylist; off unless you turn the rule on, because it delays people’s mail. In observe it learns who comes back, and puts nobody off',
      ),
  })
  .prefault({})
  .describe('What is asked of servers we do not know; only on inbound, never of customers')
