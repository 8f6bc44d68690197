/** A reason not to go on that a person can act upon: one sentence saying what is wrong and what to do. Printed bare. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}
