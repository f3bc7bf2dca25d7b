// With which resolver and keys the names of a configuration are looked at.

import type { Config } from '../../config/schema.ts'
import { nodeResolver } from '../../drivers/lookups/node-resolver.ts'
import { dkimKeysOf } from '../../drivers/identity/dkim-keys.ts'
import type { NamesOptions } from './checks/names.ts'
import { tryRead } from './machine.ts'

export function namesOptions({ resolvers, dataFolder }: Config): NamesOptions {
  const keys = tryRead(() => dkimKeysOf(dataFolder))
  return { dns: nodeResolver(resolvers), keys: keys && 'is' in keys ? keys.is : undefined }
}
