// What monitoring asks.

export interface Operations {
  /** All metrics in the Prometheus text format. Parts that cannot be read now are named, and the others are there. */
  metrics(): Promise<{ readonly contentType: string; readonly text: string }>
  /** One sentence for each fault; empty when there is none. */
  problems(): Promise<readonly string[]>
}
