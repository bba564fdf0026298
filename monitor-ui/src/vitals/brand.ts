/**
 * A number or text that remembers what it means.
 *
 * The brand exists for the compiler only: a bridge's time cannot be handed to a function that
 * wants the region's, and nothing is paid for that at run time.
 */
declare const meaning: unique symbol;

/** `Base` with the meaning `Name`; made only by the functions of this room that check it. */
export type Brand<Base, Name extends string> = Base & { readonly [meaning]: Name };
