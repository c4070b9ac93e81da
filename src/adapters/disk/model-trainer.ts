import type { TaskProgress } from '../../usecases/desk-task-ports.ts'
import type { ModelTrainer, TrainingRefusal, TrainingResult } from '../../usecases/training-ports.ts'
import { runBeside } from './run-beside.ts'
import type { TrainingOrder } from './train-beside.ts'

const PROGRAM = new URL('./train-beside.ts', import.meta.url)

/** Trains on the content and the models of this instance's disk, in a process of its own. */
export function createModelTrainer(place: Omit<TrainingOrder, 'wish'>): ModelTrainer {
  return {
    train: (wish, { signal, tell }) =>
      runBeside<TaskProgress, TrainingResult | TrainingRefusal>(
        PROGRAM,
        { ...place, wish } satisfies TrainingOrder,
        { signal, onProgress: tell },
      ),
  }
}
