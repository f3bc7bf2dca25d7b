// What monitoring asks.

export interface Operations {
  /** Everything that is counted, in the Prometheus text format. What cannot be read now is named, and the rest is there. */
  metrics(): Promise<{ readonly contentType: string; readonly text: string }>
  /** What does not work, in words; empty when all is well. */
  problems(): Promise<readonly string[]>
}
