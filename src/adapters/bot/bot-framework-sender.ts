import type { ChatSender, ContactStore } from '../../usecases/channel-ports.ts'
import type { ChatLine } from '../chat/chat-line.ts'
import { readAddress } from './bot-framework-activity.ts'
import { ChannelRefusal } from './channel-refusal.ts'
import type { CloudBot } from './cloud-bot.ts'
import { isOfService, type ServiceHosts } from './service-hosts.ts'
import { showOnChannel } from './show-on-channel.ts'

/** News by the conversation in which the person wrote last; what may work later throws, and the job tries again. */
export function createBotFrameworkSender(parts: {
  cloudBot: () => Promise<CloudBot>
  line: ChatLine
  services: ServiceHosts
  contacts: Pick<ContactStore, 'left'>
}): ChatSender {
  const { cloudBot, line, services, contacts } = parts
  return {
    async send({ address, conversationId }, said, locale) {
      const reference = readAddress(address)
      // The list may be another than when the person wrote.
      if (!isOfService(reference.serviceUrl, services)) return 'unreachable'
      const shown = showOnChannel(reference.channelId, { said: [...said], locale }, line)
      try {
        await (await cloudBot()).say(reference, shown)
        return 'sent'
      } catch (error) {
        if (!(error instanceof ChannelRefusal)) throw error
        if (error.isGone) await contacts.left(conversationId)
        return 'unreachable'
      }
    },
  }
}
