import {
  type Activity,
  ActivityTypes,
  BotAdapter,
  type ConversationReference,
  type ResourceResponse,
  TurnContext,
} from 'botbuilder-core'

/** Takes what a turn says on to the channel that the turn came in by. Returns one id per activity. */
export type Hand = (activities: Partial<Activity>[]) => Promise<ResourceResponse[]>

const HAND = Symbol('hand')
const MAX_DELAY_MS = 5000

/**
 * The Bot Framework's adapter for every channel of our own: it runs the middleware and hands replies to the channel
 * of the turn. The transcript is written before, by the turn itself, so nothing is lost when a channel is away.
 */
export class YihaoBotAdapter extends BotAdapter {
  /** Runs one turn. Errors of the turn come out as they are: the channel's edge answers them. */
  async processActivity(
    activity: Partial<Activity>,
    hand: Hand,
    turn: (context: TurnContext) => Promise<void>,
  ): Promise<void> {
    const context = new TurnContext(this, activity)
    context.turnState.set(HAND, hand)
    await this.runMiddleware(context, turn)
  }

  override async sendActivities(
    context: TurnContext,
    activities: Partial<Activity>[],
  ): Promise<ResourceResponse[]> {
    const hand: Hand | undefined = context.turnState.get(HAND)
    const responses: ResourceResponse[] = []
    for (const activity of activities) {
      responses.push(await this.#sendOne(context, activity, hand))
    }
    return responses
  }

  async #sendOne(
    context: TurnContext,
    activity: Partial<Activity>,
    hand: Hand | undefined,
  ): Promise<ResourceResponse> {
    switch (activity.type) {
      case 'delay': {
        const wanted = typeof activity.value === 'number' ? activity.value : 1000
        await new Promise(resolve => setTimeout(resolve, Math.min(wanted, MAX_DELAY_MS)))
        return { id: '' }
      }
      case ActivityTypes.Trace:
        return { id: '' }
      case ActivityTypes.InvokeResponse:
        context.turnState.set(INVOKE_RESPONSE, activity.value)
        return { id: '' }
      default: {
        const [response] = (await hand?.([activity])) ?? []
        return response ?? { id: activity.id ?? '' }
      }
    }
  }

  /** What was said stays said: the transcript is only ever appended. */
  override async updateActivity(): Promise<void> {
    throw new Error('activities of the line are never changed')
  }

  override async deleteActivity(): Promise<void> {
    throw new Error('activities of the line are never deleted')
  }

  /** A turn that the line begins itself, e.g. to tell of progress. The turn's own hand decides where it goes. */
  override async continueConversation(
    reference: Partial<ConversationReference>,
    logic: (context: TurnContext) => Promise<void>,
    hand: Hand = async activities => activities.map(({ id }) => ({ id: id ?? '' })),
  ): Promise<void> {
    const event = { type: ActivityTypes.Event, name: 'continueConversation' }
    await this.processActivity(TurnContext.applyConversationReference(event, reference, true), hand, logic)
  }
}

/** Where an `invokeResponse` of a turn is kept in its turn state. */
export const INVOKE_RESPONSE = Symbol('invokeResponse')
