// The JSON of draft-eggert-mailmaint-uaautoconf-01 (now draft-ietf-mailmaint-pacc), and the digest of it that stands in the DNS. The digest is
// of the bytes: the file is the same for every domain and address, and changes only with the settings.

import { createHash } from 'node:crypto'
import { type ClientSetup, implicitOnly, type MailServer } from './client-setup.ts'

/** On the host `ua-auto-config.DOMAIN`. */
export const USER_AGENT_PATH = '/.well-known/user-agent-configuration.json'
/** The draft names no port: TLS from the first byte on these. */
const PORTS = { imap: 993, pop3: 995, smtp: 465 } as const
/** Characters that the draft allows. */
const [LONGEST_NAME, LONGEST_SHORT_NAME] = [60, 20]

export function userAgentConfig(setup: Omit<ClientSetup, 'domain' | 'address'>): string {
  const { provider, help } = setup
  const servers = implicitOnly([...setup.reading, ...setup.sending]).filter(
    ({ protocol, port }) => PORTS[protocol] === port,
  )
  const first = (protocol: MailServer['protocol']) => {
    const server = servers.find(one => one.protocol === protocol)
    return server ? { [protocol]: { host: server.host } } : {}
  }
  return JSON.stringify({
    protocols: { ...first('imap'), ...first('pop3'), ...first('smtp') },
    authentication: { password: true },
    info: {
      provider: {
        name: cut(provider, LONGEST_NAME),
        shortName: cut(provider, LONGEST_SHORT_NAME),
      },
      ...(help === undefined ? {} : { help: { documentation: help } }),
    },
  })
}

/** Half a character is none. */
const cut = (text: string, most: number): string =>
  text
    .slice(0, most)
    .replace(/[\ud800-\udbff]$/, '')
    .trim()

export const userAgentDigest = (body: string): string =>
  `v=UAAC1; a=sha256; d=${createHash('sha256').update(body, 'utf8').digest('base64')}`
