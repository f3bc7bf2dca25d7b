// Counters that cannot be read are put aside and begun anew: they may lose a second, and no mail waits for them. What they knew
// (greylisting, quotas, evidence added up) is gone, so it is told aloud; the file stays for an operator that wants to look.

import { existsSync, renameSync } from 'node:fs'

/** Moves a damaged file and what is beside it out of the way. Returns a sentence about it. */
export function setAside(path: string, why: string): string {
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(':', '')
  const aside = free(`${path}.damaged-${stamp}`)
  for (const tail of ['', '-wal', '-shm'])
    if (existsSync(`${path}${tail}`)) renameSync(`${path}${tail}`, `${aside}${tail}`)
  return `${path} is damaged (${why}) and was set aside as ${aside}; counters begin anew`
}

function free(path: string): string {
  for (let i = 0; ; i++) {
    const name = i === 0 ? path : `${path}.${i}`
    if (!existsSync(name)) return name
  }
}
