// Where a running Cordon listens, for `serve`'s report and for programs that started it.

export type Place = {
  readonly kind:
    | 'smtp'
    | 'policy-service'
    | 'milter'
    | 'firewall-log'
    | 'radius'
    | 'flows'
    | 'decoy'
    | 'console'
    | 'portal'
  /** What a listener is called, and its address, where it has them. */
  readonly name?: string
  readonly address?: string
  readonly port: number
}

/** The ports of one kind, in the order in which they were opened. */
export const portsOf = (places: readonly Place[], kind: Place['kind']): readonly number[] =>
  places.filter(place => place.kind === kind).map(place => place.port)

/** One line a place, as `serve` prints it. */
export function inWords({ kind, name = kind, address = '', port }: Place): string | undefined {
  switch (kind) {
    case 'smtp':
      return `${name} on ${address} port ${port}`
    case 'policy-service':
      return `policy service on port ${port}`
    case 'milter':
      return `milter on port ${port}`
    case 'firewall-log':
      return `router's log on port ${port}`
    case 'radius':
      return `RADIUS accounting on port ${port}`
    case 'flows':
      return `flow records on port ${port}`
    case 'decoy':
      return `decoy on port ${port}`
    case 'console':
      return `live view on http://${address}:${port}/`
    case 'portal':
      return `portal on http://${address}:${port}/`
    default:
      return kind satisfies never
  }
}
