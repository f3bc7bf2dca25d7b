// The Debian packages the tests need: installed when root, named otherwise. Two mail servers cannot be installed side by
// side; of the others the packages are only unpacked, with the users and folders they have compiled in.

import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Program -> the package it comes from. */
const INSTALLED: Readonly<Record<string, string>> = {
  '/usr/bin/strace': 'strace',
  '/usr/sbin/smtp-source': 'postfix',
  '/usr/bin/msmtp': 'msmtp',
  '/usr/bin/swaks': 'swaks',
  '/usr/lib/x86_64-linux-gnu/perl5/5.36/Net/SSLeay.pm': 'libnet-ssleay-perl',
  // Swaks needs it for IPv6.
  '/usr/share/perl5/IO/Socket/INET6.pm': 'libio-socket-inet6-perl',
  '/usr/bin/python3': 'python3',
  '/usr/lib/python3/dist-packages/seccomp.cpython-311-x86_64-linux-gnu.so': 'python3-seccomp',
  '/usr/lib/python3/dist-packages/pyte/__init__.py': 'python3-pyte',
  '/usr/bin/curl': 'curl',
  '/usr/bin/chromium': 'chromium',
  '/usr/bin/openssl': 'openssl',
  '/usr/sbin/ip': 'iproute2',
  '/usr/sbin/sysctl': 'procps',
  '/usr/sbin/nft': 'nftables',
  '/usr/sbin/ulogd': 'ulogd2',
  '/usr/lib/x86_64-linux-gnu/ulogd/ulogd_output_JSON.so': 'ulogd2-json',
  '/usr/bin/oathtool': 'oathtool',
  '/usr/sbin/softflowd': 'softflowd',
  '/usr/sbin/pmacctd': 'pmacct',
  '/usr/bin/nfreplay': 'nfdump',
  '/usr/bin/tcpdump': 'tcpdump',
  '/usr/sbin/kea-dhcp4': 'kea-dhcp4-server',
  '/usr/bin/busybox': 'busybox',
  '/usr/sbin/rsyslogd': 'rsyslog',
  '/usr/bin/radclient': 'freeradius-utils',
  '/usr/sbin/freeradius': 'freeradius',
  '/usr/sbin/unbound': 'unbound',
  '/usr/bin/dig': 'bind9-dnsutils',
  '/usr/bin/ldns-signzone': 'ldnsutils',
  '/usr/sbin/rbldnsd': 'rbldnsd',
  '/usr/bin/dnsperf': 'dnsperf',
  '/usr/sbin/slapd': 'slapd',
  '/usr/bin/arcverify': 'python3-dkim',
  // Without it dkimpy does not know Ed25519.
  '/usr/lib/python3/dist-packages/nacl/__init__.py': 'python3-nacl',
  '/usr/bin/xmllint': 'libxml2-utils',
  '/usr/lib/python3/dist-packages/authres/__init__.py': 'python3-authres',
  '/usr/lib/python3/dist-packages/html5lib/__init__.py': 'python3-html5lib',
  '/usr/bin/m4': 'm4',
  '/usr/bin/rspamd': 'rspamd',
  '/usr/bin/bsdtar': 'libarchive-tools',
  '/usr/bin/7zz': '7zip',
  '/usr/bin/tnef': 'tnef',
  '/usr/bin/ytnef': 'ytnef-tools',
  '/usr/lib/python3/dist-packages/icalendar/__init__.py': 'python3-icalendar',
  '/usr/bin/notmuch': 'notmuch',
  '/usr/bin/zip': 'zip',
  '/usr/bin/unzip': 'unzip',
  '/usr/bin/genisoimage': 'genisoimage',
  '/usr/bin/bzip2': 'bzip2',
  '/usr/bin/xz': 'xz-utils',
  '/usr/lib/x86_64-linux-gnu/perl5/5.36/MaxMind/DB/Writer/Tree.pm': 'libmaxmind-db-writer-perl',
  '/usr/sbin/clamd': 'clamav-daemon',
  '/usr/lib/dovecot/lmtp': 'dovecot-lmtpd',
  '/usr/bin/mutt': 'mutt',
  '/usr/bin/mbsync': 'isync',
  '/usr/bin/fetchmail': 'fetchmail',
  '/usr/bin/getmail': 'getmail6',
  '/usr/lib/dovecot/imap': 'dovecot-imapd',
  '/usr/lib/dovecot/pop3': 'dovecot-pop3d',
  '/usr/lib/dovecot/submission': 'dovecot-submissiond',
  // For SASL in Postfix's SMTP client.
  '/usr/lib/x86_64-linux-gnu/sasl2/libplain.so': 'libsasl2-modules',
  // Libraries of the programs that are only unpacked.
  '/usr/lib/x86_64-linux-gnu/libdb-5.3.so': 'libdb5.3',
  '/usr/lib/x86_64-linux-gnu/libgnutls-dane.so.0': 'libgnutls-dane0',
  '/lib/x86_64-linux-gnu/libidn.so.12': 'libidn12',
  '/usr/lib/x86_64-linux-gnu/libgdbm.so.6': 'libgdbm6',
  '/lib/x86_64-linux-gnu/libnsl.so.2': 'libnsl2',
  '/usr/lib/x86_64-linux-gnu/libpcre2-8.so.0': 'libpcre2-8-0',
  '/usr/lib/x86_64-linux-gnu/libevent-2.1.so.7': 'libevent-2.1-7',
}

