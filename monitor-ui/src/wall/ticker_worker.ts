/** The worker's side of the ticker: a message every so many milliseconds, for ever. */
self.onmessage = ({ data }: MessageEvent<number>) => {
  setInterval(() => self.postMessage(0), data);
};
