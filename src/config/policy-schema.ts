// The part of the configuration that says what is asked of mail: the mode of each rule, and its settings.

import { z } from 'zod'
import type { Match } from '../model/access-match.ts'
import { PERIODS, QUOTA_COUNTS, QUOTA_KEYS } from '../model/quota.ts'
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
} from './fields.ts'
import { strangers } from './strangers-schema.ts'

/** More of anything than a provider's customers write. */
const MOST = 1_000_000_000

/** Each plan has defaults of its own, so that changing one number leaves the others what they were. */
const limits = (times: number) =>
  z.strictObject({
    messagesPerHour: count(60 * times, MOST).describe('Messages'),
    recipientsPerHour: count(100 * times, MOST).describe('Recipients'),
    recipientsPerDay: count(500 * times, MOST).describe('Recipients'),
    firstTimePerDay: count(100 * times, MOST).describe('People never written to before'),
  })

const mode = (standard: 'enforce' | 'observe' | 'off') =>
  z
    .enum(['enforce', 'observe', 'off'])
    .default(standard)
    .describe('enforce, observe (only say what would be refused), or off')

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
  group: words('Names of groups; one of them must fit'),
  get not() {
    return pattern.optional().describe('Must not fit')
  },
})

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== ''
  } catch {
    return false
  }
}

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
                'Who: everything that is named must fit, and of each list one',
              ),
              action: z
                .enum(['accept', 'reject', 'defer', 'hold', 'discard', 'redirect'])
                .describe(
                  'accept: not asked what strangers are asked · reject · defer: put off (4xx) · hold: kept for a while · discard: taken and thrown away; nobody is told · redirect: goes to somebody else',
                ),
              skipRules: z
                .array(ruleName)
                .optional()
                .describe('With accept: only these rules are not asked'),
              for: duration('1d', '1s', '30d')
                .optional()
                .describe('With hold: so long, three days at most'),
              to: mailAddress.optional().describe('With redirect: to whom'),
            })
            .refine(({ action, to }) => action !== 'redirect' || to !== undefined, {
              path: ['to'],
              error: 'Write to whom it is redirected',
            }),
        )
        .default([])
        .describe('In order; the first that fits decides'),
      groups: z.record(line(64), pattern).default({}).describe('Patterns with a name'),
    })
    .prefault({})
    .describe('Who may and who may not, in your own words'),
  geo: z
    .strictObject({
      country: path.optional().describe('MMDB file of countries, such as GeoLite2-Country'),
      asn: path.optional().describe('MMDB file of networks, such as GeoLite2-ASN'),
    })
    .prefault({})
    .describe(
      'Where addresses are, for access lists; read when Cordon starts or is told to reload',
    ),
  quotas: z
    .array(
      z
        .strictObject({
          name: text('Write a name of letters, digits and dashes', value =>
            /^[a-z0-9-]{1,64}$/i.test(value),
          ).describe('Its name, in metrics and counters'),
          listeners: z
            .array(z.enum(LISTENERS))
            .default(['submission', 'trusted-network'])
            .describe('Where it holds'),
          per: z.array(z.enum(QUOTA_KEYS)).min(1).describe('Counted for each combination of these'),
          count: z
            .enum(QUOTA_COUNTS)
            .default('messages')
            .describe('What is counted; first-time: people never written to before'),
          limit: z.int().min(1).max(MOST).describe('So many are taken'),
          in: z
            .union([z.enum(PERIODS), span('1s', '366d')], {
              error: 'Write a duration from 1s to 366d, such as 1h, or day, week or month',
            })
            .describe('A rolling window, such as 1h, or a day, week or month of the calendar'),
          over: z
            .enum(['hold', 'defer', 'reject'])
            .default('hold')
            .describe(
              'What becomes of mail beyond it; hold: kept until there is room, at most three days',
            ),
        })
        .refine(({ count: what, limit }) => what !== 'distinct-recipients' || limit <= 1000, {
          path: ['limit'],
          error: 'Write at most 1000: different recipients are counted exactly up to there',
        }),
    )
    .default([])
    .describe('Your own limits; taken together or not at all, and refused mail is never charged'),
  timeZone: text('Write a time zone, such as Europe/Berlin or UTC', isTimeZone)
    .default('UTC')
    .describe(
      'Where days of the calendar begin; times in letters to customers and in their portal',
    ),
  scanners: z
    .strictObject({
      rspamd: z
        .strictObject({
          url: text('Write http://HOST:11333 or https://HOST:PORT', value =>
            /^https?:\/\/[^/\s]+\/?$/i.test(value),
          ).describe('Its normal worker'),
        })
        .optional()
        .describe('Asks rspamd (/checkv2) of all mail'),
      clamav: z
        .strictObject({
          host: hostOrAddress.default('127.0.0.1').describe('Host name or address of clamd'),
          port: serverPort.default(3310).describe('Port'),
          socket: socketPath.optional().describe('Unix socket, instead of host and port'),
          maxSize: count(25_000_000, 2_000_000_000).describe(
            'Bytes of a message that are given to it; clamd’s StreamMaxLength must not be less',
          ),
        })
        .optional()
        .describe('Asks ClamAV (INSTREAM) of all mail; set AlertExceedsMax in clamd.conf'),
      timeout: timeout('20s').describe('For all of them together'),
      onFailure: z
        .enum(['accept', 'defer'])
        .default('accept')
        .describe('What becomes of mail when one of them does not answer'),
    })
    .prefault({})
    .describe('Content scanners beside the built-in one'),
  attachments: z
    .strictObject({
      refused: z
        .array(line(64))
        .default(
          'ade adp bat chm cmd com cpl exe hta ins isp jar jse lib lnk mde msc msp mst pif scr sct shb sys vb vbe vbs vxd wsc wsf wsh dll js ps1 iso img msi'.split(
            ' ',
          ),
        )
        .describe(
          'attachment: extensions (Haraka’s list without zip, with js, ps1, msi and disk images)',
        ),
      encrypted: z
        .enum(['accept', 'refuse'])
        .default('accept')
        .describe('Archives with files that nobody can look at'),
      large: z
        .enum(['accept', 'refuse'])
        .default('accept')
        .describe(
          'unreadable: mail that is not damaged but larger than what is read: beyond the first mebibyte, archives with more than is listed, more than 1,000 parts or 2,000 names, or parts in one another more than 32 deep',
        ),
    })
    .prefault({})
    .describe('What may not be attached'),
  strangers,
  limits: z
    .strictObject({
      consumer: limits(1).prefault({}).describe('Over these mail is held, never refused'),
      expert: limits(10).prefault({}).describe('Ten times a consumer'),
      business: limits(10).prefault({}).describe('Ten times a consumer'),
      site: limits(10).prefault({}).describe('Ten times a consumer'),
    })
    .prefault({})
    .describe('Limits that ordinary people never meet, on login, line and network at once'),
}
