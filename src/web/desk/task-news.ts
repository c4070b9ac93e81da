import { reactive } from 'vue'
import type { TaskKind } from './line-api.ts'

/** Counts up whenever something is told of long work of a kind; pages watch it and ask anew. */
export const taskNews = reactive<Record<TaskKind, number>>({ audit: 0, training: 0 })

/** Of what the live news tell. */
export function tellOfTask(kind: TaskKind): void {
  taskNews[kind]++
}
