import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allShinglesOf, sampleOf, shinglesOf } from './shingles.ts'

const FORM = 'Thank you for registering with our club. Please confirm by answering this mail.'
const shared = (one: string, other: string) => {
  const theirs = new Set(shinglesOf(other))
  return shinglesOf(one).filter(each => theirs.has(each)).length
}

test('letters of one template have phrases in common, however much a visitor writes into them', () => {
  for (const length of [1, 10, 10_000]) {
    const [first, second] = ['apples and pears ', 'boats on the lake '].map(
      words => `Dear visitor, ${words.repeat(length)} ${FORM}`,
    )
    assert.ok(shared(first ?? '', second ?? '') >= 3, `${length}`)
  }
})

/** Short ones, as a form answers a person who fills it in. */
const TEMPLATES: Readonly<Record<string, readonly [before: string, behind: string]>> = {
  Japanese: ['お問い合わせありがとうございます。', '担当者よりご連絡いたします。'],
  Chinese: ['您好！请点击以下链接。', '如果您没有注册，请忽略此邮件。'],
  Taiwanese: ['感謝您的留言：', '我們會盡快回覆。'],
  Thai: ['ขอบคุณที่ติดต่อเรา', 'ขอแสดงความนับถือ'],
  Lao: ['ຂອບໃຈທີ່ຕິດຕໍ່ພວກເຮົາ', 'ດ້ວຍຄວາມນັບຖື'],
  Khmer: ['សូមអរគុណសម្រាប់ការទាក់ទងមកយើងខ្ញុំ', 'ដោយក្តីគោរព'],
  Burmese: ['ဆက်သွယ်သည့်အတွက် ကျေးဇူးတင်ပါသည်', 'လေးစားစွာဖြင့်'],
  Tibetan: ['ཁྱེད་རང་འབྲེལ་བ་བྱས་པར་ཐུགས་རྗེ་ཆེ།', 'བཀྲ་ཤིས་བདེ་ལེགས།'],
  Korean: ['문의 접수 완료, 감사 인사 드립니다.', '곧 연락 드립니다.'],
  Hindi: ['संपर्क करने के लिए आपका धन्यवाद', 'हम शीघ्र ही आपको उत्तर देंगे'],
  Tamil: ['தொடர்பு கொண்டதற்கு மிக்க நன்றி', 'விரைவில் பதில் அளிப்போம் நன்றி வணக்கம்'],
  Arabic: ['شكرا على تواصلكم معنا', 'سوف نرد عليكم قريبا جدا'],
  Vietnamese: ['Cảm ơn bạn đã liên hệ với chúng tôi', 'Trân trọng kính chào bạn'],
}
const VISITORS = [
  'apples and pears',
  '苹果很好吃今天天气不错',
  'แมวนอนหลับบนโซฟา',
  'बिल्ली सोफे पर सोती है',
]

test('so they have in every script, whether a space stands between words or not', () => {
  for (const [language, [before, behind]] of Object.entries(TEMPLATES))
    for (const form of ['NFC', 'NFD'] as const)
      for (const length of [1, 300]) {
        const letters = VISITORS.map((words, i) => {
          const filled = `${before}\n${words.repeat(length)}\n${behind}`
          return i % 2 ? filled.normalize(form) : filled
        })
        for (const other of letters.slice(1)) {
          const alike = shared(letters[0] ?? '', other)
          assert.ok(alike >= 3, `${language} ${form} ${length}: ${alike}`)
        }
      }
})

test('of the whole text they have, whatever a visitor writes in front of the template and behind it', () => {
  let number = 0
  const words = (count: number) =>
    Array.from({ length: count }, () =>
      String(number++ * 7919).replaceAll(/\d/g, digit => 'bcdfghklmn'[Number(digit)] ?? ''),
    ).join(' ')
  for (const count of [70, 200, 450]) {
    const [first, second] = [0, 1].map(() =>
      allShinglesOf(`${words(count)} ${FORM} ${words(count)}`),
    )
    assert.ok((first?.filter(one => second?.includes(one)).length ?? 0) >= 3, `${count}`)
  }
  assert.equal(allShinglesOf(`${words(600)} ${FORM} ${words(600)}`), undefined)
  assert.equal(allShinglesOf('1 '.repeat(40_000)), undefined)
})

test('two letters of a person have none, and a few words are no phrase', () => {
  assert.equal(shared(FORM, 'The plumber comes on Thursday morning, please let him in'), 0)
  assert.equal(shared('明日の朝は雨が降るらしい', '猫が窓辺で眠っています'), 0)
  assert.deepEqual(shinglesOf('Good morning'), [])
  assert.deepEqual(shinglesOf(''), [])
})

test('what is kept has an end, and is the same of every text', () => {
  const long = Array.from(
    { length: 50_000 },
    (_, i) => `word${String.fromCharCode(97 + (i % 26))}${'x'.repeat(i % 7)}`,
  )
  const all = shinglesOf(long.join(' '))
  assert.ok(all.length <= 128)
  const letters = shinglesOf('春夏秋冬山川草木'.repeat(2000) + long.join(' '))
  assert.ok(letters.length <= 256)
  for (const one of sampleOf(all)) assert.ok(all.includes(one))
})
