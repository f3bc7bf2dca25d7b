// Lists the files in the archives of one message, and in archives in them, within a budget. Names come first, of all archives, and
// only then is looked for archives in archives: what goes wrong with a content takes no name away.

import {
  archiveAtStart,
  type ArchiveKind,
  archivesIn,
  isNamedArchive,
  TELLING,
} from '../../mail/archive-kind.ts'
import { isPlainlyNoArchive } from '../../mail/no-archive.ts'
import { isPartOfSplit } from '../../mail/split-archive.ts'
import type { AttachedArchive } from '../../model/attached-archive.ts'
import type { Unlisted } from '../../ports/archives.ts'
import { type FoundNames, MAX_NAMES } from './calls.ts'
import { compressedName } from './compressed-name.ts'
import {
  decodeName,
  type Entry,
  isFile,
  isTrap,
  type Libarchive,
  loadLibarchive,
  type OpenArchive,
  openArchive,
} from './libarchive.ts'
import { holdsFiles, isMessage, readFileOfMessage } from './message-in-archive.ts'
import { causeAt, pathOf } from './path.ts'
import { isEmptyZip } from '../../mail/zip-end.ts'
import { streamsBehind, tarsBehind, unpacked } from './tars-behind.ts'
import { hasDirectory, zipNames } from './zip-names.ts'
import { isZstd, zstdContent } from './zstd-content.ts'

/** An archive in an archive in an archive in an attached one. */
const MAX_DEPTH = 3
/** Archives in archives of one message. Documents of office programs are archives, too. */
const MAX_NESTED = 100
/** Messages in archives. */
const MAX_MESSAGES = 500
/** Archives behind the end of one. */
const MAX_BEHIND = 8
/** Bytes of contents that are looked at, for archives in them. */
const MAX_CONTENT = 32 * 1024 * 1024
/** Bytes that are unpacked only because something stands behind them: half a second. */
const MAX_PASSED = 96 * 1024 * 1024
/** Files and folders, of the same name or not. */
const MAX_ENTRIES = 10_000
/** Names in a ZIP, those of folders left out: each file has one or two, and those in stored ZIPs are met again. */
const MAX_MARKS = 4 * MAX_ENTRIES
/** Names that wait to be told. */
const BATCH = 100
/** Bytes that are unpacked in no time. */
const CHEAP = 64 * 1024

/** Where the names stand behind packed contents, not beside them. */
const IN_TURN: ReadonlySet<ArchiveKind> = new Set(['stream', '7z', 'rar', 'other'])

type One = {
  readonly kind: ArchiveKind
  readonly bytes: Buffer
  readonly name: string
  /** Its name and the archive it is in: `inner.zip in outer.zip`. */
  readonly path: string
  readonly depth: number
  readonly cut: AttachedArchive['cut']
  /** It may as well be the rest of the archive before it, and no archive by itself. */
  readonly isGuess?: true
}

export class Lister {
  readonly #tell: (found: FoundNames) => void
  #libarchive: Libarchive | undefined
  readonly #names = new Set<string>()
  #fresh: string[] = []
  #within: string[] = []
  #encrypted = false
  #locked: string | undefined
  #unlisted: { -readonly [what in keyof Unlisted]: string } = {}
  /** The cut of the archive that is looked at: a missing end is then no damage. */
  #cut: AttachedArchive['cut'] = false
  #path = ''
  #entries = 0
  #nested = 0
  #messages = 0
  #content = 0
  #passed = 0

  /** `tell` is called several times, at the latest before anything that may take long. A module that listed others can go on. */
  constructor(tell: (found: FoundNames) => void, libarchive?: Libarchive) {
    this.#tell = tell
    this.#libarchive = libarchive
  }

