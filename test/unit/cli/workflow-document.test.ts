import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { STATES } from '../../../src/cases/case-state.ts'
import { workflow } from '../../../src/cases/workflow.ts'
import { workflowDocument } from '../../../src/cli/workflow-document.ts'

const read = (path: string) => readFileSync(join(import.meta.dirname, '../../..', path), 'utf8')
const texts = parse(read('locales/zh-Hans.yaml')) as Record<string, string>
const page = workflowDocument(key => texts[key]!)

describe('docs/workflow.md', () => {
  it('is what the workflow table says now: npm run docs', () => {
    expect(read('docs/workflow.md')).toBe(page)
  })

  it('has a row for each action and draws every state', () => {
    for (const action of Object.keys(workflow)) expect(page).toContain(`\n| \`${action}\` `)
    const [, drawing] = /```mermaid\n([\s\S]*?)```/.exec(page)!
    for (const state of STATES.map(name => name.replaceAll('-', '_')))
      expect(drawing, state).toMatch(new RegExp(`--> ${state}:`))
  })
})
