// Whether the user `cordon` may read the key that the configuration names: certbot's are root's alone, and the unit does not run as root.

import type { Check } from '../../check.ts'
import type { CertificateFiles } from '../finding.ts'
import type { Machine } from '../machine.ts'

/** Asked of the kernel, by root only; none: it may, or that cannot be known here. */
export const keyChecked = (
  { key, chain }: CertificateFiles,
  machine: Machine,
): Promise<readonly Check[]> =>
  unreadable(
    [key, chain],
    machine,
    path =>
      `install -m 640 -g cordon ${path} /etc/cordon/, at each renewal, too (certbot --deploy-hook), and name that file`,
  )

/** Of these, those that the user may not read. `write`: what mends one. */
export async function unreadable(
  paths: readonly string[],
  machine: Machine,
  write: (path: string) => string,
): Promise<readonly Check[]> {
  if (machine.user !== 0) return []
  const as = ['--reuid=cordon', '--regid=cordon', '--init-groups', 'test', '-r']
  const ran = await Promise.all(
    paths.map(async path => ({ path, ran: await machine.run('setpriv', [...as, path]) })),
  )
  return ran.flatMap(({ path, ran }) =>
    'why' in ran
      ? [
          {
            what: path,
            state: 'missing' as const,
            said: 'the user cordon may not read it',
            write: write(path),
            must: true as const,
          },
        ]
      : [],
  )
}
