// Where an address is, from MMDB files (MaxMind's format; GeoLite2, DB-IP and others come in it). Read whole into memory: some
// ten megabytes each.

import { readFileSync } from 'node:fs'
import { Reader } from 'mmdb-lib'
import type { Answers } from '../../model/question.ts'

export type GeoFiles = {
  readonly country?: string | undefined
  readonly asn?: string | undefined
}

export type Geo = (address: string) => Answers['place']

type CountryRow = { readonly country?: { readonly iso_code?: string } }
type AsnRow = { readonly autonomous_system_number?: number }

/** Throws when a file cannot be read, or is none. */
export function geo(files: GeoFiles): Geo {
  const country = reader(files.country)
  const asn = reader(files.asn)
  return address => {
    const code = (country?.get(address) as CountryRow | null | undefined)?.country?.iso_code
    const number = (asn?.get(address) as AsnRow | null | undefined)?.autonomous_system_number
    return {
      ...(code === undefined ? {} : { country: code.toLowerCase() }),
      ...(number === undefined ? {} : { asn: number }),
    }
  }
}

const reader = (file: string | undefined) =>
  file === undefined ? undefined : new Reader(readFileSync(file))
