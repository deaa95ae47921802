import { messagesDue, messagesPlan, messagesPreview, messagesStatus, type MessagesDue, type PreviewInput } from './notify.ts'
import type { MessagePreview, MessagesPlanResult, MessagesSendResult, MessagesStatusResult } from './notify-results.ts'
import { messagesSend, type SendInput } from './notify-send.ts'
import type { ProjectAddress } from './project-scene.ts'
import type { World } from './world.ts'

/** Messages to the customer and to users of a project. */
export type MessageOperations = {
  /** What goes when to how many, and what was sent. Opens no socket; nor do `due`, `preview` and `status`. */
  plan(address: ProjectAddress): Promise<MessagesPlanResult>
  due(address: ProjectAddress): Promise<MessagesDue>
  preview(input: PreviewInput): Promise<MessagePreview>
  status(address: ProjectAddress): Promise<MessagesStatusResult>
  /** Shows, asks, and sends. */
  send(input: SendInput): Promise<MessagesSendResult>
}

export function messageOperations(world: World): MessageOperations {
  return {
    plan: (address) => messagesPlan(world, address),
    due: (address) => messagesDue(world, address),
    preview: (input) => messagesPreview(world, input),
    status: (address) => messagesStatus(world, address),
    send: (input) => messagesSend(world, input),
  }
}
