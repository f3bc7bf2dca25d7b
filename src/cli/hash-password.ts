// `cordon hash-password`: a password from standard input, as the configuration wants it.

import { text } from 'node:stream/consumers'
import { Command } from 'commander'
import { makeVerifier } from '../drivers/credentials/scram-hash.ts'
import { hashPassword, PROPER_COST } from '../drivers/credentials/password-hash.ts'
import { NotSo } from './failures.ts'
import { sayJson } from './in-json.ts'
import { JSON_ABOUT, sayingWhy } from './shared-options.ts'

export function hashPasswordCommand(): Command {
  return new Command('hash-password')
    .option('--scram', 'a SCRAM-SHA-256 verifier instead of an argon2id hash')
    .option('--json', JSON_ABOUT)
    .action(
      sayingWhy(async (options: { scram?: true; json?: true }) => {
        if (process.stdin.isTTY) console.error('Type the password, then Enter and Ctrl-D:')
        const password = (await text(process.stdin)).replace(/\r?\n$/, '')
        if (password === '') throw new NotSo('nothing was typed')
        const hash = options.scram
          ? await makeVerifier(password)
          : await hashPassword(password, PROPER_COST)
        if (options.json) sayJson({ hash })
        else console.log(hash)
      }),
    )
}
