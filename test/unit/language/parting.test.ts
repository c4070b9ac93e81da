import { beforeAll, describe, expect, it } from 'vitest'
import type { Understander } from '../../../src/language/understander.ts'
import { shippedUnderstander } from '../../support/shipped-understander.ts'

// With the shipped content: whether two matters are parted, and one is left whole, must not hang on single sentences.
let line: Understander
beforeAll(async () => {
  line = await shippedUnderstander()
}, 60_000)
const matters = (text: string) => line.understand(text, { now: new Date('2026-11-24T02:30:00Z') }).matters
const placed = (text: string) => matters(text).map(({ places }) => places.map(place => place.text))

/** Each says where it is: by a place, or by 我们公司 and the number of a bus. */
const SIMPLE = [
  '锦绣花园3号楼2单元楼道灯不亮',
  '滨河新城门口垃圾没人收',
  '人民路上井盖丢了',
  '和平路12号路灯不亮',
  '幸福里小区停水',
  '育才小学门口堵车',
  '阳光家园6号楼电梯坏了',
  '302路公交车经常不停站',
  '康宁家园地下车库积水',
  '建设路烧烤摊占道油烟大',
  '李石大集卖的肉不新鲜',
  '我们公司拖欠三个月工资',
  '和平路18号工地半夜施工',
  '万达广场有人乱停车',
  '青台子村的自来水发黄',
]
const PAIRS = SIMPLE.flatMap(one => SIMPLE.filter(other => other !== one).map(other => [one, other] as const))

describe('two matters that each say where', () => {
  it.each<[string, (one: string, other: string) => string]>([
    ['a comma', (one, other) => `${one}，${other}`],
    ['a full stop', (one, other) => `${one}。${other}。`],
    ['a space', (one, other) => `${one} ${other}`],
    ['a new line', (one, other) => `${one}\n${other}`],
    ['第一 and 第二', (one, other) => `第一，${one}。第二，${other}。`],
    ['一是 and 二是', (one, other) => `有两件事：一是${one}，二是${other}`],
    ['还有', (one, other) => `${one}，还有${other}`],
    ['另外', (one, other) => `${one}；另外${other}`],
  ])('are parted at %s', (_, join) => {
    const whole = PAIRS.map(pair => join(...pair)).filter(text => matters(text).length !== 2)
    expect(whole).toEqual([])
  })

  it('are parted when they are three', () => {
    const triples = SIMPLE.map((one, i) =>
      [one, SIMPLE[(i + 4) % SIMPLE.length], SIMPLE[(i + 9) % SIMPLE.length]].join('，'),
    )
    expect(triples.filter(text => matters(text).length !== 3)).toEqual([])
  })
})

const SINGLE = [
  '学校食堂强制买套餐，不吃也交钱',
  '补习班不退费，老师也换了，店面都关了',
  '饭店油烟大，噪音大，半夜还营业',
  '锦绣花园3号楼电梯坏了，我家老人八十多了下不了楼',
  '人民路3号半夜施工，吵得全楼睡不着，孩子还要考试',
  '幸福里小区停水两天了，物业说不归他们管，自来水公司说在抢修',
  '和平路堵车，救护车都进不来，交警也没人管',
  '育才小学门口堵车，家长把车都停在人民路上',
  '我家暖气不热，打了热力公司电话，说是阀门坏了',
  '楼上漏水，把我家天花板泡了，物业也不管',
  '公司拖欠三个月工资，老板电话也打不通，孩子学费都交不上了',
  '302路公交车不停站，司机态度还恶劣，等了四十分钟',
  '滨河新城物业乱收停车费，不交就不让进，还骂人',
  '建设路烧烤摊占道，油烟往屋里钻，吵到半夜两点',
  '青台子村自来水发黄，喝了拉肚子，村委会也没办法',
  '阳光家园6号楼电梯坏了，从11月1号坏到现在，维修基金也不给用',
  '李石大集卖的肉不新鲜，吃完上吐下泻去了医院',
  '万达广场门口有人乱停车，把盲道都占了，轮椅过不去',
  '路灯不亮，晚上孩子放学摔了一跤',
  '井盖丢了，前天有个老太太掉进去了，腿骨折',
  '我在人民路买的房子，开发商一直不给办房产证，已经三年了',
  '我是康宁家园业主，小区地下车库常年积水，车都泡了',
  '和平路12号路灯不亮，人民路的路灯也不亮',
  '幸福里小区停水，滨河新城也停水了',
  '楼下饭店油烟直排，熏得不敢开窗，环保局来过一次也没用',
  '隔壁装修从早上六点开始砸墙，孩子上网课都听不见',
  '我母亲住院，医保卡刷不了，去医保局说要回单位办',
  '低保申请交了三个月，社区说材料丢了，让重新交',
  '共享单车堆满盲道，城管也不来清，盲人没法走',
  '村里修路占了我家地，补偿款一直没给，村书记说等着',
  '工地渣土车半夜拉土，扬尘大，路面也压坏了',
  '小区停电，电梯停了，老人困在家里下不来楼',
  '孩子在育才小学被同学打了，老师不管，还说是闹着玩',
  '暖气漏水，把地板泡了，楼下邻居家也淹了',
  'The lift in Building 3 of Maple Town is broken and my mother cannot go downstairs.',
  'There has been no water since Monday. The property office says it is not their problem.',
  'The restaurant downstairs is noisy and the smoke comes into my bedroom every night',
  '领导您好，我是锦绣花园的业主，我们小区从去年冬天开始暖气就一直不热，屋里最高只有十五度，老人孩子天天裹着被子。打电话给供热公司，说是管道老化要物业改，找物业，物业说产权移交了不归他们。我们去社区反映过三次，社区说帮着协调，到现在也没结果。供暖费一分不少交了，凭什么挨冻？希望政府派人来测温，该退费退费，该修管道修管道。',
  '尊敬的领导：我2021年在滨河新城买了一套房，合同写的2023年6月交房，到现在楼还停在十二层。开发商说没钱，银行天天催着还贷，我们一家三口租房住，一个月房租两千，房贷四千，实在撑不住了。我们去住建局问过，说是要保交楼，可工地上一个人都没有。孩子明年要上育才小学，没有房产证也落不了户。请领导给我们一个准确的交房时间，违约金按合同赔付。',
  '你们好，我要反映人民路3号那家烧烤店的事。这家店从五月份开业就没消停过，每天下午四点就开始生火，油烟顺着窗户往屋里灌，到后半夜两三点还有人喝酒划拳。我家孩子今年高三，天天睡不好觉。打过城管电话，城管来了他们就收，走了接着干。打过110，警察说这不归他们管。我们楼里好几户老人心脏都不好，求求你们想个办法，哪怕让他们装个净化器，十二点之前关门也行。',
]

