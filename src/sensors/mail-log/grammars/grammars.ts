// The programs whose lines are read.

import type { Grammar } from '../log-fact.ts'
import { dovecot } from './dovecot.ts'
import { exim } from './exim.ts'
import { opensmtpd } from './opensmtpd.ts'
import { postfix } from './postfix.ts'
import { sendmail } from './sendmail.ts'

export const GRAMMARS: readonly Grammar[] = [postfix, exim, dovecot, sendmail, opensmtpd]
