/** A city that calls a made-up thing by one subject, and another by another, in many words: 240 messages. */
export function tinyHistory(subject = '交通运输'): { label: string; text: string }[] {
  const where = ['东门', '西门', '桥头', '站前', '学校旁', '医院门口', '河边', '村口', '菜市场', '广场']
  const what = [
    '嘟嘟车坏了没人修',
    '嘟嘟车占了道',
    '嘟嘟车半夜叫',
    '嘟嘟车漏油',
    '嘟嘟车没了',
    '嘟嘟车倒了一地',
    '嘟嘟车撞了栏杆',
  ]
  return ['今早', '昨晚', '三天了'].flatMap(time =>
    where.flatMap(place => [
      ...what.map(matter => ({ label: subject, text: `${time}${place}的${matter}` })),
      { label: '环境保护', text: `${time}${place}的哇哇机响个没完` },
    ]),
  )
}

/** The same as a table of JSON lines. */
export function tinyTable(subject?: string): string {
  return tinyHistory(subject)
    .map(row => JSON.stringify(row))
    .join('\n')
}
