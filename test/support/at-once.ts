// Does a source ask whether a value is a promise, or await it only where there is one? What functions give, either-results.ts sees.

const ASKS = [
  /\binstanceof Promise\b|\btypeof [\w.?!()]*\.then\b|\bisPromise\b|['"]then['"] in /,
  // kept ? kept.then(…) : …
  /\b(\w+) \? \1\.then\(/,
  // if (turn) await turn; if (turn) { … turn.then(…) }
  /\bif \((\w+)\) await (?:this\.[\w.#]+\()?\1\b(?![.(])/,
  /\bif \((\w+)\) \{[^}]*\b\1\.then\(/,
  // named?.then(run) ?? run()
  /\?\.then\([^)]*\) \?\?/,
]

export const asksWhetherPromise = (text: string): boolean => ASKS.some(one => one.test(text))
