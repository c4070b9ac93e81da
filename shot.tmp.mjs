import { chromium } from 'playwright-core'
import { readFileSync } from 'node:fs'
const who = process.argv[2] ?? 'super'
const pw = /password\s+(\S+)/.exec(readFileSync(`/tmp/supervisor/${who}.txt`,'utf8'))[1]
const b = await chromium.launch({ executablePath:'/usr/bin/chromium', args:['--no-sandbox'] })
const sets = (process.argv[3] ?? 'a').split(',')
for (const s of sets) {
 const [w,h,scheme,locale,tall] = {a:[1280,720,'light','zh-CN'],b:[1600,1000,'dark','zh-CN'],c:[1280,720,'dark','en-US'],d:[1600,1000,'light','en-US'],e:[1280,720,'light','zh-TW'],A:[1280,720,'light','zh-CN',1],B:[1600,1000,'dark','zh-CN',1],C:[1280,720,'dark','en-US',1],D:[1600,1000,'light','en-US',1]}[s]
 const ctx = await b.newContext({ viewport:{width:w,height:tall?1500:h}, colorScheme:scheme, locale, timezoneId:'Asia/Shanghai' })
 const page = await ctx.newPage()
 page.on('console', m => ['error','warning'].includes(m.type()) && console.log(s, m.text().slice(0,300)))
 page.on('pageerror', e => console.log(s, 'ERR', e.message))
 await page.goto('http://localhost:9200/desk#/today')
 await page.locator('#desk-login').fill(who); await page.locator('#desk-password').fill(pw); await page.locator('#desk-password').press('Enter')
 await page.locator('.numbers a').first().waitFor()
 if (who==='super') await page.locator('[data-part=places] canvas').waitFor({timeout:15000})
 await page.waitForTimeout(1800)
 await page.screenshot({ path:`/tmp/supervisor/${who}-${s}.png` })
 if (process.argv[4]) { await page.locator(process.argv[4]).first().click(); await page.waitForTimeout(1200); await page.screenshot({ path:`/tmp/supervisor/${who}-${s}-after.png` }) }
 await ctx.close()
}
await b.close()
