// Where the server behind a gateway is, as its URL says it. Pure.

export type BackEndAddress = {
  readonly security: 'tls' | 'starttls' | 'none'
  /** A host and a port, or a Unix socket. */
  readonly to:
    | { readonly host: string; readonly port: number }
    | { readonly path: string; readonly host?: undefined }
}

export type BackEndPlace = BackEndAddress & {
  /** It wants a PROXY header. */
  readonly proxyHeader: boolean
}

/** IANA's ports, with TLS from the first byte and without. */
const SCHEMES = {
  imaps: { security: 'tls', port: 993 },
  'imap+starttls': { security: 'starttls', port: 143 },
  imap: { security: 'none', port: 143 },
  pop3s: { security: 'tls', port: 995 },
  'pop3+starttls': { security: 'starttls', port: 110 },
  pop3: { security: 'none', port: 110 },
} as const

/** `url` as the configuration takes it. */
export function backEndAddress(url: string): BackEndAddress {
  if (url.startsWith('unix:')) return { security: 'none', to: { path: url.slice('unix:'.length) } }
  const [, scheme = '', six, name = '', port] =
    /^([a-z\d+]+):\/\/(?:\[([0-9a-f:.]+)\]|([^:]+))(?::(\d+))?$/i.exec(url) ?? []
  const { security, port: usual } = SCHEMES[scheme.toLowerCase() as keyof typeof SCHEMES]
  return { security, to: { host: six ?? name, port: Number(port ?? usual) } }
}
