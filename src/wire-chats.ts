import { chatRoutes } from './adapters/http/chat-routes.ts'
import type { DeskRoutes } from './adapters/http/desk-scope.ts'
import type { Line } from './usecases/line.ts'
import { beThere, chatDeeds, listChats, readChat } from './usecases/read-chats.ts'
import { giveChatBack, leaveChat, takeChat, writeInChat } from './usecases/work-on-chats.ts'

/** The desk's interface to chats with its use cases bound. */
export function wireChats(line: Line): DeskRoutes {
  return chatRoutes({
    answers: line.store.answers,
    list: (account, locale) => listChats(line, account, locale),
    read: (account, id, after) => readChat(line, account, id, after),
    deeds: (account, id) => chatDeeds(line, account, id),
    beThere: account => beThere(line, account),
    take: (account, id, keep) => takeChat(line, account, id, keep),
    write: (account, id, text, keep) => writeInChat(line, account, id, text, keep),
    leave: (account, id, how, keep) => leaveChat(line, account, id, how, keep),
    giveBack: (account, id, keep) => giveChatBack(line, account, id, keep),
  })
}
