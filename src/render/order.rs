//! Work on several threads whose results arrive in order and do not pile up.

use std::any::Any;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError, mpsc};

/// How many threads work best here.
pub(crate) fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Which work is next, and how much of it was taken.
struct Queue {
    state: Mutex<(usize, usize)>,
    moved: Condvar,
    ahead: usize,
    count: usize,
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, (usize, usize)> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn start(&self) -> Option<usize> {
        let mut state = self.lock();
        while state.0 < self.count && state.0 >= state.1.saturating_add(self.ahead) {
            state = self.moved.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let n = state.0;
        state.0 = n.saturating_add(1);
        (n < self.count).then_some(n)
    }

    fn took(&self, taken: usize) {
        self.lock().1 = taken;
        self.moved.notify_all();
    }

    fn abandon(&self) {
        *self.lock() = (self.count, self.count);
        self.moved.notify_all();
    }
}

type Outcome<T> = Result<Option<T>, Box<dyn Any + Send>>;

/// Calls `work` for `0..count` on `jobs` threads and `take` with each result, in order, on
/// this thread. A `None` is left out; a panic of `work` goes on here.
///
/// No work starts more than `2 * jobs` places ahead of what was taken, so a slow first item
/// does not fill the memory with finished later ones.
pub(crate) fn in_order<T: Send>(
    jobs: usize,
    count: usize,
    work: &(dyn Fn(usize) -> Option<T> + Sync),
    take: &mut dyn FnMut(T),
) {
    let jobs = jobs.clamp(1, count.max(1));
    let state = Mutex::new((0, 0));
    let queue = Queue { state, moved: Condvar::new(), ahead: 2 * jobs, count };
    let (sender, receiver) = mpsc::channel::<(usize, Outcome<T>)>();
    std::thread::scope(|scope| {
        let mut started = 0;
        for _ in 0..jobs {
            let (sender, queue) = (sender.clone(), &queue);
            // Charts and schemas nest deeply: more than a thread's usual stack holds.
            let job = move || helm::with_stack(|| worker(&sender, queue, work));
            let thread = std::thread::Builder::new().spawn_scoped(scope, job);
            started += usize::from(thread.is_ok());
        }
        drop(sender);
        if started == 0 {
            // No thread to be had: then this one does it all.
            return (0..count).filter_map(work).for_each(take);
        }
        let mut early = BTreeMap::new();
        let mut expected = 0;
        for (n, result) in receiver {
            early.insert(n, result);
            while let Some(result) = early.remove(&expected) {
                expected += 1;
                match result {
                    Ok(result) => result.into_iter().for_each(&mut *take),
                    Err(panic) => {
                        queue.abandon();
                        resume_unwind(panic);
                    }
                }
                queue.took(expected);
            }
        }
    });
}

fn worker<T>(
    sender: &mpsc::Sender<(usize, Outcome<T>)>,
    queue: &Queue,
    work: &(dyn Fn(usize) -> Option<T> + Sync),
) {
    while let Some(n) = queue.start() {
        let result = catch_unwind(AssertUnwindSafe(|| work(n)));
        if sender.send((n, result)).is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::in_order;

    #[test]
    fn results_arrive_in_order_whatever_takes_longest() {
        for jobs in [1, 2, 7] {
            let mut seen = Vec::new();
            let work = |n: usize| {
                let pause = std::time::Duration::from_micros((50 - n as u64) * 20);
                std::thread::sleep(pause);
                (n % 10 != 3).then_some(n)
            };
            in_order(jobs, 50, &work, &mut |n| seen.push(n));
            let wanted: Vec<usize> = (0..50).filter(|n| n % 10 != 3).collect();
            assert_eq!(seen, wanted, "{jobs} jobs");
        }
    }

    #[test]
    fn a_panic_comes_through_and_nobody_waits_for_ever() {
        let run = || {
            let work = |n: usize| if n == 1 { panic!("at one") } else { Some(n) };
            in_order(2, 100, &work, &mut |_| {});
        };
        assert!(std::panic::catch_unwind(run).is_err());
    }
}
