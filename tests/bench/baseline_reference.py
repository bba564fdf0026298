"""The baseline of Ubugoe written again with arrays, over a whole record at once.

Follows `analytics/ctg/src/baseline.rs` and `signal.rs`; simpler at the edges: artefacts are
only rates out of range and single jumps, and a record is one window.
"""

import numpy as np
from scipy.ndimage import uniform_filter1d

RATE_HZ = 4
GRID_S = 4
LEAST = 1e-3
MOVEMENT_BPM_MIN = 13.3
UNREST_BPM = 14.6
# Seconds back and ahead, and the distance that counts a quarter, bpm: the course of five minutes.
PASSES = [(300, 25.0), (300, 18.0), (225, 14.0), (225, 11.0), (180, 9.0)]
WINDOW_S = 600
DISTANCE_BPM = 10.0
USABLE_MIN_S = 120


def baseline(rate, events):
    """Baseline each second, bpm; `events` are spans in seconds that do not count."""
    usable = (rate >= 50) & (rate <= 240)
    jumps = np.abs(np.diff(rate, prepend=rate[0])) > 25
    usable &= ~(jumps & np.roll(jumps, -1))
    if not usable.any():
        return np.full(len(rate) // RATE_HZ, np.nan)
    places = np.arange(len(rate))
    line = np.interp(places, places[usable], rate[usable])
    points = means(line, RATE_HZ * GRID_S)
    present = means(usable.astype(float), RATE_HZ * GRID_S)
    trust = judge(points, present)
    guess = first_guess(points, trust)
    for window_s, distance in PASSES:
        near = 1 / (1 + ((points - guess) / distance) ** 2)
        weights = trust * near**2 + LEAST**2
        window = window_s // GRID_S
        guess = mean(weighted(points, weights, window), window // 4)
    near = 1 / (1 + ((points - guess) / DISTANCE_BPM) ** 2)
    weights = np.where(covered(events, len(points)), 1e-4 * trust * near**2, trust * near + LEAST**2)
    half = WINDOW_S // 2 // GRID_S
    guess = mean(weighted(points, weights, half), half // 2)
    guess[mean(present, half) < USABLE_MIN_S / WINDOW_S] = np.nan
    seconds = np.arange(len(points) * GRID_S)
    return np.interp(seconds + 0.5, np.arange(len(points)) * GRID_S + GRID_S / 2, guess)


def means(values, width):
    whole = len(values) // width * width
    return values[:whole].reshape(-1, width).mean(axis=1)


def mean(values, half):
    """Running mean, `half` points to either side, fewer at the ends."""
    return weighted(values, np.ones_like(values), half)


def weighted(values, weights, half):
    size = 2 * half + 1
    above = uniform_filter1d(values * weights, size, mode="constant")
    return above / uniform_filter1d(weights, size, mode="constant")


def judge(points, present):
    smooth = mean(mean(points, 2), 2)
    movement = mean(np.abs(np.gradient(smooth)) * (60 / GRID_S), 4)
    unrest = mean((points - mean(points, 8)) ** 2, 8)
    trust = 1 / ((1 + movement / MOVEMENT_BPM_MIN) * (1 + unrest / UNREST_BPM**2)) ** 2
    return (trust + LEAST) * (present + LEAST)


def first_guess(points, trust):
    """The trusted median of a quarter of an hour back and ten minutes ahead, each minute."""
    step, back, ahead = 60 // GRID_S, 900 // GRID_S, 600 // GRID_S
    guess = np.empty_like(points)
    for at in range(0, len(points), step):
        window = slice(max(0, at - back), at + ahead + 1)
        order = np.argsort(points[window])
        below = np.cumsum(trust[window][order])
        middle = order[np.searchsorted(below, below[-1] / 2)]
        guess[at : at + step] = points[window][middle]
    return guess


def covered(events, points):
    inside = np.zeros(points, dtype=bool)
    for start, end in events:
        inside[int(start // GRID_S) : int(-(-end // GRID_S))] = True
    return inside
