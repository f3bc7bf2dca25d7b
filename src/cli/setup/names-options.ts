// With which resolver and key the names of a configuration are looked at.

import { join } from 'node:path'
import type { Config } from '../../config/schema.ts'
import { nodeResolver } from '../../drivers/lookups/node-resolver.ts'
import type { NamesOptions } from './checks/names.ts'
import { thisMachine, tryRead } from './machine.ts'

export function namesOptions({ resolvers, dataFolder }: Config): NamesOptions {
  const key = tryRead(() => thisMachine().read(join(dataFolder, 'keys', 'dkim.pem')))
  return { dns: nodeResolver(resolvers), privateKey: key && 'is' in key ? key.is : undefined }
}
