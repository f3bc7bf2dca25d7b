// What a submission listener of a test is set up with.

import type { Setup } from '../../src/doors/smtp/state.ts'

export const setup: Setup = {
  listener: 'submission',
  ourName: 'mail.isp.example',
  postmaster: 'postmaster@isp.example',
  maxSize: 10_000,
  maxRecipients: 3,
  tlsAvailable: true,
  bareNewlines: 'normalize',
  scram: false,
  greetPause: 0,
  mayXclient: false,
}
