// Where an address is, from MMDB files (MaxMind's format; GeoLite2, DB-IP and others come in it). Read whole into memory: some
// ten megabytes each.

import { Reader } from 'mmdb-lib'
import { ConfigError } from '../../model/errors.ts'
import type { Answers } from '../../model/question.ts'
import { wholeFileNow } from '../../wire/whole-file.ts'

/** The largest that are sold have half of it. */
const MOST = 1024 * 1024 * 1024

export type GeoFiles = {
  readonly country?: string | undefined
  readonly asn?: string | undefined
}

export type Geo = (address: string) => Answers['place']

type CountryRow = { readonly country?: { readonly iso_code?: string } }
type AsnRow = { readonly autonomous_system_number?: number }

/** Throws ConfigError when a file cannot be read, or is none. */
export function geo(files: GeoFiles): Geo {
  const country = reader('country', files.country)
  const asn = reader('asn', files.asn)
  return address => {
    const code = (country?.get(address) as CountryRow | null | undefined)?.country?.iso_code
    const number = (asn?.get(address) as AsnRow | null | undefined)?.autonomous_system_number
    return {
      ...(code === undefined ? {} : { country: code.toLowerCase() }),
      ...(number === undefined ? {} : { asn: number }),
    }
  }
}

function reader(key: keyof GeoFiles, file: string | undefined) {
  if (file === undefined) return undefined
  try {
    return new Reader(wholeFileNow(file, MOST).bytes)
  } catch (error) {
    const why =
      error instanceof Error && 'syscall' in error
        ? `cannot be read (${error.message})`
        : 'is no MMDB file, or is damaged'
    throw new ConfigError(
      `geo.${key}`,
      `${file} ${why}`,
      'Write the file as its publisher gives it, unpacked.',
    )
  }
}
