/** Who looks at the wall: the region's login, told in a few plain outcomes. */

/** A person who is logged in. */
export interface Viewer {
  readonly name: string;
  readonly role: string;
}

/** The roles whose holders the region lets judge a strip. */
const JUDGING_ROLES: readonly string[] = ['doctor', 'midwife', 'obstetrician'];

/** Whether a person is offered to judge; the region decides again. */
export function mayJudge({ role }: Viewer): boolean {
  return JUDGING_ROLES.includes(role);
}

/** What became of a login. */
export type LoginOutcome =
  | { readonly kind: 'in' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'wait'; readonly seconds: number }
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'odd'; readonly status: number };

/** Who is logged in; the region alone can say so, its cookie is not readable here. */
export type Who =
  | { readonly kind: 'viewer'; readonly viewer: Viewer }
  | { readonly kind: 'nobody' }
  | { readonly kind: 'unreachable' };

/** How long a request may take before the region counts as unreachable. */
const ANSWER_MILLIS_MAX = 8_000;
/** The wait that is shown where the region does not name one. */
const WAIT_SECONDS_DEFAULT = 30;

/** Asks who is logged in. */
export async function who(): Promise<Who> {
  try {
    const response = await ask('GET', '/api/me');
    if (response.status === 401) return { kind: 'nobody' };
    if (!response.ok) return { kind: 'unreachable' };
    const viewer = viewerOf(await response.json());
    return viewer === undefined ? { kind: 'unreachable' } : { kind: 'viewer', viewer };
  } catch {
    return { kind: 'unreachable' };
  }
}

/** Logs in; the region answers with a cookie that scripts cannot read. */
export async function logIn(name: string, password: string): Promise<LoginOutcome> {
  try {
    const response = await ask('POST', '/api/login', { name, password });
    if (response.ok) return { kind: 'in' };
    if (response.status === 401) return { kind: 'refused' };
    if (response.status === 429) return { kind: 'wait', seconds: waitSeconds(response) };
    return { kind: 'odd', status: response.status };
  } catch {
    return { kind: 'unreachable' };
  }
}

/** Logs out; where the region cannot be reached the session there ends by its own age. */
export async function logOut(): Promise<'out' | 'unreachable'> {
  try {
    const response = await ask('POST', '/api/logout');
    return response.ok || response.status === 401 ? 'out' : 'unreachable';
  } catch {
    return 'unreachable';
  }
}

function ask(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Response> {
  const signal = AbortSignal.timeout(ANSWER_MILLIS_MAX);
  const init: RequestInit = { method, signal, cache: 'no-store' };
  if (body === undefined) return fetch(path, init);
  const headers = { 'content-type': 'application/json' };
  return fetch(path, { ...init, headers, body: JSON.stringify(body) });
}

function waitSeconds(response: Response): number {
  const seconds = Number(response.headers.get('retry-after') ?? NaN);
  return Number.isFinite(seconds) && seconds > 0 ? Math.ceil(seconds) : WAIT_SECONDS_DEFAULT;
}

function viewerOf(body: unknown): Viewer | undefined {
  if (typeof body !== 'object' || body === null || !('name' in body)) return undefined;
  const role = 'role' in body && typeof body.role === 'string' ? body.role : '';
  return typeof body.name === 'string' ? { name: body.name, role } : undefined;
}
