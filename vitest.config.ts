import { defineConfig } from 'vitest/config'

const FOLDERS = ['unit', 'conversations', 'contracts', 'http', 'content', 'browser', 'faults']

/** Tests that start servers and do faults to them get more time than the rest. */
const SLOW = ['contracts', 'http', 'browser', 'faults']

const project = (name: string, include: string[]) => ({
  extends: true as const,
  test: {
    name,
    include,
    testTimeout: SLOW.includes(name) ? 60_000 : 15_000,
    hookTimeout: 60_000,
  },
})

export default defineConfig({
  test: {
    environment: 'node',
    globalSetup: ['test/support/database-server.ts'],
    // Two cores: more workers only make each other wait.
    maxWorkers: 2,
    projects: [
      ...FOLDERS.map(name => project(name, [`test/${name}/**/*.test.ts`])),
      project('house', ['test/*.test.ts']),
    ],
  },
})
