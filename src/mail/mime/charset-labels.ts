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

/** Letters and digits of a label, of its first 60 characters; the space before it may be longer. */
export const plainLabel = (label: string): string => plain(label.trimStart().slice(0, 60))

const plain = (label: string): string => label.toLowerCase().replaceAll(/[^a-z\d]+/g, '')

const NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries(LABELS).flatMap(([name, labels]) =>
    [plain(name), ...labels.split(' ').filter(label => label !== '')].map(
      label => [label, name] as const,
    ),
  ),
)

/** Prefixes that some programs write in front of a label. */
const PREFIX = /^(?:xms|x|cs)(?=[a-z\d])/

/** TextDecoder's name of a `plainLabel`; undefined when it knows none. */
export function decoderName(short: string): string | undefined {
  return NAMES.get(short) ?? NAMES.get(short.replace(PREFIX, ''))
}
