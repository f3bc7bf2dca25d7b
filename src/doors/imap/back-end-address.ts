// Where the IMAP server behind is, as its URL says it. Pure.

export type BackEndAddress = {
  readonly security: 'tls' | 'starttls' | 'none'
  /** A host and a port, or a Unix socket. */
  readonly to:
    | { readonly host: string; readonly port: number }
    | { readonly path: string; readonly host?: undefined }
}

const SECURITY = { imaps: 'tls', 'imap+starttls': 'starttls', imap: 'none' } as const
/** IANA's ports: 993 with TLS from the first byte. */
const PORTS = { tls: 993, starttls: 143, none: 143 } as const

/** `url` as the configuration takes it. */
export function backEndAddress(url: string): BackEndAddress {
  if (url.startsWith('unix:')) return { security: 'none', to: { path: url.slice('unix:'.length) } }
  const [, scheme = '', six, name = '', port] =
    /^([a-z+]+):\/\/(?:\[([0-9a-f:.]+)\]|([^:]+))(?::(\d+))?$/i.exec(url) ?? []
  const security = SECURITY[scheme.toLowerCase() as keyof typeof SECURITY]
  return { security, to: { host: six ?? name, port: Number(port ?? PORTS[security]) } }
}
