/** Keys that the code utters by name. */
export const CODE_KEYS = [
  'error.internal',
  'file-matter.about',
  'file-matter.split-item',
  'file-matter.confirm-item',
  'file-matter.confirm-item-unsure',
  'file-matter.confirm-item-joined',
]

/** Groups by their first part. */
export const CODE_GROUPS = [
  'assist',
  'card',
  'reason',
  'due',
  'notify',
  'open311',
  'registration',
  'enterprise',
  'list',
  'guide',
  'booking',
  'hall',
  'service',
  'limit',
  'slip',
  'notices',
  'refusal',
  'evaluation',
  'overview',
  'chat',
  'take-over',
  'steward',
  'apply',
  'application',
  'authority',
  'certificate',
]
