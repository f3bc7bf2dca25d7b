// The name that a program has whose part has none: Mozilla calls it `attachment` with the first extension of its type, and others likewise.

import { mediaTypes } from './media-types.ts'

/**
 * Types of what a click runs, with the extension of each: from /etc/mime.types (Debian media-types), the list of Apache's httpd, IANA, and
 * shared-mime-info.
 */
const EXTENSIONS: Readonly<Record<string, string>> = {
  exe: 'x-msdownload x-msdos-program x-msdos-windows x-dosexec x-dos_ms_exe dos-exe exe x-exe x-winexe msdos-windows vnd.microsoft.portable-executable x-ms-dos-executable x-win32-executable',
  bat: 'bat x-bat',
  com: 'com x-com',
  cmd: 'cmd x-cmd',
  hta: 'hta x-hta',
  jar: 'java-archive x-java-archive x-jar',
  msi: 'x-msi x-windows-installer x-ole-storage-msi',
  js: 'javascript x-javascript ecmascript',
  vbs: 'x-vbs vbs x-vbscript',
  sh: 'x-sh x-shellscript',
  ps1: 'x-powershell',
  lnk: 'x-ms-shortcut x-mslnk',
  chm: 'vnd.ms-htmlhelp x-chm',
  iso: 'x-iso9660-image x-cd-image vnd.efi.iso',
  apk: 'vnd.android.package-archive',
  deb: 'vnd.debian.binary-package x-debian-package',
  rpm: 'x-rpm x-redhat-package-manager',
  dmg: 'x-apple-diskimage',
}
const BY_TYPE: ReadonlyMap<string, string> = new Map(
  Object.entries(EXTENSIONS).flatMap(([extension, subtypes]) =>
    subtypes.split(' ').map(one => [`application/${one}`, extension] as const),
  ),
)
/** Most parts are one of these, and say it plainly. */
const NO_PROGRAM = /^(?:text|multipart|message|image)\/[\w.+-]+(?:;|$)/i

export function nameByFields(fields: readonly { readonly value: string }[]): string | undefined {
  if (fields.every(({ value }) => NO_PROGRAM.test(value))) return undefined
  return nameByType(mediaTypes(fields, ''))
}

/** `types`: in lower case. */
export function nameByType(types: Iterable<string>): string | undefined {
  for (const type of types) {
    const extension = BY_TYPE.get(type)
    if (extension !== undefined) return `attachment.${extension}`
  }
  return undefined
}