describe('one matter with its cause, course and consequence', () => {
  it.each(SINGLE)('%s', text => {
    expect(matters(text)).toHaveLength(1)
  })
})

describe('a message of several matters', () => {
  it.each([
    [
      '我要投訴三件事：第一，滨河新城停車位被私佔；第二，育才小學食堂飯菜不乾淨；第三，302路公交車經常不停站',
      3,
    ],
    [
      '我是康宁家园业主，反映两个情况。第一，小区地下车库常年积水。第二，小区南门外滨河路的烧烤摊占道，油烟大。',
      2,
    ],
    ['李石街道的垃圾半个月没人拉！！！自来水发黄！！！路灯也不亮！！！你们还管不管老百姓死活！！！', 3],
    ['我想问下低保咋办，另外我家暖气不热，还有楼下烧烤店油烟大，对了育才小学门口乱停车', 4],
    [
      '你们到底管不管事！从国庆到现在打了不下十个电话，每次都说转给物业了，锦绣花园5栋的电梯坏了整整一个半月，八十岁的老太太天天爬十二楼，腿都肿了。这还不算，楼下的化粪池往外冒，满院子臭水，孩子上学都得踮着脚走，夏天的苍蝇就别提了。我们每年交着物业费，这些钱都干什么去了？电梯什么时候修，化粪池谁来清！给个痛快话！',
      2,
    ],
    [
      "In Building 3 of Maple Town the lift is broken. Also my employer hasn't paid my wages for two months.",
      2,
    ],
    ['Hi, my employer owes me two months wages and the bus 302 never stops at Wanda Plaza', 2],
  ])('%s', (text, count) => {
    expect(matters(text)).toHaveLength(count)
  })

  it('keeps “Besides” with what it announces', () => {
    const words = matters("The lift in Maple Town is broken. Besides, my employer hasn't paid my wages.").map(
      each => each.words,
    )
    expect(words[1]).toMatch(/^ ?Besides/u)
  })
})

describe('a matter that names no place', () => {
  it.each<[string, string[][]]>([
    ['我家暖气不热，另外拉古中心小学食堂饭菜有虫子', [[], ['拉古中心小学']]],
    ['育才小学门口乱停车，另外我家暖气不热', [['育才小学门口'], []]],
    ['我们单位食堂吃坏肚子，还有单位三个月没发工资，另外阳光家园6号楼电梯坏了', [[], [], ['阳光家园6号楼']]],
    ['阳光家园6号楼电梯坏了，另外我们单位三个月没发工资', [['阳光家园6号楼'], []]],
    ['滨河新城垃圾没人收，人民路上井盖丢了，还有楼道灯不亮', [['滨河新城'], ['人民路'], []]],
  ])('is not at the place of another: %s', (text, places) => {
    expect(placed(text)).toEqual(places)
  })

  it.each<[string, string[][]]>([
    ['人民路3号半夜施工太吵了，楼道灯也坏了', [['人民路3号'], ['人民路3号']]],
    ['锦绣花园5号楼电梯坏了，还有我家暖气不热', [['锦绣花园5号楼'], ['锦绣花园5号楼']]],
    ['暖气不热，楼道灯也坏了，我家在锦绣花园3号楼', [['锦绣花园3号楼'], ['锦绣花园3号楼']]],
    ['我是康宁家园业主，楼道灯不亮，另外垃圾没人收', [['康宁家园'], ['康宁家园']]],
    ['锦绣花园物业乱收费，另外3号楼电梯坏了', [['锦绣花园'], ['锦绣花园3号楼']]],
  ])('is at the one that leads the message or is told alone: %s', (text, places) => {
    expect(placed(text)).toEqual(places)
  })
})
