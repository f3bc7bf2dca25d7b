// What happens next on a virtual clock: things to do, in the order of their time, ties in the order they were added.

export type Agenda = {
  add(at: number, act: (at: number) => Promise<void> | void): void
  /** Does everything up to `end`, moving the clock; resolves when nothing is left before it. */
  runUntil(end: number): Promise<void>
  readonly now: () => number
}

type Item = { at: number; n: number; act: (at: number) => Promise<void> | void }

export function agenda(start: number): Agenda {
  const heap: Item[] = []
  let now = start
  let n = 0
  return {
    now: () => now,
    add: (at, act) => push(heap, { at: Math.max(at, now), n: n++, act }),
    runUntil: async end => {
      for (let next = heap[0]; next && next.at <= end; next = heap[0]) {
        pop(heap)
        now = next.at
        await next.act(now)
      }
      now = Math.max(now, end)
    },
  }
}

const before = (a: Item, b: Item) => a.at < b.at || (a.at === b.at && a.n < b.n)

function push(heap: Item[], item: Item): void {
  let i = heap.push(item) - 1
  while (i > 0) {
    const parent = (i - 1) >> 1
    if (!before(item, heap[parent] as Item)) break
    heap[i] = heap[parent] as Item
    i = parent
  }
  heap[i] = item
}

function pop(heap: Item[]): void {
  const last = heap.pop() as Item
  if (heap.length === 0) return
  let i = 0
  for (;;) {
    const left = 2 * i + 1
    if (left >= heap.length) break
    const child =
      left + 1 < heap.length && before(heap[left + 1] as Item, heap[left] as Item) ? left + 1 : left
    if (!before(heap[child] as Item, last)) break
    heap[i] = heap[child] as Item
    i = child
  }
  heap[i] = last
}