/** Where packages are unpacked, each in a folder of its name. */
export const UNPACKED = '/var/cache/cordon-tests'

type Unpacked = {
  readonly program: string
  readonly users: readonly string[]
  readonly folders: readonly string[]
  /** Copied from the package to where the program looks for it. */
  readonly copied: readonly string[]
}

/** Of one that makes do with where it is unpacked. */
const alone = (program: string): Unpacked => ({ program, users: [], folders: [], copied: [] })

const ONLY_UNPACKED: Readonly<Record<string, Unpacked>> = {
  // Courier cannot be installed beside Dovecot, and nginx would begin to serve.
  'courier-base': alone('usr/sbin/couriertcpd'),
  'courier-imap': alone('usr/bin/imapd'),
  'courier-pop': alone('usr/lib/courier/courier/courierpop3d'),
  'courier-authlib': alone('usr/lib/libcourierauth.so.0'),
  'libcourier-unicode4': alone('usr/lib/x86_64-linux-gnu/libcourier-unicode.so.4'),
  libgamin0: alone('usr/lib/x86_64-linux-gnu/libfam.so.0'),
  nginx: alone('usr/sbin/nginx'),
  'libnginx-mod-mail': alone('usr/lib/nginx/modules/ngx_mail_module.so'),
  'exim4-daemon-light': {
    program: 'usr/sbin/exim4',
    users: ['Debian-exim'],
    folders: [],
    copied: [],
  },
  'sendmail-bin': {
    program: 'usr/libexec/sendmail/sendmail',
    users: [],
    folders: [],
    copied: [],
  },
  'sendmail-cf': {
    program: 'usr/share/sendmail/cf/m4/cf.m4',
    users: [],
    folders: [],
    copied: [],
  },
  opensmtpd: {
    program: 'usr/sbin/smtpd',
    users: ['opensmtpd', 'opensmtpq'],
    folders: ['/var/lib/opensmtpd/empty', '/var/spool/smtpd'],
    copied: ['/usr/libexec/opensmtpd'],
  },
}

/** Installs and unpacks what is missing. Returns what is missing still, in words; empty when nothing is. */
export function provideDebian(): string {
  const install = Object.entries(INSTALLED).flatMap(([program, name]) =>
    existsSync(program) ? [] : [name],
  )
  const unpack = Object.entries(ONLY_UNPACKED).filter(
    ([name, { program }]) => !existsSync(join(UNPACKED, name, program)),
  )
  if (install.length + unpack.length === 0) return ''
  const names = [...new Set([...install, ...unpack.map(([name]) => name)])].join(', ')
  if (process.getuid?.() !== 0)
    return `Debian packages are missing, and only root can install them: ${names}.\nRun it once as root: sudo npm test`
  console.log(`installing ${names} from Debian`)
  const failed = [
    ['update', '-qq'],
    ...(install.length > 0
      ? [['install', '-y', '-qq', '--no-install-recommends', ...new Set(install)]]
      : []),
  ].find(args => !apt(args))
  if (failed) return `apt-get ${failed.join(' ')} failed`
  for (const [name, what] of unpack)
    if (!unpackOne(name, what)) return `the package ${name} cannot be unpacked`
  return ''
}

function apt(args: readonly string[], cwd = '/'): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  return (
    spawnSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env, cwd }).status === 0
  )
}

function unpackOne(name: string, what: Unpacked): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-debian-'))
  try {
    if (!apt(['download', '-qq', '-o', 'APT::Sandbox::User=root', name], folder)) return false
    const [file] = readdirSync(folder)
    const to = join(UNPACKED, name)
    mkdirSync(to, { recursive: true })
    if (spawnSync('dpkg', ['-x', join(folder, file ?? ''), to]).status !== 0) return false
    // Nothing that is only unpacked shall make any user root.
    spawnSync('chmod', ['-R', 'u-s,g-s', to])
    for (const user of what.users)
      spawnSync('useradd', ['--system', '--no-create-home', user], { stdio: 'ignore' })
    for (const path of what.folders) mkdirSync(path, { recursive: true, mode: 0o711 })
    for (const path of what.copied) cpSync(join(to, path), path, { recursive: true })
    return true
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
