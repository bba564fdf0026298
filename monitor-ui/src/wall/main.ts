/** The wall: reads its address and its screen, and shows itself. */
import { mount } from 'svelte';
import '../theme/base.css';
import type { TransportChoice } from '../feed/index.ts';
import App from './app.svelte';
import type { Shelf } from './settings.ts';
import { WallState } from './wall_state.svelte.ts';

const CALM = window.matchMedia('(prefers-reduced-motion: reduce)');
const DARK = window.matchMedia('(prefers-color-scheme: dark)');

/** `?transport=webrtc` or `websocket` forces one; anything else is left to the feed. */
function transportOf(address: URL): TransportChoice {
  const forced = address.searchParams.get('transport');
  return forced === 'webrtc' || forced === 'websocket' ? forced : 'auto';
}

/** The browser's storage; a shelf that forgets where it is forbidden. */
function shelf(): Shelf {
  try {
    return window.localStorage;
  } catch {
    return { getItem: () => null, setItem: () => undefined };
  }
}

const target = document.getElementById('wall');
if (target === null) throw new Error('wall.html lost its place for the wall');
const address = new URL(window.location.href);
const wall = new WallState(
  {
    origin: address,
    transport: transportOf(address),
    shelf: shelf(),
    display: () => ({ width: window.screen.width, height: window.screen.height, ratio: window.devicePixelRatio }),
    screen: { height: window.innerHeight, theme: DARK.matches ? 'dark' : 'light' },
  },
  CALM,
);
mount(App, { target, props: { wall } });
void wall.begin();
