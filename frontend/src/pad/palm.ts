/** Which contacts are hands at rest, and no pen: decided here, from what a pointer event says. */

export interface Contact {
  /** As `PointerEvent.pointerType` says. */
  readonly kind: string;
  /** Of what touches the screen, in CSS px; 1 where a device cannot tell. */
  readonly width: number;
  readonly height: number;
  /** In milliseconds, on the clock of `Event.timeStamp`. */
  readonly at: number;
}

/** The longer side of a contact, in CSS px, from which on it is no fingertip (10 mm are about 40 to 60 px). */
const PALM_PX = 70;

/** For so long after a pen was last seen, near the screen or on it, hands only rest there. */
const PEN_STAYS_MS = 5_000;

/** A hand that leans on the screen comes so shortly before the pen it holds. */
const JUST_BEFORE_MS = 500;

/** Tell whether a contact is no pen: a touch that is too broad, or beside a pen. */
export function isPalm(contact: Contact, penSeenAt: number | undefined): boolean {
  if (contact.kind !== "touch") return false;
  return isBroad(contact) || (penSeenAt !== undefined && contact.at - penSeenAt < PEN_STAYS_MS);
}

/** Tell whether a touch has turned out to be a palm: palms are put down edge first, and then grow. */
export function hasBecomePalm(contact: Contact, begunAt: number): boolean {
  return contact.kind === "touch" && isBroad(contact) && isFresh(begunAt, contact.at);
}

/** Tell whether a touch was begun so shortly before that it can still be said to be a mistake. */
export function isFresh(begunAt: number, now: number): boolean {
  return now - begunAt < JUST_BEFORE_MS;
}

function isBroad({ width, height }: Contact): boolean {
  return Math.max(width, height) >= PALM_PX;
}
