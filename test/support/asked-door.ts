// What a door that another mail server asks (policy service, milter) is opened with in tests: any port of loopback, and no rule left out.

export const ASKED_DOOR = {
  address: '127.0.0.1',
  port: 0,
  clients: ['127.0.0.1'],
  listener: 'inbound',
  realm: 'main',
  domain: 'isp.example',
  skipRules: [],
} as const