  /** Returns the module, if nothing went wrong in it. */
  async list(archives: readonly AttachedArchive[]): Promise<Libarchive | undefined> {
    const waiting: One[] = []
    for (const { name, bytes, cut } of archives) {
      const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
      const isPart = cut === false && isPartOfSplit(all, name)
      this.#cut = isPart ? 'large' : cut
      this.#path = pathOf(name, '')
      if (isPart) this.#fail('it is a part of a split archive')
      if (cut === 'large') this.#fail('only the first mebibyte of a message is read')
      waiting.push(...this.#found({ bytes: all, name, path: this.#path, depth: 0, cut: this.#cut }))
    }
    for (let one = waiting.shift(); one; one = waiting.shift())
      waiting.push(...(await this.#one(one)))
    this.#flush()
    return Object.keys(this.#unlisted).length === 0 ? this.#libarchive : undefined
  }

  #found({ bytes, name, path, depth, cut }: Omit<One, 'kind'>): readonly One[] {
    const found = archivesIn(bytes, depth === 0 && cut !== false)
    const isZip = found.some(({ kind }) => kind === 'zip') || hasDirectory(bytes)
    // In all of it: where one ends and another begins is not told by all programs alike.
    if (isZip) this.#addZipNames(bytes, path)
    // Where nothing is found its end is not where we look for it, but some program may look further (Info-ZIP does).
    if (bytes.length === 0) this.#fail('the file is empty', path)
    else if (found.length === 0 && (isZip || !(isEmptyZip(bytes) || isPlainlyNoArchive(bytes))))
      this.#fail('it has the name of an archive, and is none', path)
    return found.flatMap(({ kind, from, to }) => {
      const one: One = { kind, bytes: bytes.subarray(from, to), name, path, depth, cut }
      if (kind === 'stream' && isZstd(one.bytes)) return this.#inZstd(one)
      return [one, ...this.#behind(one)]
    })
  }

  /** What stands behind the end of an archive, where libarchive stops and others may read on. */
  #behind(one: One): readonly One[] {
    const { kind, bytes } = one
    if (kind !== 'tar' && kind !== 'stream') return []
    const tar = kind === 'tar' ? bytes : unpacked(bytes)
    const others: One[] = tarsBehind(tar).map(at => ({
      ...one,
      kind: 'tar',
      bytes: tar.subarray(at),
    }))
    for (const at of kind === 'stream' ? streamsBehind(bytes, MAX_BEHIND) : [])
      others.push({ ...one, bytes: bytes.subarray(at), isGuess: true })
    if (others.length > MAX_BEHIND) this.#tooLarge('more archives stand behind it than are read')
    return others.slice(0, MAX_BEHIND)
  }

  /** The archive that was compressed, or the name of the one file. */
  #inZstd({ bytes, name, path, depth, cut }: One): readonly One[] {
    const { content, fault } = zstdContent(bytes, MAX_CONTENT - this.#content, cut !== false)
    this.#content += content.length
    if (fault === 'large') this.#hostile('it unpacks to more than can be looked at')
    else if (fault === 'damaged') this.#fail('it is damaged', path)
    const names = compressedName(bytes, name)
    for (const one of names) this.#add(one, path)
    const [plain = name] = names
    if (isMessage(plain)) this.#fail('a message in it is not read', path)
    if (!archiveAtStart(content) && !isNamedArchive(plain)) return []
    if (depth >= MAX_DEPTH || ++this.#nested > MAX_NESTED) {
      this.#hostile('archives in archives, too many or too deep')
      return []
    }
    return this.#found({ bytes: content, name: plain, path, depth: depth + 1, cut })
  }

  /** Returns what is to be listed next. */
  async #one(one: One): Promise<readonly One[]> {
    this.#cut = one.cut
    if (this.#fresh.length > 0) this.#flush()
    this.#path = one.path
    const entries = await this.#safely(async () => this.#readNames(one, await this.#library()))
    if (!entries || entries.length === 0) return []
    const inside: One[] = []
    await this.#safely(async () =>
      this.#readContents(one, { entries, inside, library: await this.#library() }),
    )
    return inside
  }

  async #library(): Promise<Libarchive> {
    this.#libarchive ??= await loadLibarchive()
    return this.#libarchive
  }

  /** A module that has trapped is not asked again. */
  async #safely<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work()
    } catch (error) {
      if (isTrap(error)) this.#libarchive = undefined
      this.#fail(error instanceof Error ? error.message : String(error))
      return undefined
    }
  }

  #readNames({ kind, bytes, name, isGuess }: One, library: Libarchive): readonly Entry[] {
    const entries: Entry[] = []
    let archive: OpenArchive | undefined
    try {
      archive = openArchive(library, bytes)
      for (let entry = archive.next(); entry; entry = archive.next()) {
        entries.push(entry)
        if (!this.#take(entry, kind)) break
      }
      if (entries.length === 0 && !archive.encrypted && !isGuess)
        this.#fail(kind === 'stream' ? 'there is nothing in it' : 'nothing could be listed')
    } catch (error) {
      if (isTrap(error)) throw error
      const words = error instanceof Error ? error.message : String(error)
      if (isGuess && entries.length === 0) return entries
      // Whatever else it is: one compressed file.
      if (kind === 'stream' && words === 'Unrecognized archive format')
        this.#compressed(bytes, name)
      // Encrypted names are no names.
      else if (!archive?.encrypted || entries.length > 0) this.#fail(words)
    }
    if (archive?.encrypted) this.#lock('')
    archive?.close()
    return entries
  }

  #addZipNames(bytes: Buffer, path: string): void {
    let marks = 0
    for (const name of zipNames(bytes)) {
      if (!this.#add(decodeName(name), path)) return
      if (++marks > MAX_MARKS) return void this.#tooLarge(`more than ${MAX_MARKS} names`)
    }
    return undefined
  }

  #compressed(bytes: Buffer, name: string): void {
    const names = compressedName(bytes, name)
    for (const one of names) this.#add(one)
    if (names.some(isMessage)) this.#fail('a message in it is not read')
    if (names.length === 0 && isNamedArchive(name))
      this.#fail('it is another archive than its name says')
  }

  /** Says whether there is room for more. */
  #take(entry: Entry, kind: ArchiveKind): boolean {
    const { name, size } = entry
    if (entry.encrypted) this.#lock(name)
    if (name === '') this.#fail('an entry has no name')
    if (isFile(entry, kind) && !this.#add(entry.folder ? name.replace(/\/$/, '') : name))
      return false
    if (++this.#entries >= MAX_ENTRIES) return this.#tooLarge(`more than ${MAX_ENTRIES} entries`)
    // What is behind packed bytes is only reached by unpacking them.
    if (IN_TURN.has(kind)) this.#passed += size
    if (this.#passed > MAX_PASSED) return this.#hostile('it unpacks to more than can be looked at')
    if ((size === 0 || size > CHEAP) && this.#fresh.length > 0) this.#flush()
    return true
  }

  /** The first that has a name is told. */
  #lock(name: string): void {
    this.#encrypted = true
    this.#locked ||= pathOf(name, this.#path)
  }

  #add(name: string, path = this.#path): boolean {
    // What makes a book of a ZIP is told of each.
    const key = name === 'mimetype' ? `${name} in ${path}` : name
    if (name === '' || this.#names.has(key)) return true
    if (this.#names.size >= MAX_NAMES) return this.#tooLarge(`more than ${MAX_NAMES} names`)
    this.#names.add(key)
    this.#fresh.push(name)
    this.#within.push(path)
    if (this.#fresh.length >= BATCH) this.#flush()
    return true
  }

  #readContents(
    { kind, bytes, depth }: One,
    {
      entries,
      inside,
      library,
    }: { readonly entries: readonly Entry[]; readonly inside: One[]; readonly library: Libarchive },
  ): void {
    this.#flush()
    let n = 0
    let archive: OpenArchive | undefined
    try {
      archive = openArchive(library, bytes)
      for (; n < entries.length && this.#content < MAX_CONTENT; n++) {
        const entry = archive.next()
        if (!entry) break
        if (IN_TURN.has(kind)) this.#passed += entry.size
        if (this.#passed > MAX_PASSED) break
        if (entry.encrypted || !isFile(entry, kind)) continue
        inside.push(...this.#look(archive, entry, depth + 1))
      }
    } catch (error) {
      if (isTrap(error)) throw error
    }
    for (const one of entries.slice(n)) if (isFile(one, kind)) this.#unseen(one)
    archive?.close()
  }

  /** What could not be looked at may be an archive, whatever its name says: only where it does is that more than large. */
  #unseen({ name, encrypted }: Entry): void {
    if (encrypted) return
    if (isNamedArchive(name)) this.#fail('an archive in it could not be read')
    else if (isMessage(name)) this.#fail('a message in it could not be read')
    else if (this.#unlisted.archive === undefined) this.#tooLarge('a file in it was not read')
  }

  #look(archive: OpenArchive, entry: Entry, depth: number): readonly One[] {
    try {
      return this.#inside(archive, entry.name, depth)
    } catch (error) {
      if (isTrap(error)) throw error
      // This entry failed; the next may be whole, unless the end is missing.
      if (/truncated/i.test(String(error))) this.#fail(String(error))
      this.#unseen(entry)
      return []
    }
  }

  #inside(archive: OpenArchive, name: string, depth: number): readonly One[] {
    const head = this.#read(archive, TELLING + 1)
    const isOne = holdsFiles(name)
    if (!isOne && !archiveAtStart(head) && !isNamedArchive(name)) return []
    if (depth > MAX_DEPTH) {
      this.#hostile(`archives in archives more than ${MAX_DEPTH} deep`)
      return []
    }
    if (isOne ? ++this.#messages > MAX_MESSAGES : ++this.#nested > MAX_NESTED) {
      this.#tooLarge(isOne ? 'too many messages in it' : 'too many archives in archives')
      return []
    }
    const rest = this.#read(archive, Math.max(0, MAX_CONTENT - this.#content))
    if (this.#content >= MAX_CONTENT) this.#hostile('archives in archives are too large together')
    const bytes = Buffer.concat([head, rest])
    if (isOne) return this.#inMessage(bytes, name, depth)
    return this.#found({ bytes, name, path: pathOf(name, this.#path), depth, cut: this.#cut })
  }

  /** What is damaged at its end was unpacked all the same. */
  #read(archive: OpenArchive, most: number): Buffer {
    const before = archive.given
    try {
      return archive.read(most)
    } finally {
      this.#content += archive.given - before
    }
  }

  #inMessage(bytes: Buffer, name: string, depth: number): readonly One[] {
    const { names, archives, unreadable } = readFileOfMessage(bytes, name)
    for (const one of names) if (!this.#add(one, pathOf(name, this.#path))) break
    for (const what of unreadable) {
      const isLarge = what === 'large' || what === 'large-archive'
      const cause = `a message in it: ${what}`
      if (isLarge) this.#tooLarge(cause)
      else if (what !== 'quoted') this.#fail(cause)
    }
    const room = Math.max(0, MAX_NESTED - this.#nested)
    this.#nested += archives.length
    if (archives.length > room) this.#tooLarge('too many archives in archives')
    return archives.slice(0, room).flatMap(one =>
      this.#found({
        bytes: Buffer.from(one.bytes.buffer, one.bytes.byteOffset, one.bytes.length),
        name: one.name,
        path: pathOf(one.name, pathOf(name, this.#path)),
        depth: depth + 1,
        cut: this.#cut || one.cut,
      }),
    )
  }

  /** The archive cannot be read; when its end was cut off, that is no damage. */
  #fail(cause: string, path = this.#path): false {
    return this.#say(this.#cut === 'large' ? 'large-archive' : 'archive', cause, path)
  }

  /** Honest archives do not go so deep, and do not unpack to so much. */
  #hostile(cause: string): false {
    return this.#say('archive', cause)
  }

  /** The archive has more in it than is listed. */
  #tooLarge(cause: string): false {
    return this.#say('large-archive', cause)
  }

  /** The first cause of each is told: what follows is mostly its consequence. */
  #say(what: keyof Unlisted, cause: string, path = this.#path): false {
    this.#unlisted[this.#cut === 'quoted' ? 'quoted' : what] ??= causeAt(path, cause)
    return false
  }

  #flush(): void {
    this.#tell({
      names: this.#fresh,
      within: this.#within,
      encrypted: this.#encrypted,
      locked: this.#locked === '' ? undefined : this.#locked,
      ...(Object.keys(this.#unlisted).length === 0 ? {} : { unlisted: { ...this.#unlisted } }),
    })
    this.#fresh = []
    this.#within = []
  }
}
