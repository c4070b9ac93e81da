/** Which cases an evaluation is about. */
export interface ScoreScope {
  /** Local dates, inclusive. */
  from: string
  to: string
  /** The day that puts a case into the period: that of its filing, or of its end. */
  by: 'filed' | 'concluded'
  department?: string
  /** A subject and what is below it. */
  subject?: string
  street?: string
  channel?: string
  type?: string
}
