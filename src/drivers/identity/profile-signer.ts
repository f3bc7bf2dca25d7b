// Signs configuration profiles with the certificate of the operator, by OpenSSL's own program: Node signs no CMS. The files are read with each
// profile, so a certificate that was renewed is used at once. At most a few run at a time, few wait, and none runs for long.

import { execFile } from 'node:child_process'

export type CertificateFiles = { readonly key: string; readonly chain: string }

const AT_ONCE = 2
const WAITING = 20
/** ms: a signature takes about ten. */
const PATIENCE = 5000
/** Bytes of a signed profile: those with a long chain have ten thousand. */
const LARGEST = 256 * 1024
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** `files`: those in force; undefined without a certificate. */
export function profileSigner(files: () => CertificateFiles | undefined) {
  let running = 0
  const waiting: (() => void)[] = []
  const turn = () => new Promise<void>(resolve => void waiting.push(resolve))
  return {
    signs: () => files() !== undefined,
    /** Undefined when too many wait. Rejects when OpenSSL could not sign it. */
    async sign(profile: string): Promise<Uint8Array | undefined> {
      if (running >= AT_ONCE && waiting.length >= WAITING) return undefined
      if (running >= AT_ONCE) await turn()
      else running++
      try {
        const now = files()
        return now ? await signed(profile, now) : Buffer.from(profile)
      } finally {
        // The next one takes this place.
        const next = waiting.shift()
        if (next) next()
        else running--
      }
    },
  }
}

const signed = (profile: string, { key, chain }: CertificateFiles): Promise<Uint8Array> =>
  new Promise((resolve, reject) => {
    const args = ['smime', '-sign', '-nodetach', '-binary', '-outform', 'DER']
    const files = ['-signer', chain, '-certfile', chain, '-inkey', key]
    const options = {
      env: { PATH },
      encoding: 'buffer' as const,
      timeout: PATIENCE,
      killSignal: 'SIGKILL' as const,
      maxBuffer: LARGEST,
    }
    const child = execFile('openssl', [...args, ...files], options, (error, output, complaint) => {
      if (!error) return resolve(output)
      const words = complaint.toString('utf8').trim().slice(0, 500) || error.message
      reject(new Error(`openssl could not sign a profile: ${words}`, { cause: error }))
    })
    // It may end without reading.
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(profile)
  })
