// What a finder says of one program or file of the machine, and what setup knows when all of them have looked.

import type { Machine } from './machine.ts'

export type CertificateFiles = { readonly key: string; readonly chain: string }

/** Only what is so without doubt: what is left out is asked. */
export type Facts = {
  readonly postfix?: {
    /** Where it takes mail from outside. */
    readonly port: number
    readonly submission: boolean
    /** Without loopback. */
    readonly mynetworks: readonly string[]
  }
  readonly hostname?: string
  readonly domains?: readonly string[]
  /** Some of the domains: others stand where setup does not look. */
  readonly someDomains?: readonly string[]
  readonly certificates?: readonly CertificateFiles[]
  readonly kea?: readonly string[]
  readonly dovecot?: true
  readonly freeRadius?: true
  readonly nft?: true
  readonly hasUser?: boolean
}

export type Sighting = {
  readonly what: string
  /** `unread`: it may be there, and could not be looked at. */
  readonly state: 'found' | 'absent' | 'unread'
  /** One line. */
  readonly said: string
  readonly facts: Facts
}

export type FinderOptions = { readonly configDirectory?: string | undefined }

export type Finder = {
  readonly what: string
  readonly find: (machine: Machine, options: FinderOptions) => Promise<Omit<Sighting, 'what'>>
}

export const absent = (said: string): Omit<Sighting, 'what'> => ({
  state: 'absent',
  said,
  facts: {},
})
export const unread = (said: string): Omit<Sighting, 'what'> => ({
  state: 'unread',
  said,
  facts: {},
})
