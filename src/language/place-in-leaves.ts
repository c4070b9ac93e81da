import { isUnderSubject } from '../kernel/subject-path.ts'
import { look } from './classifier-bank.ts'
import { extractFeatures } from './features.ts'
import type { Model } from './model.ts'
import { createSubjectJudge } from './subject-judge.ts'
import type { createSight, PastMessage } from './train-shipped.ts'

/**
 * A message of which only the upper class is known teaches more when it is put under the leaf of that class that it is most likely
 * about: leaves have middles, upper classes have none.
 */
export function placeInLeaves(
  history: readonly PastMessage[],
  model: Model,
  see: ReturnType<typeof createSight>,
): PastMessage[] {
  const subjects = createSubjectJudge(model, { threshold: 0 })
  return history.map(message => {
    const exhibit = look(model.banks.topical!, extractFeatures(see(message.text).topical, 'topical'))
    let [leaf, most] = [message.subject, 0]
    for (const [id, share] of subjects.shares(exhibit, 3))
      if (share > most && isUnderSubject(id, message.subject)) [leaf, most] = [id, share]
    return { ...message, subject: leaf }
  })
}
