/** Frames over a WebSocket: the fallback that passes every proxy. */
import type { Connect } from './peer.ts';

/** Connects to the socket at `url`; the session's cookie goes along by itself. */
export function websocketPeer(url: URL): Connect {
  return (events) => {
    const socket = new WebSocket(url);
    let ended = false;
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      if (!ended) events.opened((frame) => socket.send(frame));
    };
    socket.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (!ended && data instanceof ArrayBuffer) events.frame(new Uint8Array(data));
    };
    socket.onclose = ({ code, reason }) => {
      if (ended) return;
      ended = true;
      events.failed(reason === '' ? `the socket closed with code ${code}` : reason);
    };
    return {
      close: () => {
        ended = true;
        socket.close();
      },
    };
  };
}
