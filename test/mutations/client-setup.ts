// What is promised of mail programs that are set up by themselves.

import type { Mutation } from './mutation.ts'

const FORMATS = 'src/mail/client-setup'
const RENDERED = `${FORMATS}/renderings.test.ts`
const APP = 'src/doors/http/client-setup/setup-app.test.ts'

export const CLIENT_SETUP: readonly Mutation[] = [
  {
    row: 13,
    what: 'records say that there is no IMAP, where only Dovecot has it',
    file: 'src/app/client-setup.ts',
    find: "...(reading(config).length === 0 ? ['reads (clientSetup.imap)'] : []),",
    replace: '',
    test: 'src/app/client-setup.test.ts',
  },
  {
    row: 13,
    what: 'Outlook is told TLS, which it takes for STARTTLS on 465',
    file: `${FORMATS}/autodiscover.ts`,
    find: '<Encryption>SSL</Encryption>',
    replace: '<Encryption>TLS</Encryption>',
    test: RENDERED,
    name: 'Outlook is told TLS from the first byte, by SSL and never by TLS, and one server to send with',
  },
  {
    row: 13,
    what: 'an address can write elements into the answer to Outlook',
    file: `${FORMATS}/xml-text.ts`,
    find: ".replace(/[&<>\"']/g, one => ESCAPES[one] ?? '')",
    replace: '',
    test: RENDERED,
    name: 'an address with everything that XML gives a meaning is read back as it was',
  },
  {
    row: 13,
    what: 'a request may define entities',
    file: `${FORMATS}/autodiscover.ts`,
    find: "if (xml.includes('<!')) return undefined",
    replace: '',
    test: RENDERED,
    name: 'a request of Outlook is read without its tricks',
  },
  {
    row: 13,
    what: 'the zone names a way without TLS from the first byte beside the better one',
    file: `${FORMATS}/dns-records.ts`,
    find: 'best?.tls === tls ? best : undefined',
    replace: 'own.find(one => one.tls === tls)',
    test: RENDERED,
    name: 'the zone names each way that is offered with TLS, says of the others that they are not there, and never port 25',
  },
  {
    row: 13,
    what: 'Mozilla’s file names the login of whoever asks',
    file: 'src/doors/http/client-setup/setup-app.ts',
    find: 'const setup = clientSetup(settings, domain)\n  return setup ? answer(context, mozillaConfig(setup), XML)',
    replace:
      "const setup = clientSetup(settings, domain)\n  return setup ? answer(context, mozillaConfig(setup).replaceAll('%EMAILADDRESS%', asked?.address ?? '%EMAILADDRESS%'), XML)",
    test: APP,
    name: 'Mozilla’s file is the same bytes at its three places, with an address, without, and with a placeholder',
  },
  {
    row: 13,
    what: 'a profile goes out unsigned where there is a certificate',
    file: 'src/doors/http/client-setup/setup-app.ts',
    find: 'signer.signs() ? await signer.sign(written) : Buffer.from(written)',
    replace: 'signer.signs() ? Buffer.from(written) : Buffer.from(written)',
    test: APP,
    name: 'a profile is handed out signed where there is a certificate, plain where there is none, and later where too many wait',
  },
  {
    row: 13,
    what: 'any number of profiles waits to be signed',
    file: 'src/drivers/identity/profile-signer.ts',
    find: 'if (running >= AT_ONCE && waiting.length >= WAITING) return undefined',
    replace: '',
    test: 'src/drivers/identity/profile-signer.test.ts',
    name: 'of many at once some are signed, the others told to come again, and afterwards all is as before',
  },
]
