import type { Logger } from '../../src/kernel/logger.ts'

const nothing = () => {}

/** Says nothing: for parts whose log is not what the test is about. */
export const quietLogger = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  fatal: nothing,
} as Logger
