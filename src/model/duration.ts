// Spans of time as people write them in a configuration ("30m", "72h", "14d"), in milliseconds.

export const SECOND = 1000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: SECOND, m: MINUTE, h: HOUR, d: DAY }

/** "90s", "1.5h", "14d" in milliseconds; undefined when it is not a duration. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)$/.exec(text.trim())
  if (!match) return undefined
  return Number(match[1]) * (UNITS[match[2] as string] as number)
}

/** The shortest wording that is still exact enough to act on: "45s", "12m", "3h", "2d". */
export function formatDuration(ms: number): string {
  const abs = Math.abs(ms)
  const sign = ms < 0 ? '-' : ''
  if (abs < MINUTE) return `${sign}${Math.round(abs / SECOND)}s`
  if (abs < 2 * HOUR) return `${sign}${Math.round(abs / MINUTE)}m`
  if (abs < 2 * DAY) return `${sign}${Math.round(abs / HOUR)}h`
  return `${sign}${Math.round(abs / DAY)}d`
}
