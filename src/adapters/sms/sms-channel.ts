import { SMS } from '../../usecases/sms-person.ts'
import type { ChatChannel } from '../chat/chat-line.ts'
import { type SmsUpOptions, smsUp } from './sms-up.ts'

/**
 * Short messages as a channel of the line. News of cases do not go out as they stand in the conversation: they say what it is about,
 * and others may see a message light up. So this way says that it reaches nobody, and the next one, the short text of the event, is
 * taken by the city's rules.
 */
export function createSmsChannel(options: SmsUpOptions): ChatChannel {
  return {
    name: SMS,
    sender: { send: async () => 'unreachable' },
    open: app => smsUp(app, options),
  }
}
