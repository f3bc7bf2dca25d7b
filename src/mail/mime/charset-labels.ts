// Which character set a label means: all that Node's TextDecoder knows (WHATWG Encoding §4.2), each label with nothing but its letters
// and digits. Mail writes them with other signs between: `ISO_8859-1`, `x-sjis`, `"utf8"`.

/** A name that TextDecoder takes, and the labels that mean it, besides itself. */
const LABELS: Readonly<Record<string, string>> = {
  'utf-8': 'unicode11utf8 unicode20utf8',
  ibm866: '866 cp866',
  'iso-8859-2': 'isolatin2 isoir101 iso885921987 l2 latin2',
  'iso-8859-3': 'isolatin3 isoir109 iso885931988 l3 latin3',
  'iso-8859-4': 'isolatin4 isoir110 iso885941988 l4 latin4',
  'iso-8859-5': 'isolatincyrillic cyrillic isoir144 iso885951988',
  'iso-8859-6': 'arabic asmo708 iso88596e iso88596i isolatinarabic ecma114 isoir127 iso885961987',
  'iso-8859-7': 'isolatingreek ecma118 elot928 greek greek8 isoir126 iso885971987 suneugreek',
  'iso-8859-8': 'iso88598e iso88598i isolatinhebrew hebrew isoir138 iso885981988 visual logical',
  'iso-8859-10': 'isolatin6 isoir157 l6 latin6',
  'iso-8859-13': '',
  'iso-8859-14': '',
  'iso-8859-15': 'isolatin9 l9 latin9',
  'iso-8859-16': '',
  'koi8-r': 'koi koi8',
  'koi8-u': 'koi8ru',
  macintosh: 'mac macroman',
  'windows-874': 'dos874 iso885911 tis620 874 cp874',
  'windows-1250': 'cp1250',
  'windows-1251': 'cp1251',
  'windows-1252':
    'ansix341968 ascii usascii cp1252 cp819 isolatin1 ibm819 iso88591 isoir100 iso885911987 l1 latin1',
  'windows-1253': 'cp1253',
  'windows-1254': 'cp1254 isolatin5 iso88599 isoir148 iso885991989 l5 latin5',
  'windows-1255': 'cp1255',
  'windows-1256': 'cp1256',
  'windows-1257': 'cp1257',
  'windows-1258': 'cp1258',
  'x-mac-cyrillic': 'maccyrillic macukrainian',
  gbk: 'chinese gb2312 iso58gb231280 gb231280 isoir58 936 cp936 ms936 windows936',
  gb18030: '',
  big5: 'big5hkscs cnbig5 950 cp950 windows950',
  'euc-jp': 'eucpkdfmtjapanese cp51932',
  'iso-2022-jp': 'iso2022jp1 iso2022jp2 junet cp50220 cp50221 cp50222',
  shift_jis: 'ms932 mskanji sjis windows31j 932 cp932 windows932',
  'euc-kr': 'ksc56011987 isoir149 korean ksc56011989 ksc5601 windows949 949 cp949 uhc',
  'utf-16be': 'unicodefffe',
  'utf-16le': 'unicodefeff',
  'x-user-defined': '',
}

/**
 * Ways of Unicode that no TextDecoder knows by these labels, or knows at all: of Python (`encodings.aliases`), Java, iconv and Windows.
 * What has `utf`, `ucs` or `unicode` in it, and the number, is told from its letters (charset.ts).
 */
const UNICODE: Readonly<Record<string, string>> = {
  utf7: 'u7 cp65000 65000 windows65000 unicode11utf7 unicode20utf7',
  utf8: 'u8 utf cp65001 65001 windows65001',
  utf16: 'u16 iso10646ucs2 osf00010100 osf00010101 osf00010102',
  utf16le: 'unicodelittle unicodelittleunmarked cp1200 1200 windows1200 utf16lebom',
  utf16be: 'unicodebig unicodebigunmarked cp1201 1201 windows1201 utf16bebom',
  utf32: 'u32 iso10646ucs4 osf00010104 osf00010105 osf00010106 wchart',
  utf32le: 'cp12000 12000 windows12000 utf32lebom',
  utf32be: 'cp12001 12001 windows12001 utf32bebom',
}

/** Letters and digits of a label, of its first 60 characters; the space before it may be longer. Of Unicode's many only one. */
export function plainLabel(label: string): string {
  const short = plain(label.trimStart().slice(0, 60))
  return WAYS.get(short) ?? WAYS.get(short.replace(PREFIX, '')) ?? short
}

const plain = (label: string): string => label.toLowerCase().replaceAll(/[^a-z\d]+/g, '')

const byLabel = (all: Readonly<Record<string, string>>): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(all).flatMap(([name, labels]) =>
      [plain(name), ...labels.split(' ').filter(label => label !== '')].map(
        label => [label, name] as const,
      ),
    ),
  )
const NAMES = byLabel(LABELS)
const WAYS = byLabel(UNICODE)

/** Prefixes that some programs write in front of a label. */
const PREFIX = /^(?:xms|x|cs)(?=[a-z\d])/

/** TextDecoder's name of a `plainLabel`; undefined when it knows none. */
export function decoderName(short: string): string | undefined {
  return NAMES.get(short) ?? NAMES.get(short.replace(PREFIX, ''))
}
