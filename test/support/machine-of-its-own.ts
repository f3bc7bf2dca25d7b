// A machine to install on: this one's files below a layer of its own (overlayfs), and a network of its own. What is written there is gone with it.
// Only for root. No systemd runs there; `systemctl` is a program that writes down what it was told.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from './serve.ts'

export type Machine = {
  /** Its root folder, for programs inside its mount namespace. */
  readonly root: string
  /** Program and arguments that run another program in its namespaces, with this machine's files. */
  readonly beside: readonly string[]
  /** Runs shell words on it, as root. */
  sh(words: string): Promise<{ code: number; output: string }>
  /** What systemctl was told so far, a line each. */
  told(): Promise<readonly string[]>
  stop(): Promise<void>
}

const SYSTEMCTL = '/usr/local/sbin/systemctl'
const TOLD = '/run/systemctl-told'
/** While it is there, systemctl says that the service is active. */
export const ACTIVE = '/run/cordon-is-active'

export async function startMachine(): Promise<Machine> {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-machine-'))
  const root = join(folder, 'root')
  for (const name of ['upper', 'work', 'root']) mkdirSync(join(folder, name))
  const script = `set -e
ip link set lo up
mount -t overlay overlay -o lowerdir=/,upperdir=${folder}/upper,workdir=${folder}/work ${root}
mount --rbind /proc ${root}/proc
mount --rbind /dev ${root}/dev
if chroot ${root} getent passwd cordon > /dev/null; then chroot ${root} userdel cordon; fi
rm -rf ${root}/etc/cordon ${root}/var/lib/cordon ${root}/run/*
mkdir -p ${root}/run/systemd/system
cat > ${root}${SYSTEMCTL} << 'END'
#!/bin/sh
case "$*" in *is-active*) exec test -e ${ACTIVE} ;; esac
echo "$@" >> ${TOLD}
END
chmod 755 ${root}${SYSTEMCTL}
touch ${root}${TOLD}
echo furnished
read line`
  // It ends with the pipe, when this process ends.
  const holder = spawn('unshare', ['-mn', 'sh', '-c', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = once(holder, 'exit')
  const stop = async () => {
    holder.stdin.end()
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
  const furnished = await Promise.race([once(holder.stdout, 'data'), ended])
  if (String(furnished[0]) !== 'furnished\n') {
    await stop()
    throw new Error('the machine could not be furnished')
  }
  const beside = ['nsenter', '-m', '-n', '-t', String(holder.pid)]
  const [program, ...args] = [...beside, 'chroot', root, 'sh', '-c']
  const sh = (words: string) => run(program, [...args, words])
  const told = async () => (await sh(`cat ${TOLD}`)).output.split('\n').filter(Boolean)
  return { root, beside, sh, told, stop }
}

/**
 * Shell words for `unshare -m sh -c` in the machine's namespaces: the ExecStart of a unit there, with its user, rights and the places that it may
 * write. What systemd does with a filter of system calls (RestrictAddressFamilies and its like) is not in it.
 */
export function asUnit(root: string, unit: string): string {
  const setting = (name: string): string => {
    const [, value] = new RegExp(`^${name}=(.+)$`, 'm').exec(unit) ?? []
    if (value === undefined) throw new Error(`the unit has no ${name}`)
    return value
  }
  const user = setting('User')
  const state = `${root}/var/lib/${setting('StateDirectory')}`
  const may = (right: string) => `-all,+${right.replace('CAP_', '').toLowerCase()}`
  const rights = [
    `--reuid=${user} --regid=${user} --clear-groups --no-new-privs`,
    `--inh-caps=${may(setting('AmbientCapabilities'))}`,
    `--ambient-caps=${may(setting('AmbientCapabilities'))}`,
    `--bounding-set=${may(setting('CapabilityBoundingSet'))}`,
  ].join(' ')
  return `set -e
[ -d ${state} ] || chroot ${root} install -d -o ${user} -g ${user} /var/lib/${setting('StateDirectory')}
mount -o remount,bind,ro ${root}
mount --bind ${state} ${state}
mount -o remount,bind,rw ${state}
mount --bind ${root}/proc/sys ${root}/proc/sys
mount -o remount,bind,ro ${root}/proc/sys
for place in tmp var/tmp home root dev; do mount -t tmpfs private ${root}/$place; done
for device in null zero full random urandom; do
  touch ${root}/dev/$device
  mount --bind /dev/$device ${root}/dev/$device
done
exec chroot ${root} setpriv ${rights} sh -c '
umask ${setting('UMask')}
cd ${setting('WorkingDirectory')}
exec ${setting('ExecStart')}'`
}
