// Work that grows too fast, planted: what the step counter must see (steps.test.ts).

/** Looks through all that came before for each that comes. */
export function quadratic(text: string): number {
  const seen: string[] = []
  let twice = 0
  for (const letter of text) {
    if (seen.some(one => one === letter && one === ' ')) twice++
    seen.push(letter)
  }
  return twice
}

/** Keeps what came by making it anew, as `[...before, one]` does. */
export function copying(text: string): readonly string[] {
  let kept: readonly string[] = []
  for (const letter of text) kept = [...kept, letter]
  return kept
}

/** Waits for the end of a line by putting together all that has come. */
export function rejoining(pieces: readonly Buffer[]): number {
  let all = Buffer.alloc(0)
  for (const piece of pieces) all = Buffer.concat([all, piece])
  return all.length
}

/** Looks for an end from the beginning, again and again. */
export function searching(text: string): number {
  let found = 0
  for (let at = 0; at < text.length; at++) if (text.indexOf('.', at) >= 0) found++
  return found
}

/** Finds where a comma stands in two ways, and so on for each of both. */
export function exponential(text: string): number {
  if (text === '') return 1
  return exponential(text.slice(1)) + exponential(text.slice(1))
}

/** Each letter once. */
export function linear(text: string): number {
  let sum = 0
  for (let i = 0; i < text.length; i++) sum += text.charCodeAt(i) & 1
  return sum + text.split('x').length
}
