// Debian's rspamd with nothing but its built-in test pattern, on a free loopback port.

import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.ts'
import { untilItListens } from './peer.ts'

/** https://spamassassin.apache.org/gtube: called spam by every scanner; rspamd only marks the second. */
export const GTUBE = {
  refused: 'XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X',
  marked: 'YJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X',
}

export async function rspamd(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-rspamd-'))
  const port = await freePort()
  const config = join(folder, 'rspamd.conf')
  // The list of top-level domains that comes with it has ten thousand, and costs ten seconds of processor time at each start.
  const domains = join(folder, 'top-level-domains')
  writeFileSync(domains, 'com\nexample\n')
  writeFileSync(
    config,
    `options {
  pidfile = "${folder}/pid";
  tempdir = "${folder}";
  url_tld = "${domains}";
  dns { nameserver = ["127.0.0.1:9"]; timeout = 0.1s; retransmits = 1; }
  control_socket = "${folder}/control mode=0600";
  gtube_patterns = "all";
  hs_cache_dir = "${folder}";
}
logging { type = "console"; level = "error"; }
worker "normal" { bind_socket = "127.0.0.1:${port}"; count = 1; }
actions { reject = 15; add_header = 6; }
`,
  )
  const child = spawn('/usr/bin/rspamd', ['-f', '-i', '-c', config], { stdio: 'ignore' })
  const ended = new Promise<void>(resolve => child.once('exit', () => resolve()))
  const gone = ended.then(() => Promise.reject(new Error('rspamd ended before it listened')))
  gone.catch(() => undefined)
  // Where it does not come at all, nothing of it stays.
  try {
    await Promise.race([untilItListens(port), gone])
  } catch (error) {
    child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      child.kill()
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
