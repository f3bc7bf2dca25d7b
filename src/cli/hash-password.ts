// `cordon hash-password`: a password from standard input, as the configuration wants it.

import { text } from 'node:stream/consumers'
import { Command } from 'commander'
import { makeVerifier } from '../drivers/credentials/scram-hash.ts'
import { hashPassword, PROPER_COST } from '../drivers/credentials/password-hash.ts'

export function hashPasswordCommand(): Command {
  return new Command('hash-password')
    .option('--scram', 'a SCRAM-SHA-256 verifier instead of an argon2id hash')
    .action(async (options: { scram?: true }) => {
      if (process.stdin.isTTY) console.error('Type the password, then Enter and Ctrl-D:')
      const password = (await text(process.stdin)).replace(/\r?\n$/, '')
      if (password === '') {
        console.error('cordon: nothing was typed')
        process.exitCode = 1
        return
      }
      console.log(
        options.scram ? await makeVerifier(password) : await hashPassword(password, PROPER_COST),
      )
    })
}
