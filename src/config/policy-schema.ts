// The part of the configuration that says what is asked of mail: the mode of each rule, and its settings.

import { z } from 'zod'
import type { Match } from '../model/access-match.ts'
import { PERIODS, QUOTA_COUNTS, QUOTA_KEYS } from '../model/quota.ts'
import { MAX_HOLD_HOURS } from '../model/decision.ts'
import { LISTENERS } from '../model/step.ts'
import {
  count,
  duration,
  hostOrAddress,
  line,
  mailAddress,
  path,
  prefix,
  ruleName,
  serverPort,
  socketPath,
  span,
  text,
  timeout,
  timeZone,
} from './fields.ts'
import { strangers } from './strangers-schema.ts'

/** More of anything than a provider's customers write. */
const MOST = 1_000_000_000

/** Each plan has defaults of its own, so that changing one number leaves the others what they were. */
const limits = (times: number) =>
  z.strictObject({
    messagesPerHour: count(60 * times, MOST).describe(
      'Messages in an hour of one login, and of one line; further ones are held until there is room. Off with `rules.limits: off`',
    ),
    recipientsPerHour: count(100 * times, MOST).describe('Recipients in an hour, likewise'),
    recipientsPerDay: count(500 * times, MOST).describe('Recipients in a day, likewise'),
    firstTimePerDay: count(100 * times, MOST).describe(
      'Recipients that the sender never wrote to before, in a day, likewise',
    ),
  })

const mode = (standard: 'enforce' | 'observe' | 'off') =>
  z
    .enum(['enforce', 'observe', 'off'])
    .default(standard)
    .describe(
      'enforce: its verdict is applied · observe: its verdict is logged · off: it is not evaluated',
    )

const words = (what: string) => z.array(line(320)).optional().describe(what)
const pattern: z.ZodType<Match> = z.strictObject({
  address: z.array(prefix).optional().describe('Addresses and prefixes'),
  helo: words('Greetings; `.example.org` for all below it'),
  sender: words('Senders: an address, `@example.org`, `.example.org` for all below it, or `<>`'),
  recipient: words('Recipients, likewise'),
  login: words('Logins, likewise'),
  name: words('Names of the address that lead back to it (PTR); `.example.org` for all below it'),
  organisation: words('Organisational domains of the sender: example.org of mail.example.org'),
  country: words('Countries, such as de, where `geo.country` says so'),
  asn: z
    .array(z.int().min(1).max(4_294_967_295))
    .optional()
    .describe('Numbers of networks, where `geo.asn` says so'),
  group: words('Names of groups; one of them must match'),
  get not() {
    return pattern.optional().describe('Pattern that must not match')
  },
})

