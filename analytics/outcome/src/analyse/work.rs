//! Recordings handed to workers, and their results put back in order.
//!
//! Analysing comes before decoding, and decoding before opening: a worker reads more only when
//! nothing that is read waits. So each worker holds one recording or decodes one handful, and
//! memory does not grow with the number of files.

use std::collections::{BTreeMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use super::failure::Failure;
use super::files::Input;
use super::opening::{self, Batch, Opened, Read};
use super::strip::{SecondChannel, Strip};

/// What one recording came to.
#[derive(Debug)]
pub(crate) enum Done<R> {
    /// The result of each of its strips.
    Analysed(Vec<R>),
    /// It could not be read.
    Failed(Failure),
    /// A file beside the recordings that is left out.
    LeftOut(Failure),
}

/// Whether there is still somebody who wants results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// Go on.
    Yes,
    /// Stop as soon as possible.
    No,
}

/// Reads and analyses everything in `inputs` with so many workers.
///
/// Each worker has a state of its own, which `analyse` may use from strip to strip. `deliver`
/// gets what came of each recording, in the order of the inputs and of each file, and how many
/// recordings are known of so far.
pub(crate) fn run<S: Default, R: Send>(
    inputs: &[Input],
    second: SecondChannel,
    workers: usize,
    analyse: impl Fn(&mut S, Strip) -> R + Sync,
    deliver: impl FnMut(Done<R>, usize) -> Wanted + Send,
) {
    let crew = Crew {
        inputs,
        second,
        queue: Mutex::new(Queue::default()),
        changed: Condvar::new(),
        results: Mutex::new(Results::new(inputs.len(), deliver)),
    };
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| crew.work(&analyse));
        }
    });
}

/// The place of a recording: its input, and its place there.
type Place = (usize, usize);

struct Crew<'a, R, D> {
    inputs: &'a [Input],
    second: SecondChannel,
    queue: Mutex<Queue>,
    changed: Condvar,
    results: Mutex<Results<R, D>>,
}

/// What is to be done.
#[derive(Default)]
struct Queue {
    read: VecDeque<(Place, Read)>,
    batches: VecDeque<(usize, Batch)>,
    /// Inputs opened so far.
    opened: usize,
    /// Workers that may yet bring more.
    reading: usize,
    has_stopped: bool,
}

enum Task {
    Analyse(Place, Read),
    Decode(usize, Batch),
    Open(usize),
}

