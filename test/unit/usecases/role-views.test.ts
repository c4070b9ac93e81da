import { describe, expect, test } from 'vitest'
import { DESK_ROLES, ROLES } from '../../../src/cases/case-state.ts'
import { workflow } from '../../../src/cases/workflow.ts'
import { ROLE_VIEWS, viewOfRole } from '../../../src/usecases/role-views.ts'

describe('what roles see', () => {
  test('of who told of what', () => {
    const table = DESK_ROLES.map(role => {
      const { cases, person, confidential, reporter, confidentialWords } = ROLE_VIEWS[role]
      return [role, cases, person, confidential, reporter, confidentialWords].join(' ')
    })
    expect(table).toEqual([
      'agent every asked none hidden redacted',
      'handler own asked own relay redacted',
      'arbiter every asked every asked whole',
      'supervisor every asked every asked whole',
      'admin every asked every asked whole',
      'auditor every hidden every hidden redacted',
    ])
  })

  test('whoever is not at the desk sees nothing', () => {
    for (const role of ROLES.filter(each => !(DESK_ROLES as readonly string[]).includes(each)))
      expect(() => viewOfRole(role)).toThrow('action-forbidden')
  })

  test('an auditor may take no action of the workflow', () => {
    const theirs = Object.entries(workflow).filter(([, row]) =>
      (row.by as readonly string[]).includes('auditor'),
    )
    expect(theirs).toEqual([])
  })
})
