//! The reference server as a program.

use std::future::Future;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Parser;
use reference::{Api, Fault, Identity, serve, url};
use tokio::net::TcpListener;

/// Serves one of the shipped APIs from memory.
///
/// Kubernetes and OpenShift know three bearer tokens: `reference-token` may do everything, `reader-token` may read, and
/// `powerless-token` nothing.
#[derive(Debug, Parser)]
#[command(name = "reference", version)]
struct Arguments {
    /// Which API: `huawei-hss`, `stackrox`, `pi`, `kubernetes` or `openshift`.
    #[arg(long)]
    api: Option<Api>,
    /// Where to listen; port 0 is any free one.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// Break one thing; `list` names what can be broken.
    #[arg(long, value_name = "NAME")]
    fault: Option<String>,
    /// Listen over TLS, and write to this folder `ca.crt`, an authority of this run, and for Kubernetes and OpenShift
    /// `kubeconfig`, with the contexts `reference`, `reader` and `powerless`.
    #[arg(long, value_name = "DIR")]
    tls_dir: Option<PathBuf>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if arguments.fault.as_deref() == Some("list") {
        return list(arguments.api);
    }
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("reference: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// Names every fault with its API and what is wrong then.
fn list(api: Option<Api>) -> ExitCode {
    let mut text = String::new();
    for fault in Fault::all().iter().filter(|fault| api.is_none_or(|api| api == fault.api)) {
        text.push_str(&format!("{:<28} {:<11} {}\n", fault.name, fault.api.name(), fault.sentence));
    }
    // Whoever has seen enough closes the pipe.
    let _ = std::io::stdout().write_all(text.as_bytes());
    ExitCode::SUCCESS
}

fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let fault = match arguments.fault.as_deref() {
        Some(name) => Some(
            Fault::named(name)
                .with_context(|| format!("no fault {name:?}; --fault list names them"))?,
        ),
        None => None,
    };
    let api = match (arguments.api, fault) {
        (Some(api), Some(fault)) if api != fault.api => {
            anyhow::bail!("{} is a fault of {}, not of {api}", fault.name, fault.api)
        }
        (Some(api), _) => api,
        (None, Some(fault)) => fault.api,
        (None, None) => {
            anyhow::bail!("--api is missing: huawei-hss, stackrox, pi, kubernetes or openshift")
        }
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        // Waits begin before the server is ready, so that no signal after that is missed.
        let shutdown = signals()?;
        let listener = TcpListener::bind(arguments.listen)
            .await
            .with_context(|| format!("cannot listen on {}", arguments.listen))?;
        let address = listener.local_addr()?;
        let identity = match &arguments.tls_dir {
            Some(folder) => {
                let identity = Identity::new(address.ip())?;
                identity.publish(folder, api, address).context("--tls-dir")?;
                Some(identity)
            }
            None => None,
        };
        let url = if identity.is_some() { url(address) } else { format!("http://{address}") };
        println!("reference: {api} is ready on {url}");
        serve(api, fault, identity.as_ref(), listener, shutdown).await;
        Ok(())
    })
}

/// Ready once the process is asked to end.
#[cfg(unix)]
fn signals() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Ready once the process is asked to end.
#[cfg(not(unix))]
fn signals() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        // Where no signal can be waited for, nothing ends the server but its end.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
