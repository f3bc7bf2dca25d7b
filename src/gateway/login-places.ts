// How many connections one login has at once: phones keep four to eight each.

export type LoginPlaces = {
  /** What is called once when the connection ends; undefined when there is no room. */
  enter(login: string): (() => void) | undefined
}

/** Connections of one login at once. */
export const MOST = 100

export function loginPlaces(): LoginPlaces {
  const open = new Map<string, number>()
  return {
    enter: login => {
      const before = open.get(login) ?? 0
      if (before >= MOST) return undefined
      open.set(login, before + 1)
      return () => {
        const left = (open.get(login) ?? 1) - 1
        if (left > 0) open.set(login, left)
        else open.delete(login)
      }
    },
  }
}