impl<R: Send, D: FnMut(Done<R>, usize) -> Wanted + Send> Crew<'_, R, D> {
    fn work<S: Default>(&self, analyse: &impl Fn(&mut S, Strip) -> R) {
        let mut state = S::default();
        while let Some(task) = self.next_task() {
            match task {
                Task::Analyse(place, Ok(strips)) => {
                    self.finish(place, analysed(strips, analyse, &mut state));
                }
                Task::Analyse(place, Err(failure)) => self.finish(place, Done::Failed(failure)),
                Task::Decode(input, batch) => {
                    let _reading = Reading(self);
                    let (read, rest) = batch.read();
                    let mut queue = locked(&self.queue);
                    queue.read.extend(read.into_iter().map(|(at, read)| ((input, at), read)));
                    if let Some(rest) = rest {
                        queue.batches.push_front((input, rest));
                    }
                }
                Task::Open(input) => {
                    let _reading = Reading(self);
                    self.open(input);
                }
            }
        }
    }

    fn open(&self, input: usize) {
        let opened = opening::open(&self.inputs[input], self.second)
            .unwrap_or_else(|failure| Opened { read: vec![Err(failure)], ..Opened::default() });
        let Opened { read, batches, left_out } = opened;
        let of_batches = batches.last().map_or(0, |batch| batch.places.end);
        debug_assert!(read.is_empty() || batches.is_empty(), "places would be given twice");
        let recordings = read.len().max(of_batches);
        let total = recordings + left_out.len();
        locked(&self.results).expect(input, total);
        let places = recordings..;
        for (at, failure) in places.zip(left_out) {
            self.finish((input, at), Done::LeftOut(failure));
        }
        // An input without recordings may be all that the next one waits for.
        self.deliver();
        let mut queue = locked(&self.queue);
        let read = read.into_iter().enumerate().map(|(at, read)| ((input, at), read));
        queue.read.extend(read);
        queue.batches.extend(batches.into_iter().map(|batch| (input, batch)));
    }

    /// Waits for something to do; `None` when all is done.
    fn next_task(&self) -> Option<Task> {
        let mut queue = locked(&self.queue);
        loop {
            if queue.has_stopped {
                return None;
            }
            if let Some((place, read)) = queue.read.pop_front() {
                return Some(Task::Analyse(place, read));
            }
            let task = match queue.batches.pop_front() {
                Some((input, batch)) => Some(Task::Decode(input, batch)),
                None if queue.opened < self.inputs.len() => {
                    queue.opened += 1;
                    Some(Task::Open(queue.opened - 1))
                }
                None => None,
            };
            if task.is_some() {
                queue.reading += 1;
                return task;
            }
            if queue.reading == 0 {
                return None;
            }
            queue = self.changed.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn finish(&self, place: Place, done: Done<R>) {
        locked(&self.results).finished.insert(place, done);
        self.deliver();
    }

    fn deliver(&self) {
        if locked(&self.results).deliver() == Wanted::No {
            locked(&self.queue).has_stopped = true;
            self.changed.notify_all();
        }
    }
}

/// Analyses the strips of one recording. A defect that one of them uncovers costs the others
/// nothing: it is named like a damaged file, and the state it left behind is dropped.
fn analysed<S: Default, R>(
    strips: Vec<Strip>,
    analyse: &impl Fn(&mut S, Strip) -> R,
    state: &mut S,
) -> Done<R> {
    let mut results = Vec::with_capacity(strips.len());
    for strip in strips {
        let (file, name) = (Arc::clone(&strip.file), strip.label.clone());
        match catch_unwind(AssertUnwindSafe(|| analyse(state, strip))) {
            Ok(result) => results.push(result),
            Err(_) => {
                *state = S::default();
                let reason = format!(
                    "holds {name}, at which the analysis broke off: a defect of this program, \
                     please report it"
                );
                return Done::Failed(Failure::of_file(&file, &reason));
            }
        }
    }
    Done::Analysed(results)
}

/// Counts a worker as reading until it is dropped, also by a panic: the others would wait for
/// it for ever.
struct Reading<'c, 'a, R, D>(&'c Crew<'a, R, D>);

impl<R, D> Drop for Reading<'_, '_, R, D> {
    fn drop(&mut self) {
        locked(&self.0.queue).reading -= 1;
        self.0.changed.notify_all();
    }
}

/// Results that wait for those before them.
struct Results<R, D> {
    finished: BTreeMap<Place, Done<R>>,
    /// How many results each input has, where that is known.
    totals: Vec<Option<usize>>,
    /// The place whose result is delivered next.
    next: Place,
    deliver: D,
}

impl<R, D: FnMut(Done<R>, usize) -> Wanted> Results<R, D> {
    fn new(inputs: usize, deliver: D) -> Self {
        Self { finished: BTreeMap::new(), totals: vec![None; inputs], next: (0, 0), deliver }
    }

    fn expect(&mut self, input: usize, total: usize) {
        self.totals[input] = Some(total);
    }

    fn deliver(&mut self) -> Wanted {
        loop {
            let (input, at) = self.next;
            if self.totals.get(input) == Some(&Some(at)) {
                self.next = (input + 1, 0);
                continue;
            }
            let Some(done) = self.finished.remove(&self.next) else { return Wanted::Yes };
            self.next.1 += 1;
            let known = self.totals.iter().flatten().sum();
            if (self.deliver)(done, known) == Wanted::No {
                return Wanted::No;
            }
        }
    }
}

/// A worker that panicked takes the whole run down when all are joined; until then its data
/// are whole, because nothing under these locks can panic half-way.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::analyse::files::inputs;

    #[test]
    fn a_defect_at_one_strip_is_named_and_the_others_are_done() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a", "b", "c"] {
            fs::write(folder.path().join(format!("{name}.csv")), "fhr\n140\n").unwrap();
        }
        let inputs = inputs(folder.path()).unwrap();
        let analyse = |count: &mut u32, strip: Strip| {
            *count += 1;
            assert_ne!(strip.name, "b", "a defect");
            (strip.name, *count)
        };
        let (mut names, mut failures) = (Vec::new(), Vec::new());
        let deliver = |done, _| {
            match done {
                Done::Analysed(results) => names.extend(results),
                Done::Failed(failure) | Done::LeftOut(failure) => {
                    failures.push(failure.to_string());
                }
            }
            Wanted::Yes
        };
        run(&inputs, SecondChannel::SameFetus, 1, analyse, deliver);
        assert_eq!(names, [("a".to_owned(), 1), ("c".to_owned(), 1)]);
        assert_eq!(failures.len(), 1);
        assert!(
            failures[0].contains("b.csv\" holds record \"b\", at which the analysis broke off")
        );
    }

    #[test]
    fn a_run_that_nobody_wants_any_more_ends() {
        let folder = tempfile::tempdir().unwrap();
        for name in 0..50 {
            fs::write(folder.path().join(format!("{name:02}.csv")), "fhr\n140\n").unwrap();
        }
        let inputs = inputs(folder.path()).unwrap();
        let mut delivered = 0;
        let deliver = |_, _| {
            delivered += 1;
            if delivered < 5 { Wanted::Yes } else { Wanted::No }
        };
        run(&inputs, SecondChannel::SameFetus, 3, |(), strip| strip.name, deliver);
        assert!((5..=8).contains(&delivered), "{delivered}");
    }
}
