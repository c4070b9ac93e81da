import type { Scores } from '../language/evaluation.ts'

/** All that one evaluation measured. */
export interface Measured {
  /** Among the labels that occur in the test. */
  closed: Scores & { labels: number }
  /** Among all labels that the candidate knows. */
  open: Scores & { labels: number }
  /** The closed figures of the same messages in Traditional characters. */
  traditional?: Scores
  baseline?: object
  trainSeconds: number
  msPerMessage: number
}

/** The figures as text. */
export function reportOf({ closed, open, traditional, baseline, ...times }: Measured): string {
  const { n, accuracy, macroF1, ece, coverageAt95, perLabel, confusions } = closed
  const others = [
    ...(open.labels > closed.labels
      ? [`among all ${open.labels} labels instead of the ${closed.labels} of the test: ${inShort(open)}`]
      : []),
    ...(traditional ? [`in Traditional characters: ${inShort(traditional)}`] : []),
    ...(baseline ? [`natural's Bayes classifier: ${JSON.stringify(baseline)}`] : []),
  ]
  return [
    `n ${n}  accuracy ${fixed(accuracy)}  macro-F1 ${fixed(macroF1)}`,
    `ECE ${fixed(ece)}  coverage at 95 % precision ${fixed(coverageAt95)}`,
    `training ${times.trainSeconds.toFixed(1)} s  ${times.msPerMessage.toFixed(3)} ms a message`,
    ...others,
    'per label:',
    ...perLabel.map(
      one =>
        `  ${one.label.padEnd(20)} n ${String(one.n).padStart(5)}  P ${fixed(one.precision)}  R ${fixed(one.recall)}  F1 ${fixed(one.f1)}`,
    ),
    'most frequent mistakes (label → answer):',
    ...confusions.map(({ label, predicted, n }) => `  ${label} → ${predicted}: ${n}`),
  ].join('\n')
}

/** The same as one JSON object on one line. */
export function jsonOf({
  closed,
  open,
  traditional,
  baseline,
  trainSeconds,
  msPerMessage,
}: Measured): string {
  const { n, accuracy, macroF1, ece, coverageAt95, perLabel } = closed
  return JSON.stringify({
    n,
    accuracy,
    macroF1,
    ece,
    coverageAt95,
    trainSeconds,
    msPerMessage,
    labels: closed.labels,
    open: { labels: open.labels, ...figuresOf(open) },
    ...(traditional ? { traditional: figuresOf(traditional) } : {}),
    ...(baseline ? { baseline } : {}),
    perLabel,
  })
}

/** Who should know what of this model: its make, its figures, its limits. */
export function modelCardOf(make: [name: string, value: string][], { closed }: Measured, now: Date): string {
  const weakest = closed.perLabel.toSorted((a, b) => a.f1 - b.f1)[0]
  const { share, right } = closed.sure
  const lines: [string, string][] = [
    ...make,
    ['measured', `${now.toISOString().slice(0, 10)} on ${closed.n} messages: ${inShort(closed)}`],
    [
      'when it is sure',
      `${percent(share)} of the messages get 0.9 or more; ${percent(right)} of these are right`,
    ],
    ['weakest label', weakest ? `${weakest.label}, F1 ${fixed(weakest.f1)}` : 'none'],
    ['use', 'suggests a subject; a person files, and a low confidence becomes a question to the caller'],
    [
      'limits',
      'confidence holds for messages like those it was fitted on; dangers are found by rules and never by this classifier',
    ],
  ]
  return ['model card:', ...lines.map(([name, value]) => `  ${name.padEnd(16)} ${value}`)].join('\n')
}

function figuresOf({ accuracy, macroF1, ece, coverageAt95 }: Scores) {
  return { accuracy, macroF1, ece, coverageAt95 }
}

function inShort({ accuracy, macroF1, ece, coverageAt95 }: Scores): string {
  return `accuracy ${fixed(accuracy)}, macro-F1 ${fixed(macroF1)}, ECE ${fixed(ece)}, coverage ${fixed(coverageAt95)}`
}

function fixed(value: number): string {
  return value.toFixed(4)
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}
