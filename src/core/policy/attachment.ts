// Attachments that run when somebody clicks on them: by name, behind a second name (`invoice.pdf.exe`), with letters turned
// round to look like another, and inside archives and forwarded messages. An archive that could not be listed to its end, or stands
// behind the first mebibyte of a message, is the matter of `unreadable.ts`.

import { fileExtension } from '../../mail/file-extension.ts'
import type { AttributedStep } from '../../model/step.ts'
import type { Mode, Rule } from './rule.ts'

export type AttachmentSettings = {
  /** Extensions, without the dot. */
  readonly refused: readonly string[]
  /** Archives whose files nobody can look at. */
  readonly encrypted: 'accept' | 'refuse'
}

export function attachment(mode: Mode, settings: AttachmentSettings): Rule {
  const refused = new Set(settings.refused.map(extension => extension.toLowerCase()))
  return {
    name: 'attachment',
    about: 'No attachment is a program, also not in an archive or in a forwarded message.',
    reasons: ['dangerous-attachment'],
    listeners: ['inbound', 'submission', 'trusted-network'],
    stages: ['message'],
    mode,
    onFailure: 'accept',
    decide: ({ message }: AttributedStep) => {
      if (!message) return undefined
      const locked = settings.encrypted === 'refuse' && message.encryptedArchive === true
      const names = [...message.attachments, ...(message.archived ?? [])]
      return locked || names.some(name => isDangerous(name, refused))
        ? { kind: 'reject', reason: 'dangerous-attachment' }
        : undefined
    },
  }
}

/** By what Windows takes for its extension. */
export function isDangerous(name: string, refused: ReadonlySet<string>): boolean {
  // U+202E: what follows is shown backwards, so that "exe.jpg" can end a program.
  if (/[\u202a-\u202e\u2066-\u2069]/.test(name)) return true
  const extension = fileExtension(name)
  return extension !== undefined && refused.has(extension.trim().toLowerCase())
}
