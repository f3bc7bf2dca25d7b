// Every mutation that is tried: `npm run prove` (docs/testing.md). One file for each part of the program.

import type { Mutation } from './mutation.ts'
import { ALARMS } from './alarms.ts'
import { ARCHIVES } from './archives.ts'
import { POP3 } from './pop3.ts'
import { WHO_SPAMS } from './who-spams.ts'
import { ASKING } from './asking.ts'
import { AUDIT } from './audit.ts'
import { BACKUPS } from './backup.ts'
import { BESIDE } from './beside.ts'
import { BESIDE_POSTFIX } from './beside-postfix.ts'
import { CLIENT_SETUP } from './client-setup.ts'
import { CONTAINING } from './containing.ts'
import { DELIVERY_SECURITY } from './delivery-security.ts'
import { DKIM_KEYS } from './dkim-keys.ts'
import { DMARC_REPORTS } from './dmarc-reports.ts'
import { DUE_REPORTS } from './due-reports.ts'
import { DOORS } from './doors.ts'
import { EPISODES } from './episodes.ts'
import { FEEDBACK } from './feedback.ts'
import { BACK_ENDS } from './back-ends.ts'
import { IMAP } from './imap.ts'
import { KEEPING } from './keeping.ts'
import { COPIES } from './copies.ts'
import { LEASES } from './leases.ts'
import { LIST } from './list.ts'
import { MAIL } from './mail.ts'
import { MAILINGS } from './mailings.ts'
import { NETWORK } from './network.ts'
import { NOTICE_PAGE } from './notice-page.ts'
import { OPERATING } from './operating.ts'
import { PACKAGES } from './packages.ts'
import { READERS } from './readers.ts'
import { READING } from './reading.ts'
import { SETUP } from './setup.ts'
import { STRANGERS } from './strangers.ts'
import { WINDOW_LINES } from './window.ts'
import { WORDS } from './words.ts'

export const MUTATIONS: readonly Mutation[] = [
  ...DOORS,
  ...MAIL,
  ...DELIVERY_SECURITY,
  ...DMARC_REPORTS,
  ...DUE_REPORTS,
  ...DKIM_KEYS,
  ...STRANGERS,
  ...ARCHIVES,
  ...WHO_SPAMS,
  ...CONTAINING,
  ...ALARMS,
  ...NOTICE_PAGE,
  ...EPISODES,
  ...MAILINGS,
  ...WINDOW_LINES,
  ...WORDS,
  ...FEEDBACK,
  ...KEEPING,
  ...NETWORK,
  ...COPIES,
  ...LEASES,
  ...LIST,
  ...OPERATING,
  ...PACKAGES,
  ...BACKUPS,
  ...ASKING,
  ...READING,
  ...READERS,
  ...BESIDE,
  ...BESIDE_POSTFIX,
  ...IMAP,
  ...BACK_ENDS,
  ...POP3,
  ...SETUP,
  ...AUDIT,
  ...CLIENT_SETUP,
]
