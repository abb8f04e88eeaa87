//! Exec objects: names, states, eviction.

use futures_util::future::join_all;
use reference::{
    exec::{ExecRegistry, Phase, RegistryFull, ResizeError, StartError, Streams},
    process::ExitCode,
    tty::WindowSize,
};

use crate::tools::{PIPES, TERMINAL, config, next, registry, rest};

const SIZE: WindowSize = WindowSize { rows: 11, columns: 37 };

#[tokio::test(start_paused = true)]
async fn an_object_is_created_started_and_finished() {
    let registry = ExecRegistry::default();
    let config = config(&["sh", "-c", "exit 3"], PIPES);
    let id = registry.create(config.clone()).unwrap();
    let inspection = registry.inspect(id.as_str()).unwrap();
    assert_eq!((inspection.config, inspection.phase), (config, Phase::Created));
    let session = registry.start(id.as_str()).unwrap();
    assert_eq!(registry.inspect(id.as_str()).unwrap().phase, Phase::Running);
    let said = rest(session.output).await;
    assert_eq!(said.code, Some(ExitCode::new(3)));
    // Known as soon as the output has ended.
    assert_eq!(registry.inspect(id.as_str()).unwrap().phase, Phase::Finished(ExitCode::new(3)));
}

#[tokio::test(start_paused = true)]
async fn nothing_runs_twice() {
    let registry = ExecRegistry::default();
    let id = registry.create(config(&["echo"], PIPES)).unwrap();
    let session = registry.start(id.as_str()).unwrap();
    assert_eq!(registry.start(id.as_str()).unwrap_err(), StartError::AlreadyStarted);
    rest(session.output).await;
    assert_eq!(registry.start(id.as_str()).unwrap_err(), StartError::AlreadyStarted);
}

#[tokio::test(start_paused = true)]
async fn what_does_not_exist_is_refused() {
    let registry = ExecRegistry::default();
    assert_eq!(registry.start("exec-abcdefghij").unwrap_err(), StartError::Unknown);
    assert_eq!(registry.resize("exec-abcdefghij", SIZE), Err(ResizeError::Unknown));
    assert_eq!(registry.inspect("exec-abcdefghij"), None);
}

#[tokio::test(start_paused = true)]
async fn a_start_may_choose_other_streams() {
    let registry = ExecRegistry::default();
    let id = registry.create(config(&["echo", "x"], TERMINAL)).unwrap();
    let streams = Streams { stderr: false, ..PIPES };
    let session = registry.start_as(id.as_str(), streams).unwrap();
    assert_eq!(rest(session.output).await.stdout, b"x\n");
    assert_eq!(registry.inspect(id.as_str()).unwrap().config.streams, streams);
}

#[tokio::test(start_paused = true)]
async fn only_a_running_terminal_can_be_resized() {
    let registry = ExecRegistry::default();
    let piped = registry.create(config(&["cat"], PIPES)).unwrap();
    let terminal = registry.create(config(&["true"], TERMINAL)).unwrap();
    assert_eq!(registry.resize(terminal.as_str(), SIZE), Err(ResizeError::NotRunning));
    let _running = registry.start(piped.as_str()).unwrap();
    assert_eq!(registry.resize(piped.as_str(), SIZE), Err(ResizeError::NoTerminal));
    let session = registry.start(terminal.as_str()).unwrap();
    assert_eq!(registry.resize(terminal.as_str(), SIZE), Ok(()));
    rest(session.output).await;
    assert_eq!(registry.resize(terminal.as_str(), SIZE), Err(ResizeError::NotRunning));
}

#[tokio::test(start_paused = true)]
async fn the_oldest_that_ended_makes_room_then_the_oldest_that_never_began() {
    let registry = registry(3);
    let waiting = registry.create(config(&["cat"], PIPES)).unwrap();
    let running = registry.create(config(&["cat"], PIPES)).unwrap();
    let ended = registry.create(config(&["true"], PIPES)).unwrap();
    let session = registry.start(running.as_str()).unwrap();
    rest(registry.start(ended.as_str()).unwrap().output).await;
    let exists = |id: &reference::exec::ExecId| registry.inspect(id.as_str()).is_some();

    let second = registry.create(config(&["cat"], PIPES)).unwrap();
    assert!(!exists(&ended) && exists(&waiting) && exists(&running));
    let third = registry.create(config(&["cat"], PIPES)).unwrap();
    assert!(!exists(&waiting) && exists(&running) && exists(&second) && exists(&third));

    let others =
        [registry.start(second.as_str()).unwrap(), registry.start(third.as_str()).unwrap()];
    assert_eq!(registry.create(config(&["cat"], PIPES)), Err(RegistryFull(3)));
    assert!(exists(&running));
    drop((session, others));
    tokio::task::yield_now().await;
    assert!(registry.create(config(&["cat"], PIPES)).is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_running_process_can_be_killed_from_elsewhere() {
    let registry = ExecRegistry::default();
    for streams in [PIPES, TERMINAL] {
        let id = registry.create(config(&["sh", "-c", "echo x; sleep 50"], streams)).unwrap();
        registry.kill(id.as_str());
        let mut session = registry.start(id.as_str()).unwrap();
        assert!(next(&mut session.output).await.is_some());
        registry.kill(id.as_str());
        assert_eq!(next(&mut session.output).await, None);
        assert_eq!(session.output.exit_code(), Some(ExitCode::KILLED));
        assert_eq!(registry.inspect(id.as_str()).unwrap().phase, Phase::Finished(ExitCode::KILLED));
        registry.kill(id.as_str());
    }
    registry.kill("exec-abcdefghij");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_starts_at_once_one_wins() {
    let registry = ExecRegistry::default();
    for _ in 0..50 {
        let id = registry.create(config(&["echo", "x"], PIPES)).unwrap();
        let starts = (0..4).map(|_| {
            let (registry, id) = (registry.clone(), id.clone());
            tokio::spawn(async move {
                let Ok(session) = registry.start(id.as_str()) else { return 0 };
                assert_eq!(rest(session.output).await.stdout, b"x\n");
                1
            })
        });
        let winners: u32 = join_all(starts).await.into_iter().map(Result::unwrap).sum();
        assert_eq!(winners, 1);
        assert_eq!(
            registry.inspect(id.as_str()).unwrap().phase,
            Phase::Finished(ExitCode::SUCCESS)
        );
    }
}

#[test]
fn a_runtime_that_is_gone_leaves_no_process_and_no_lock() {
    let registry = ExecRegistry::default();
    let id = registry.create(config(&["sleep", "50"], PIPES)).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let session = runtime.block_on(async { registry.start(id.as_str()) }).unwrap();
    let handle = runtime.handle().clone();
    drop(runtime);
    assert_eq!(registry.inspect(id.as_str()).unwrap().phase, Phase::Finished(ExitCode::KILLED));
    let late = registry.create(config(&["sleep", "50"], PIPES)).unwrap();
    let _entered = handle.enter();
    let late_session = registry.start(late.as_str()).unwrap();
    assert_eq!(registry.inspect(late.as_str()).unwrap().phase, Phase::Finished(ExitCode::KILLED));
    drop((session, late_session));
}
