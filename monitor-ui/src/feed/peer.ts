/** What a transport tells the feed, and what the feed may ask of it. */

/** Told by a transport; after `failed` nothing more comes. */
export interface PeerEvents {
  /** Frames can be sent and come now. */
  opened(send: (frame: Uint8Array<ArrayBuffer>) => void): void;
  /** One whole frame. */
  frame(bytes: Uint8Array): void;
  /** It could not be opened, or it ended. */
  failed(why: string): void;
}

/** A connection that was begun. */
export interface Peer {
  /** Ends it without a word to its events. */
  close(): void;
}

/** Begins a connection. */
export type Connect = (events: PeerEvents) => Peer;
