/** 仿宋 for Chinese as in official papers, a serif for figures; readers without it take their own. */
export const CHINESE = {
  ascii: 'Times New Roman',
  hAnsi: 'Times New Roman',
  eastAsia: '仿宋',
  cs: 'Times New Roman',
}
/** 黑体 for what stands out. */
export const STRONG = { ascii: 'Arial', hAnsi: 'Arial', eastAsia: '黑体', cs: 'Arial' }
/** Half points: 小四, four sizes of the Chinese scale. */
export const BODY = 24
export const SMALL = 18
export const HEADING = 28
export const TITLE = 36

/** Twentieths of a point. */
const MARGIN = { top: 1440, right: 1440, bottom: 1440, left: 1587 }

/** Pages by their names. */
export const SIZES = {
  A4: { size: { width: 11_906, height: 16_838 }, margin: MARGIN },
  A5: { size: { width: 8391, height: 11_906 }, margin: { top: 900, right: 900, bottom: 900, left: 900 } },
}
/** Width of the text on A4. */
export const TEXT_WIDTH = 11_906 - 1440 - 1587
/** Two characters of the body. */
export const INDENT = 480
/** One and a half lines, in 240ths. */
export const LINE = 360
