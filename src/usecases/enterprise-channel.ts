/** Channel of all cases that systems of enterprises file; the user is the enterprise, by its credit code. */
export const ENTERPRISE_CHANNEL = 'enterprise'
