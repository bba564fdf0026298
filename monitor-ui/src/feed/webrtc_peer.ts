/**
 * Frames over a WebRTC data channel: no head-of-line wait behind a lost packet of another wall.
 *
 * Signalling is one request: the whole offer there, the whole answer back.
 */
import type { Connect, PeerEvents } from './peer.ts';

/** Label of the channel that carries frames both ways. */
const CHANNEL_LABEL = 'feed';
/** The offer is sent with the candidates found in so many milliseconds. */
const GATHERING_MILLIS_MAX = 1_000;

/** Connects by an offer posted to `url`; the session's cookie goes along by itself. */
export function webrtcPeer(url: URL): Connect {
  return (events) => {
    const aborter = new AbortController();
    let peer: RTCPeerConnection | undefined;
    let ended = false;
    const guarded: PeerEvents = {
      opened: (send) => {
        if (!ended) events.opened(send);
      },
      frame: (bytes) => {
        if (!ended) events.frame(bytes);
      },
      failed: (why) => {
        if (ended) return;
        ended = true;
        events.failed(why);
      },
    };
    const close = () => {
      ended = true;
      aborter.abort();
      peer?.close();
    };
    // A browser without WebRTC, or one where it is forbidden, throws here.
    try {
      peer = new RTCPeerConnection();
    } catch (error) {
      queueMicrotask(() => guarded.failed(String(error)));
      return { close };
    }
    listen(peer, guarded);
    negotiate(peer, url, aborter.signal).catch((error: unknown) => guarded.failed(String(error)));
    return { close };
  };
}

function listen(peer: RTCPeerConnection, events: PeerEvents): void {
  const channel = peer.createDataChannel(CHANNEL_LABEL, { ordered: true });
  channel.binaryType = 'arraybuffer';
  channel.onopen = () => events.opened((frame) => channel.send(frame));
  channel.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (data instanceof ArrayBuffer) events.frame(new Uint8Array(data));
  };
  channel.onclose = () => events.failed('the data channel closed');
  peer.onconnectionstatechange = () => {
    if (peer.connectionState === 'failed') events.failed('no path to the region was found');
  };
}

async function negotiate(peer: RTCPeerConnection, url: URL, signal: AbortSignal): Promise<void> {
  await peer.setLocalDescription(await peer.createOffer());
  await gathered(peer);
  if (signal.aborted) return;
  const offer = peer.localDescription;
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ type: 'offer', sdp: offer?.sdp }),
    signal,
  });
  if (!response.ok) throw new Error(`the region answered the offer with ${response.status}`);
  await peer.setRemoteDescription(answerOf(await response.json()));
}

/** Waits until all candidates are found, or for as long as is worth waiting. */
function gathered(peer: RTCPeerConnection): Promise<void> {
  if (peer.iceGatheringState === 'complete') return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, GATHERING_MILLIS_MAX);
    peer.onicegatheringstatechange = () => {
      if (peer.iceGatheringState !== 'complete') return;
      clearTimeout(timer);
      resolve();
    };
  });
}

function answerOf(body: unknown): RTCSessionDescriptionInit {
  const isAnswer =
    typeof body === 'object' &&
    body !== null &&
    'type' in body &&
    body.type === 'answer' &&
    'sdp' in body &&
    typeof body.sdp === 'string';
  if (!isAnswer) throw new Error('the region sent something that is no answer');
  return { type: 'answer', sdp: body.sdp as string };
}
