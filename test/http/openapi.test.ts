import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { call, type RunningLine, startLine } from './start-line.ts'

interface Operation {
  summary?: string
  tags?: string[]
  security?: object[]
  requestBody?: object
  responses: Record<string, { content?: object; description?: string }>
}

let running: RunningLine
let operations: { name: string; path: string; operation: Operation }[]
beforeAll(async () => {
  running = await startLine()
  const { json } = await call(running.url, '/openapi.json')
  const paths = json.paths as Record<string, Record<string, Operation>>
  operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, path, operation })),
  )
})
afterAll(() => running.stop())

const namesOf = (wrong: (operation: Operation) => boolean, among: (path: string) => boolean = () => true) =>
  operations.filter(({ path, operation }) => among(path) && wrong(operation)).map(({ name }) => name)
const isDesk = (path: string) => path.startsWith('/api/desk')

describe('the description of the interface', () => {
  test('names every operation and puts it under a heading', () => {
    expect(operations.length).toBeGreaterThan(10)
    expect(namesOf(({ summary, tags }) => !summary || !tags?.length)).toEqual([])
  })

  test('offers to stand in only for roles that somebody at the desk has', async () => {
    const { json } = await call(running.url, '/openapi.json')
    const roles = ['agent', 'handler', 'arbiter', 'supervisor', 'admin', 'auditor']
    const action = json.components.schemas.CaseAction ?? json.components.schemas.CaseActionInput
    expect(action.properties.as.properties.role.enum).toEqual(roles)
    const view = json.paths['/api/desk/cases/{id}'].get.parameters as { name: string; schema: object }[]
    expect(view.find(({ name }) => name === 'role')?.schema).toMatchObject({ enum: roles })
  })

  test('says of every operation at the desk what it answers, how it refuses, and that one must be logged in', () => {
    expect(namesOf(({ responses }) => !responses['4XX'], isDesk)).toEqual([])
    const isOpen = (path: string) => isDesk(path) && !path.endsWith('/login')
    expect(namesOf(({ security }) => !security?.some(each => 'desk' in each), isOpen)).toEqual([])
  })
})
