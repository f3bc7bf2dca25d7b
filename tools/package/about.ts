// What the Debian package says of itself: control, copyright and Debian's changelog.

export type AboutPackage = {
  readonly version: string
  readonly architecture: string
  readonly maintainer: string
  /** Seconds since 1970. */
  readonly made: number
  /** Of what is installed, in KiB. */
  readonly size: number
}

/** What Node is linked with, and what makes the user. Postfix, nftables and the others stand beside Cordon where they are wanted. */
const DEPENDS = 'adduser, libc6 (>= 2.28), libgcc-s1, libstdc++6 (>= 9)'

export const control = ({
  version,
  architecture,
  maintainer,
  size,
}: Omit<AboutPackage, 'made'>): string => `Package: cordon
Version: ${version}
Architecture: ${architecture}
Maintainer: ${maintainer}
Installed-Size: ${size}
Depends: ${DEPENDS}
Recommends: systemd
Suggests: postfix, nftables, ulogd2, ulogd2-json
Section: mail
Priority: optional
Description: keeps virus-infected machines from sending spam
 Cordon stands between the customers of an access provider and port 25. It
 sees which line or login sends like a bot, holds that mail, tells the owner
 why, and closes port 25 of the line on the provider's own routers until the
 machine is clean. Other customers are not hindered.
 .
 It is a submission and relay server of its own, or stands beside a Postfix,
 Exim or Sendmail as milter and policy service. It brings the Node.js that
 runs it.
`

export const debianChangelog = ({
  version,
  maintainer,
  made,
}: Pick<
  AboutPackage,
  'version' | 'maintainer' | 'made'
>): string => `cordon (${version}) unstable; urgency=medium

  * See changelog.gz.

 -- ${maintainer}  ${new Date(made * 1000).toUTCString().replace('GMT', '+0000')}
`

export const COPYRIGHT = `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: Cordon
Comment: /usr/lib/cordon/*.js has other packages in it. Which ones, and the
 terms of each, is in /usr/lib/cordon/THIRD-PARTY-LICENSES; those of Node.js
 and of what it has in it are in LICENSE.node.gz beside this file.

Files: *
Copyright: 2026 The authors of Cordon
License: Apache-2.0
 On Debian systems the text is in /usr/share/common-licenses/Apache-2.0.

Files: usr/lib/cordon/node
Copyright: 2009 and later, Node.js contributors
License: Expat
 See LICENSE.node.gz beside this file.
`