export const policySchema = {
  rules: z
    .strictObject({
      containment: mode('enforce'),
      'login-required': mode('enforce'),
      'sender-belongs': mode('enforce'),
      'helo-ours': mode('enforce'),
      'helo-invalid': mode('observe'),
      access: mode('enforce'),
      'protocol-violation': mode('observe'),
      'helo-foreign': mode('observe'),
      'helo-unresolved': mode('observe'),
      'helo-changing': mode('observe'),
      'reverse-dns': mode('observe'),
      'dynamic-name': mode('observe'),
      'dns-lists': mode('observe'),
      spf: mode('observe'),
      'bounce-rate': mode('off'),
      'bounce-control': mode('off'),
      hashcash: mode('enforce'),
      'slow-lane': mode('off'),
      'rogue-domain': mode('off'),
      greylist: mode('off'),
      'encoded-url': mode('observe'),
      attachment: mode('observe'),
      unreadable: mode('observe'),
      dmarc: mode('observe'),
      scan: mode('observe'),
      quotas: mode('enforce'),
      relay: mode('enforce'),
      'recipient-exists': mode('enforce'),
      'mailbox-full': mode('enforce'),
      'mail-loop': mode('enforce'),
      limits: mode('enforce'),
    })
    .prefault({})
    .describe('What each rule does'),
  access: z
    .strictObject({
      entries: z
        .array(
          z
            .strictObject({
              match: pattern.describe(
                'Condition: every setting that is written must match, with one entry of its list',
              ),
              action: z
                .enum(['accept', 'reject', 'defer', 'hold', 'discard', 'redirect'])
                .describe(
                  'accept: skips the rules for strangers · reject: 5xx · defer: 4xx · hold: kept in the queue · discard: accepted and deleted without a notice · redirect: delivered to another recipient',
                ),
              skipRules: z
                .array(ruleName)
                .optional()
                .describe(
                  'With accept: the rules that are skipped; without it all rules for strangers',
                ),
              for: duration('1d', '1s', `${MAX_HOLD_HOURS}h`).describe(
                'With hold: time that the message is kept',
              ),
              to: mailAddress.optional().describe('With redirect: the new recipient'),
            })
            .refine(({ action, to }) => action !== 'redirect' || to !== undefined, {
              path: ['to'],
              error: 'Write to whom it is redirected',
            }),
        )
        .default([])
        .describe('Entries, in order; the first that matches decides'),
      groups: z.record(line(64), pattern).default({}).describe('Named patterns, for `match.group`'),
    })
    .prefault({})
    .describe('Access lists'),
  geo: z
    .strictObject({
      country: path.optional().describe('MMDB file of countries, such as GeoLite2-Country'),
      asn: path.optional().describe('MMDB file of networks, such as GeoLite2-ASN'),
    })
    .prefault({})
    .describe(
      'Databases of countries and networks, for access lists; read at the start and at a reload',
    ),
  quotas: z
    .array(
      z
        .strictObject({
          name: text('Write a name of letters, digits and dashes', value =>
            /^[a-z0-9-]{1,64}$/i.test(value),
          ).describe('Name in metrics and counters'),
          listeners: z
            .array(z.enum(LISTENERS))
            .default(['submission', 'trusted-network'])
            .describe('Listeners to which it applies'),
          per: z
            .array(z.enum(QUOTA_KEYS))
            .min(1)
            .describe('Keys: each combination of them is counted on its own'),
          count: z
            .enum(QUOTA_COUNTS)
            .default('messages')
            .describe(
              'What is counted; first-time: recipients that the sender never wrote to before',
            ),
          limit: z.int().min(1).max(MOST).describe('Limit within the window'),
          in: z
            .union([z.enum(PERIODS), span('1s', '366d')], {
              error: 'Write a duration from 1s to 366d, such as 1h, or day, week or month',
            })
            .describe('A rolling window, such as 1h, or a day, week or month of the calendar'),
          over: z
            .enum(['hold', 'defer', 'reject'])
            .default('hold')
            .describe(
              `Verdict beyond the limit; hold: kept until the window has room, ${MAX_HOLD_HOURS} hours at most`,
            ),
        })
        .refine(({ count: what, limit }) => what !== 'distinct-recipients' || limit <= 1000, {
          path: ['limit'],
          error: 'Write at most 1000: different recipients are counted exactly up to there',
        }),
    )
    .default([])
    .describe(
      'Your own limits. A message is counted in all of them or in none; refused mail is not counted',
    ),
  timeZone: timeZone
    .default('UTC')
    .describe('Time zone of calendar days, of times in letters and in the portal'),
  scanners: z
    .strictObject({
      rspamd: z
        .strictObject({
          url: text('Write http://HOST:11333 or https://HOST:PORT', value =>
            /^https?:\/\/[^/\s]+\/?$/i.test(value),
          ).describe('URL of its normal worker'),
        })
        .optional()
        .describe('Rspamd scans all mail (/checkv2); off without this section'),
      clamav: z
        .strictObject({
          host: hostOrAddress.default('127.0.0.1').describe('Host name or address of clamd'),
          port: serverPort.default(3310).describe('TCP port of clamd'),
          socket: socketPath.optional().describe('Unix socket, instead of host and port'),
          maxSize: count(25_000_000, 2_000_000_000).describe(
            'Bytes of a message that are sent to clamd; clamd’s StreamMaxLength must not be less',
          ),
        })
        .optional()
        .describe(
          'ClamAV scans all mail (INSTREAM); off without this section. Set AlertExceedsMax in clamd.conf',
        ),
      timeout: timeout('20s').describe('Time for all scanners together'),
      onFailure: z
        .enum(['accept', 'defer'])
        .default('accept')
        .describe('Verdict when a scanner does not answer'),
    })
    .prefault({})
    .describe('Content scanners beside the built-in one'),
  attachments: z
    .strictObject({
      rejected: z
        .array(line(64))
        .default(
          'ade adp bat chm cmd com cpl exe hta ins isp jar jse lib lnk mde msc msp mst pif scr sct shb sys vb vbe vbs vxd wsc wsf wsh dll js ps1 iso img msi'.split(
            ' ',
          ),
        )
        .describe(
          'Rule attachment: file extensions that are rejected (Haraka’s list without zip, with js, ps1, msi and disk images); off when empty',
        ),
      encrypted: z
        .enum(['accept', 'reject'])
        .default('accept')
        .describe(
          'Archives with encrypted files, by rule attachment. accept: taken · reject: 554 5.7.1 [encrypted]',
        ),
      large: z
        .enum(['accept', 'reject'])
        .default('accept')
        .describe(
          'Rule unreadable: mail that is only too large to be read to its end (large: beyond its first mebibyte; large-archive: split archives, or too many entries). accept: taken · reject: 554 5.7.1. Many ordinary PDFs are that large: look at message-unreadable in the log first',
        ),
    })
    .prefault({})
    .describe('Attachments'),
  strangers,
  limits: z
    .strictObject({
      consumer: limits(1)
        .prefault({})
        .describe('Limits of plan consumer; a message beyond a limit is held, never refused'),
      expert: limits(10)
        .prefault({})
        .describe('Limits of this plan; the defaults are ten times those of consumer'),
      business: limits(10)
        .prefault({})
        .describe('Limits of this plan; the defaults are ten times those of consumer'),
      site: limits(10)
        .prefault({})
        .describe('Limits of this plan; the defaults are ten times those of consumer'),
    })
    .prefault({})
    .describe(
      'Limits that ordinary use does not reach, counted for login, line and network at once; off with `rules.limits: off`',
    ),
}
