#!/usr/bin/env python3
"""Reads the same labours with Ubugoe and with what one would pick instead, in one run.

    compare_reading.py PROGRAM SIGNALS [--labours 40] [--rounds 3]

PROGRAM is ubugoe-outcome; SIGNALS a Parquet file with record_id, fhr_q (quarter bpm) and uc_h
(half units), 4 Hz. Every reader gets the same text of the same labours, in turn, and the CPU
time of each is printed, an hour of strip, best of the rounds:

  ubugoe             all of it: baseline, events, contractions, variability, quality, levels
                     of three tables, every ten minutes; reading CSV and printing JSON included
  fhr-monitor-analyzer   windows of 30 min every 10 min, then every minute as it recommends;
                     its text parsed and its JSON made; no levels of Japan, no course of the
                     baseline, nothing streaming
  NumPy/SciPy        the baseline of Ubugoe alone, written again with arrays, of signals that
                     are already in memory; what it must agree with is checked

Other machines give other times; the ratios are what to look at.
"""

import argparse
import datetime
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow.parquet as parquet
from baseline_reference import baseline

RATE_HZ = 4


def main():
    arguments = parse_arguments()
    labours = read(arguments.signals, arguments.labours)
    hours = sum(len(rate) for _, rate, _ in labours) / RATE_HZ / 3600
    print(f"{len(labours)} labours, {hours:.1f} h of strip, best of {arguments.rounds} rounds")
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = write(Path(folder), labours)
        readers = {
            "ubugoe": lambda: run_ubugoe(arguments.program, ours),
            "NumPy/SciPy, baseline alone": lambda: run_reference(labours),
        }
        analyzer = find_analyzer()
        if analyzer:
            readers["fhr-monitor-analyzer"] = lambda: run_analyzer(analyzer, theirs, 600)
            readers["  every minute"] = lambda: run_analyzer(analyzer, theirs, 60)
        best = {name: float("inf") for name in readers}
        for _ in range(arguments.rounds):
            for name, reader in readers.items():
                best[name] = min(best[name], reader())
        check(arguments.program, ours, labours)
    for name, seconds in sorted(best.items(), key=lambda one: one[1]):
        ratio = seconds / best["ubugoe"]
        print(f"{name:28} {1e3 * seconds / hours:8.2f} ms an hour   {ratio:5.1f} x")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program", type=Path)
    parser.add_argument("signals", type=Path)
    parser.add_argument("--labours", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=3)
    return parser.parse_args()


def read(path, count):
    """Name, rate in bpm and activity in units of labours spread over the file."""
    table = parquet.read_table(path)
    every = max(1, table.num_rows // count)
    labours = []
    for row in range(0, table.num_rows, every)[:count]:
        rate = np.array(table["fhr_q"][row].as_py(), dtype=np.float64) / 4
        activity = np.array(table["uc_h"][row].as_py(), dtype=np.float64) / 2
        labours.append((table["record_id"][row].as_py(), rate, activity))
    return labours


def write(folder, labours):
    """The labours as CSV for either reader."""
    start = datetime.datetime(2026, 1, 1)
    ours, theirs = [], []
    for name, rate, activity in labours:
        path = folder / f"{name}.csv"
        lines = [f"{at / RATE_HZ},{r:g},{a:g}" for at, (r, a) in enumerate(zip(rate, activity))]
        path.write_text("t_s,fhr,ua\n" + "\n".join(lines) + "\n")
        ours.append(path)
        step = datetime.timedelta(seconds=1 / RATE_HZ)
        lines = [
            f"{(start + at * step).isoformat(timespec='milliseconds')}Z,{r:g},,,,{a:g}"
            for at, (r, a) in enumerate(zip(rate, activity))
        ]
        theirs.append("Date,HR1,HR2,HR3,HRM,TOCO\n" + "\n".join(lines) + "\n")
    return ours, theirs


def run_ubugoe(program, paths):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [program, "analyse", "--no-baseline", "--jobs", "1", *paths]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def find_analyzer():
    try:
        import fhr_monitor_analyzer
    except ImportError:
        print("fhr-monitor-analyzer is not installed and left out", file=sys.stderr)
        return None
    return fhr_monitor_analyzer


def run_analyzer(analyzer, texts, step_s):
    started = time.process_time()
    for text in texts:
        analyzer.analyze_csv(text, window_min=30, step_sec=step_s)
    return time.process_time() - started


def run_reference(labours):
    started = time.process_time()
    for _, rate, _ in labours:
        baseline(rate, [])
    return time.process_time() - started


def check(program, paths, labours):
    """How far the reference lies from the product, given the same events."""
    command = [program, "analyse", "--profile", "expert", "--jobs", "1", *paths]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found = {one["record"]: one for one in map(json.loads, done.stdout.splitlines())}
    distances = []
    for name, rate, _ in labours:
        one = found[name]
        spans = [tuple(rise[:2]) for rise in one["accelerations"]]
        spans += [(fall["start_s"], fall["end_s"]) for fall in one["decelerations"]]
        shown = np.array([np.nan if v is None else v for v in one["baseline_bpm"]], dtype=float)
        again = np.repeat(baseline(rate, spans), RATE_HZ)
        length = min(len(shown), len(again))
        away = np.abs(shown[:length] - again[:length])
        distances.append(away[np.isfinite(away)])
    away = np.concatenate(distances)
    print(
        "baseline of the reference against the product's, which never sees more than ten minutes "
        f"ahead: median {np.median(away):.2f} bpm, 90 % within {np.quantile(away, 0.9):.2f} bpm"
    )


if __name__ == "__main__":
    main()
