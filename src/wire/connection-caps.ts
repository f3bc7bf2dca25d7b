// How many connections at once: in all, and from one address. Asked before anything that costs.

export type Caps = {
  /** False when there is no room; otherwise `leave` must be called once when the connection ends. */
  enter(address: string): boolean
  leave(address: string): void
  readonly open: number
}

export type CapSettings = { readonly total: number; readonly perAddress: number }

export function connectionCaps(settings: CapSettings): Caps {
  const byAddress = new Map<string, number>()
  let open = 0
  return {
    get open() {
      return open
    },
    enter: address => {
      const mine = byAddress.get(address) ?? 0
      if (open >= settings.total || mine >= settings.perAddress) return false
      byAddress.set(address, mine + 1)
      open++
      return true
    },
    leave: address => {
      const mine = (byAddress.get(address) ?? 1) - 1
      if (mine > 0) byAddress.set(address, mine)
      else byAddress.delete(address)
      open--
    },
  }
}
