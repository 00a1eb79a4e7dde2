const MODULUS = 2147483647;
const MULTIPLIER = 48271;

/** A source of random numbers that has the same sequence for the same seed. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = (seed * 16807) % MODULUS;
  }

  /** Returns a number between 0 and 1: https://en.wikipedia.org/wiki/Lehmer_random_number_generator */
  next(): number {
    this.state = (this.state * MULTIPLIER) % MODULUS;
    return this.state / MODULUS;
  }

  /** Returns the number of events in an interval in which `mean` events are expected (Poisson). */
  events(mean: number): number {
    if (mean > 50) {
      return Math.max(0, Math.round(mean + Math.sqrt(mean) * this.normal()));
    }
    const limit = Math.exp(-mean);
    let count = 0;
    for (let product = this.next(); product > limit; product *= this.next()) {
      count++;
    }
    return count;
  }

  private normal(): number {
    return Math.sqrt(-2 * Math.log(this.next())) * Math.cos(2 * Math.PI * this.next());
  }
}
