import { HandClock } from './hand-clock.fixture.ts'

/** A clock on which every wait is over at once, and time has passed all the same. */
export class QuickClock extends HandClock {
  override async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    const asleep = super.sleep(ms, signal)
    await this.pass(ms)
    await asleep
  }
}
