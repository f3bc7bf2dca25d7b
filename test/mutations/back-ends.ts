// What the gateways promise of the servers behind them: what these say and take reaches their clients, and the other way round.

import type { Mutation } from './mutation.ts'

const row = 12

export const BACK_ENDS: readonly Mutation[] = [
  {
    row,
    what: 'the login of a token is read of one that does not name it',
    file: 'src/mail/sasl/bearer.ts',
    find: '/^[ny],a=((?:[^,=]|=2C|=3D)+),$/',
    replace: '/^[ny],(?:a=)?((?:[^,=]|=2C|=3D)*),$/',
    test: 'src/mail/sasl/bearer.test.ts',
    name: 'what does not say whose token it is, says it twice, or is cut, is none',
  },
  {
    row,
    what: 'why a token is refused does not reach the client',
    file: 'src/doors/imap/before-login.ts',
    find: 'if (reason !== undefined)',
    replace: 'if (reason === undefined && !isRight)',
    test: 'test/e2e/gateway-tokens.test.ts',
    name: 'what the back end says of a wrong token reaches the client before the refusal, and the session goes on',
  },
  {
    row,
    what: 'the back end is not told the client’s address before all else',
    file: 'src/gateway/back-end.ts',
    find: 'if (proxyHeader) plain.write',
    replace: 'if (!proxyHeader) plain.write',
    test: 'test/e2e/gateway-tokens.test.ts',
  },
  {
    row,
    what: 'what the back end can do is hidden from programs that use it',
    file: 'src/doors/imap/capabilities.ts',
    find: '/^(?:COMPRESS=.*|',
    replace: '/^(?:UIDPLUS|NAMESPACE|COMPRESS=.*|',
    test: 'test/e2e/gateway-clients.test.ts',
  },
]
