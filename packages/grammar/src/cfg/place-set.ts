import type { Place } from "./network-tables.ts";

/** A set of places that is used again and again: emptied in O(1). */
export class PlaceSet {
  /** By place: the round in which it was added last. */
  readonly #rounds: Uint32Array;
  readonly #places: Place[] = [];
  #round = 1;

  constructor(placeCount: number) {
    this.#rounds = new Uint32Array(placeCount);
  }

  clear(): void {
    this.#places.length = 0;
    this.#round++;
    if (this.#round < 0xffff_ffff) return;
    this.#rounds.fill(0);
    this.#round = 1;
  }

  add(place: Place): void {
    if (this.#rounds[place] === this.#round) return;
    this.#rounds[place] = this.#round;
    this.#places.push(place);
  }

  /** The same array each time; valid until the set changes. Mostly a handful of places, in order but for one or two. */
  ascending(): readonly Place[] {
    const places = this.#places;
    for (let i = 1; i < places.length; i++) {
      if (i > 32) {
        places.sort((a, b) => a - b);
        break;
      }
      const place = places[i];
      let at = i;
      for (; at > 0 && places[at - 1] > place; at--) places[at] = places[at - 1];
      places[at] = place;
    }
    return places;
  }
}
