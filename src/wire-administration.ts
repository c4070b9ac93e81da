import type { DeskRoutes } from './adapters/http/desk-scope.ts'
import { lineRoutes } from './adapters/http/line-routes.ts'
import { modelRoutes } from './adapters/http/model-routes.ts'
import { taskRoutes } from './adapters/http/task-routes.ts'
import { auditAtDesk } from './usecases/audit-at-desk.ts'
import { type ContentShelf, checkShelf, readShelf } from './usecases/check-shelf.ts'
import type { DeskTasks } from './usecases/desk-tasks.ts'
import type { Line } from './usecases/line.ts'
import { type HealthParts, showLineHealth } from './usecases/show-line-health.ts'
import {
  chooseModel,
  discardModel,
  listModels,
  nameSubjects,
  type TrainingParts,
  trainAtDesk,
} from './usecases/train-at-desk.ts'
import type { TrainingRefusal, TrainingResult } from './usecases/training-ports.ts'

/** What the administrator's page is made of besides the line. */
export interface Administration {
  tasks: DeskTasks
  training: Omit<TrainingParts, 'tasks'>
  content: {
    shelf: ContentShelf
    /** Fingerprints of the files that are served. */
    served: Readonly<Record<string, string>>
  }
  health: HealthParts
}

/** How the line does, its content, its long work and its models, below `/api/desk/line`. */
export function administrationRoutes(
  line: Line,
  { tasks, training, content, health }: Administration,
): DeskRoutes[] {
  const { shelf, served } = content
  return [
    lineRoutes({
      health: (account, locale) => showLineHealth(line, account, health, locale),
      check: (account, draft) => checkShelf(account, shelf, { served, draft }),
      file: (account, path) => readShelf(account, shelf, path),
    }),
    taskRoutes({
      async list(account, kind, locale) {
        const all = await tasks.list(account, kind)
        return all.map(task =>
          kind === 'training' && task.result
            ? { ...task, result: nameSubjects(line, task.result as TrainingResult | TrainingRefusal, locale) }
            : task,
        )
      },
      audit: (account, knownAnchor) => auditAtDesk(line, account, tasks, knownAnchor),
      train: (account, wanted) => trainAtDesk(line, account, { ...training, tasks }, wanted),
      cancel: (account, id) => tasks.cancel(account, id),
    }),
    modelRoutes({
      list: account => listModels(account, training),
      choose: (account, version) => chooseModel(line, account, training, version),
      discard: (account, version) => discardModel(line, account, training, version),
    }),
  ]
}
